"""What a list shows: read from its address, said in chips, kept in every link of the page."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from machi.engines.definitions.public import current, current_all
from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import unit_titles
from machi.entrances.desk.words import STATES
from machi.ground.calendar import today
from machi.ground.languages import pick
from machi.ground.text import search_key

SORTS = {"due": "due_on", "-due": "-due_on", "sent": "case__submitted_at", "-sent": "-case__submitted_at"}
KEPT = ("view", "q", "procedure", "step", "unit", "status")


def filtered_steps(steps, request):
    """The queue as its address asks for it."""
    said, day = request.GET, today()
    views = {
        "mine": {"claimed_by": request.user.pk},
        "unclaimed": {"claimed_by": None},
        "late": {"due_on__lt": day},
        "soon": {"due_on__range": (day, day + timedelta(days=2))},
    }
    steps = steps.filter(**views.get(said.get("view"), {}))
    wanted = {"unit": "unit", "procedure": "code", "step": "key"}
    steps = steps.filter(**{column: said[name] for name, column in wanted.items() if said.get(name)})
    if said.get("q", "").strip():
        steps = steps.filter(_words(said["q"], "case__"))
    return steps.order_by(SORTS[said["sort"]], "id") if said.get("sort") in SORTS else steps


def filtered_cases(cases, request):
    """The list of cases as its address asks for it."""
    said = request.GET
    if said.get("status") in STATES:
        cases = cases.filter(status=said["status"])
    if said.get("procedure"):
        cases = cases.filter(code=said["procedure"])
    if said.get("unit"):
        cases = cases.filter(unit=said["unit"])
    return cases.filter(_words(said["q"])) if said.get("q", "").strip() else cases


def known_count(request, counts):
    """How many steps the list has, where the tabs have counted them already; else None."""
    narrowed = any(request.GET.get(name) for name in ("q", "procedure", "step", "unit"))
    return None if narrowed else counts.get(request.GET.get("view") or "all")


def _words(text, prefix=""):
    """Cases whose number, receipt number, applicant or subject contains each of the words, however written."""
    keys = [search_key(word) for word in text.replace("\x00", "").split()[:8]]
    return Q(*[Q(**{f"{prefix}words__contains": key}) for key in keys])


def views(request, counts):
    """The saved views of the queue as tabs."""
    now = request.GET.get("view", "")
    items = (
        ("", _("すべて"), counts["all"]),
        ("mine", _("自分の担当"), counts["mine"]),
        ("unclaimed", _("担当者なし"), counts["unclaimed"]),
        ("late", _("期限超過"), counts["late"]),
        ("soon", _("2日以内"), counts["soon"]),
    )
    return [
        {"href": address(request, view=key), "label": label, "count": count, "current": key == now}
        for key, label, count in items
    ]


def address(request, **changes):
    """The address of the list with parameters changed ("" takes one away); the first page again."""
    query = request.GET.copy()
    for name in ("page", "as"):
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}"


def selects(request, names):
    """The selects of the filter bar, those of `names` that have something to choose."""
    options = {
        "procedure": (_("手続"), _procedures()),
        "step": (_("段階"), _steps(request.GET.get("procedure", ""))),
        "unit": (_("課"), _units(request)),
        "status": (_("状態"), [(key, str(label)) for key, (label, _kind) in STATES.items()]),
    }
    return [
        {
            "name": name,
            "label": options[name][0],
            "options": [{"value": value, "label": label} for value, label in options[name][1]],
            "value": request.GET.get(name, ""),
        }
        for name in names
        if len(options[name][1]) > 1
    ]


def _procedures():
    return [(version.code, pick(version.bundle["title"], "ja")) for version in current_all("procedure")]


def _steps(code):
    version = current("procedure", code) if code else None
    steps = version.bundle["flow"]["steps"] if version else {}
    human = ("check", "task", "decide")
    return [(key, pick(step["title"], "ja")) for key, step in steps.items() if step["type"] in human]


def _units(request):
    actor, wanted = people.actor_of(request), request.GET.get("procedure", "")
    return [
        (code, title)
        for code, title in unit_titles(request).items()
        if people.can(actor, "procedures.see", Scope(unit=code, code=wanted))
    ]


def chips(request):
    """What is in force, each with the address without it."""
    labels = {"q": _("言葉"), "procedure": _("手続"), "step": _("段階"), "unit": _("課"), "status": _("状態")}
    said = {name: request.GET[name] for name in labels if request.GET.get(name)}
    return [
        {"label": f"{labels[name]}: {_word(request, name, value)}", "href": address(request, **_gone(name))}
        for name, value in said.items()
    ]


def _gone(name):
    return {"procedure": "", "step": ""} if name == "procedure" else {name: ""}


def _word(request, name, value):
    if name == "status":
        return STATES[value][0] if value in STATES else value
    known = {
        "procedure": _procedures,
        "step": lambda: _steps(request.GET.get("procedure", "")),
        "unit": lambda: unit_titles(request).items(),
    }
    return dict(known[name]()).get(value, value) if name in known else value


def kept(request):
    """The parameters that the filter form carries along unseen."""
    return [(name, request.GET[name]) for name in ("view", "sort") if request.GET.get(name)]


def bulk_outcomes(request):
    """The outcomes that may be given to many at once, where the list shows one step of one procedure."""
    code, key = request.GET.get("procedure", ""), request.GET.get("step", "")
    version = current("procedure", code) if code and key else None
    return simple_outcomes(version, key) if version else []


def simple_outcomes(version, key):
    """The outcomes of a step at which staff have nothing to fill in, to tick or to give as a reason: (key, label)."""
    step = version.bundle["flow"]["steps"].get(key)
    if step is None or step["type"] not in ("check", "task") or step["checklist"]:
        return []
    form = procedures.step_form(version, key)
    if form is not None and any(question.field.required for question in form.fields):
        return []
    return [
        (outcome, pick(one["label"], "ja"))
        for outcome, one in step["outcomes"].items()
        if "required" not in (one["reasons"], one.get("conditions")) and one["tone"] != "danger"
    ]
