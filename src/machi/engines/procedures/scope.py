"""What an expression of the flow sees: the answers now, and what each finished step left."""

from functools import lru_cache

from machi.engines.questions.public import Form
from machi.ground.calendar import today
from machi.ground.expr import Context, compile, parse


@lru_cache(maxsize=256)
def form_of(version):
    """The form of a definition version (versions never change, so neither does this)."""
    return Form(version.bundle["form"])


@lru_cache(maxsize=512)
def step_form(version, key):
    """The form staff fill at one step, or None."""
    bundle = version.bundle["flow"]["steps"][key].get("form")
    return Form(bundle) if bundle else None


@lru_cache(maxsize=4096)
def _closure(text):
    return compile(parse(text))


def answers_of(case):
    """The answers as they stand now."""
    return case.answers.order_by("-n").values_list("answers", flat=True).first() or {}


def sheet_of(case):
    """The evaluated answers of a case as they stand now."""
    return form_of(case.version).evaluate(answers_of(case), today=today())


def values(case, sheet=None):
    """Names and values for expressions of the flow."""
    seen = dict((sheet or sheet_of(case)).values)
    for step in case.steps.filter(state__in=("done", "returned")).order_by("round"):
        if step.type in ("check", "task", "decide"):
            form = step_form(case.version, step.key)
            inner = form.evaluate(step.answers, today=today()).values if form else {}
            seen[step.key] = {**inner, "outcome": step.outcome or None}
    return seen


def evaluate(case, text, seen=None):
    """The value of expression `text` for this case."""
    return evaluate_with(case.version, text, values(case) if seen is None else seen)


def evaluate_with(version, text, seen):
    """The value of expression `text` over the values `seen`, with the tables of `version`."""
    context = Context(today=today(), tables=version.bundle["form"].get("tables", {}))
    return _closure(text)(seen, context)
