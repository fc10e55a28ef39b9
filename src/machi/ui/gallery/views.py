"""The gallery: components, and pages made of them. Sample data only; nothing is kept."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation

from machi.ground.languages import BY_CODE, pick
from machi.ui.middleware import remember_language

HERE = Path(__file__).parent
COMPONENTS = HERE.parent / "templates" / "ui"
PAGES = ("home", "procedure", "receipt", "case", "queue", "alert")
SWATCHES = (
    *("ink", "ink-soft", "line", "wash"),
    *("accent", "accent-deep", "accent-tint", "accent-wash"),
    *("danger", "warning", "success"),
)
_ABOUT = re.compile(r"{% comment %}\n(.*?)\n{% endcomment %}", re.DOTALL)
# Shown by what they carry.
_FRAMES = {"base", "portal", "desk", "attrs", "field", "field_group", "choice_line"}


def components(request):
    """Every component, with its arguments."""
    context = {
        "about": abouts(),
        "drawings": _drawings(),
        "whole": PAGES,
        "swatches": SWATCHES,
        "picked": ["domicile"],
    }
    return render(request, "ui/gallery/components.html", _samples(request) | context)


def page(request, name):
    """A whole page as a city would have it."""
    if name not in PAGES:
        raise Http404
    return render(request, f"ui/gallery/{name}.html", _samples(request))


def filling(request):
    """A form that keeps what was typed, through errors and through a change of language."""
    typed = request.POST.dict() if request.method == "POST" else {}
    code = typed.get("_lang", "")
    if code in BY_CODE:
        translation.activate(code)
        request.LANGUAGE_CODE = code
    context = _samples(request) | {"typed": typed, "language_form": "sample-form"}
    if typed and not code:
        context["errors"] = {
            key: context["complaints"][key] for key in ("name", "phone", "day") if not typed.get(key)
        }
    response = render(
        request, "ui/gallery/filling.html", context, status=422 if context.get("errors") else 200
    )
    return remember_language(response, code) if code in BY_CODE else response


def abouts():
    """The comment of each component that stands alone: {name: its arguments}."""
    found = {}
    for path in sorted(COMPONENTS.glob("*.html")):
        about = _ABOUT.search(path.read_text(encoding="utf-8"))
        if about and path.stem not in _FRAMES:
            get_template(f"ui/{path.name}")
            found[path.stem] = about[1]
    return found


def _drawings():
    sprite = (HERE.parent / "static" / "ui" / "icons.svg").read_text(encoding="utf-8")
    return [
        {"name": name, "large": box == "0 0 48 48"}
        for name, box in re.findall(r'<symbol id="(\w+)" viewBox="([\d ]+)"', sprite)
    ]


def _samples(request):
    """The sample data in the reader's language."""
    data = json.loads((HERE / "samples.json").read_text(encoding="utf-8"))
    samples = _picked(data, request.LANGUAGE_CODE)
    first = date(2026, 12, 1)
    samples["days"] = [
        {"value": str(number), "day": first + timedelta(days=step), "left": left}
        for number, (step, left) in enumerate(
            [(1, 0), (4, 12), (8, 2), (11, 30), (15, 8), (18, 1), (36, 20), (39, 20)]
        )
    ]
    samples["wrong"] = [{"href": f"#{key}", "text": words} for key, words in samples["complaints"].items()]
    samples["page"] = Paginator(range(300), 20).page(4)
    return samples


def _picked(data, code):
    if isinstance(data, dict):
        return (
            pick(data, code) if "ja" in data else {key: _picked(value, code) for key, value in data.items()}
        )
    if isinstance(data, list):
        return [_picked(value, code) for value in data]
    return data
