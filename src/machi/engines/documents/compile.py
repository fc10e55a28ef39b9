"""From a document definition to its bundle, and the tests it carries."""

import datetime as dt
import re

from machi.engines.definitions.define import DefinitionFault, Kind
from machi.engines.documents.define import Document, Shown
from machi.engines.documents.rules import USUAL_LABELS, faults_of_format
from machi.ground.expr import ExprError, check, parse

_PACKAGE = re.compile(r"""["']@""")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def compile_document(model, resolver):
    """The bundle of `model` (define.Document): the template's text is in it, so that it is pinned with the
    version.
    """
    for name, expression in model.data.items():
        _parse(expression, ("data", name))
    _check_number(model.number)
    template = resolver.read(model.template)
    if _PACKAGE.search(template):
        raise DefinitionFault(
            ("template",),
            "ひな形が外部の部品（@…）を読み込んでいます。",
            "外部の部品を使わずに書いてください。",
        )
    if "#show: paper" not in template:
        raise DefinitionFault(
            ("template",),
            "ひな形に「#show: paper」がありません。",
            "ひな形の先頭に「#show: paper」と書いてください。",
        )
    return {
        "code": model.code,
        "template": template,
        "data": dict(model.data),
        "shown": [_shown(place, entry, model, resolver) for place, entry in enumerate(model.shown)],
        "number": model.number.model_dump(),
        "paper": model.paper,
        "sample": model.sample,
    }


def _parse(expression, path):
    try:
        return parse(expression)
    except ExprError as error:
        raise DefinitionFault(path, f"式「{expression}」: {error}", getattr(error, "mend", "")) from error


def _check_number(number):
    for name, counts in (("sequence", False), ("format", True)):
        for message in faults_of_format(getattr(number, name), counts=counts):
            raise DefinitionFault(
                ("number", name), message, "「{sign}第{seq}号」「粗{fy}-{seq:6}」のように書いてください。"
            )


def _shown(place, entry, model, resolver):
    shown = entry if isinstance(entry, Shown) else Shown(key=entry)
    path = ("shown", place)
    if shown.key not in model.data:
        raise DefinitionFault(
            path, f"「{shown.key}」は data にありません。", "data にある名前を書いてください。"
        )
    if shown.label is None and shown.key not in USUAL_LABELS:
        message = f"確認ページに出す「{shown.key}」の見出しがありません。"
        mend = f"「{{key: {shown.key}, label: {{ja: …}}}}」の形で書いてください。"
        resolver.report(DefinitionFault(path, message, mend, level="warning"))
    is_ours = model.data[shown.key].startswith("case.")  # numbers the city gave: nobody's personal data
    return {"key": shown.key, "label": shown.label, "mask": shown.mask and not is_ours}


def check_data(bundle, types, *, tables=None):
    """Faults (DefinitionFault) of the document's expressions where names have these `types` (name → type).

    For the engine that issues the document: only it knows what there is to show.
    """
    faults = []
    for name, expression in bundle["data"].items():
        try:
            check(parse(expression), types, tables=tables or {})
        except ExprError as error:
            faults.append(
                DefinitionFault(("data", name), f"式「{expression}」: {error}", getattr(error, "mend", ""))
            )
    return faults


def sample_data(bundle):
    """The definition's own sample: every scalar was written as text; figures and dates become what they look
    like.
    """
    return {name: _cast(bundle["sample"].get(name)) for name in bundle["data"]}


def _cast(value):
    if isinstance(value, dict):
        return {key: _cast(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cast(inner) for inner in value]
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return dt.date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else value


def run_sample(bundle):
    """Faults of a document that has a sample: it must come out as PDF."""
    from machi.engines.documents.queries import preview  # a test needs what is built on this module
    from machi.engines.documents.typesetting import DocumentFault

    try:
        if bundle["sample"]:
            preview(bundle, sample_data(bundle))
    except DocumentFault as fault:
        return [DefinitionFault(("template",), fault.message, "ひな形か sample を直してください。")]
    return []


DOCUMENT = Kind("document", Document, compile_document, run_sample)
