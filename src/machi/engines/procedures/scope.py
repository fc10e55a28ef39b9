"""What an expression of the flow sees: the answers now, and what each finished step left."""

from functools import lru_cache

from machi.engines.definitions.public import office_days
from machi.engines.people.public import Unit
from machi.engines.procedures.rules import LEAVING
from machi.engines.questions.public import Form, form_of
from machi.ground.calendar import OFFICE, TOKYO, today
from machi.ground.expr import Context, compile, parse

DRAFTER = ("unit", "post", "name", "title", "key")
_step_forms = {}  # (digest of the version, key of the step) → Form


def step_form(version, key):
    """The form staff fill at one step, or None."""
    bundle = version.bundle["flow"]["steps"][key].get("form")
    if bundle is None:
        return None
    if (version.digest, key) not in _step_forms:
        _step_forms[version.digest, key] = Form(bundle)
    return _step_forms[version.digest, key]


@lru_cache(maxsize=4096)
def _closure(text):
    return compile(parse(text))


def office(code):
    """The unit with this code, or None."""
    return Unit.objects.filter(pk=code).first()


def unit_code(wanted, otherwise):
    """The code `wanted` if such a unit is open, else `otherwise`: no case may lie where nobody looks."""
    return wanted if wanted and Unit.objects.filter(pk=wanted, closed_on=None).exists() else otherwise


def calendar_of(bundle):
    """The days on which the office works, as the procedure was published with them."""
    pinned = bundle["used"].get(bundle["flow"].get("calendar"))
    return office_days(pinned) if pinned else OFFICE


def context(bundle, tables):
    """What expressions of the flow may know beside the answers."""
    return Context(today=today(), tables=tables, calendar=calendar_of(bundle).is_open)


def evaluated(version, answers, asked=()):
    """The Sheet of `answers` by the form of `version`, today, with what is `asked` for now."""
    form = form_of(version)
    return form.evaluate(answers, today=today(), context=context(version.bundle, {}), asked=asked)


def answers_of(case):
    """The answers as they stand now."""
    return case.answers.order_by("-n").values_list("answers", flat=True).first() or {}


def sheet_of(case):
    """The evaluated answers of a case as they stand now."""
    return evaluated(case.definition, answers_of(case))


def values(case, sheet=None):
    """Names and values for expressions of the flow."""
    seen = {**(sheet or sheet_of(case)).values, **drafter_names(case.drafter)}
    for step in case.steps.filter(state__in=("done", "returned")).order_by("round"):
        if step.type in LEAVING:
            form = step_form(case.definition, step.key)
            inner = form.evaluate(step.answers, today=today()).values if form else {}
            seen[step.key] = {**inner, "outcome": step.outcome or None}
    return seen


def drafter_names(drafter):
    """What expressions know of who drafted an internal case."""
    if not drafter:
        return {}
    return {"drafter": {**{name: drafter.get(name) for name in DRAFTER}, "key": f"staff:{drafter['account']}"}}


def decision_of(case):
    """The decision that stands, as papers show it; all blank where nothing is decided."""
    found = case.decisions.order_by("-at").first()
    words = {name: getattr(found, name, None) or None for name in ("result", "reasons", "conditions", "post")}
    return {**words, "on": found.at.astimezone(TOKYO).date() if found else None}


def evaluate(case, text, seen=None):
    """The value of expression `text` for this case."""
    return evaluate_with(case.definition, text, values(case) if seen is None else seen)


def evaluate_with(version, text, seen):
    """The value of expression `text` over the values `seen`, with the tables of `version`."""
    form = form_of(version)
    return _closure(text)({**form.settings, **seen}, context(version.bundle, form.tables))


def said(version, seen):
    """Values as people say them, in Japanese, for papers and bills: choices by their labels, rows as
    mappings.
    """
    form, words = form_of(version), {}
    for question in form.fields:
        value = seen.get(question.key)
        if question.children:
            words[question.key] = [_said_row(question, row) for row in value or ()]
        elif value is not None and question.options:
            words[question.key] = question.type.show(question, value, "ja")
        else:
            words[question.key] = value
    return words


def _said_row(question, row):
    return {
        child.key: child.type.show(child, row[child.key], "ja")
        if child.options and row.get(child.key)
        else row.get(child.key)
        for child in question.children
    }
