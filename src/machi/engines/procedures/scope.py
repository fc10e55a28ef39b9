"""What an expression of the flow sees: the answers now, and what each finished step left."""

from functools import lru_cache

from machi.engines.questions.public import Form, form_of
from machi.ground.calendar import today
from machi.ground.expr import Context, compile, parse


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
    return form_of(case.definition).evaluate(answers_of(case), today=today())


def values(case, sheet=None):
    """Names and values for expressions of the flow."""
    seen = dict((sheet or sheet_of(case)).values)
    for step in case.steps.filter(state__in=("done", "returned")).order_by("round"):
        if step.type in ("check", "task", "decide"):
            form = step_form(case.definition, step.key)
            inner = form.evaluate(step.answers, today=today()).values if form else {}
            seen[step.key] = {**inner, "outcome": step.outcome or None}
    return seen


def evaluate(case, text, seen=None):
    """The value of expression `text` for this case."""
    return evaluate_with(case.definition, text, values(case) if seen is None else seen)


def evaluate_with(version, text, seen):
    """The value of expression `text` over the values `seen`, with the tables of `version`."""
    form = form_of(version)
    return _closure(text)({**form.settings, **seen}, Context(today=today(), tables=form.tables))


def said(version, seen):
    """Values as people say them, in Japanese, for papers and bills: choices by their labels, rows as mappings."""
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


def labels(version, keys, language):
    """The labels of fields, in words."""
    questions = form_of(version).questions
    return [questions[key].label(language) for key in keys]
