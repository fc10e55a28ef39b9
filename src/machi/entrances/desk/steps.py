"""The steps of a case as the desk shows them: what was done at each, and the form of the one that waits."""

from django.urls import reverse

from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.desk.answers import blocks
from machi.entrances.desk.words import moment, outcome_label, step_title
from machi.ground.calendar import today
from machi.ground.languages import pick

HUMAN = ("check", "task", "decide")


def finished_steps(case, steps, ceiling):
    """What staff filled in at each step they finished, oldest first; what lies above `ceiling` is masked."""
    return [
        {
            "title": step_title(case, step.key),
            "outcome": outcome_label(case, step),
            "when": moment(step.done_at) if step.done_at else "",
            "blocks": _filled(case, step, ceiling),
        }
        for step in steps
        if step.type in HUMAN and step.state in ("done", "returned")
    ]


def _filled(case, step, ceiling):
    form = procedures.step_form(case.definition, step.key)
    if form is None or not step.answers:
        return []
    sheet = form.evaluate(step.answers, today=today())
    rows = [
        row
        for group in questions.summary(form, sheet, language="ja", ceiling=ceiling, owner=case.owner)
        for row in group.rows
        if not row.blank
    ]
    return blocks(form, rows)


def waiting_step(case, active, steps, *, answers=None, errors=None):
    """The form, the checklist and the outcomes of the step that waits for staff."""
    defined = case.definition.bundle["flow"]["steps"][active.key]
    outcomes = [
        {
            "value": key,
            "label": pick(one["label"], "ja"),
            "tone": one["tone"],
            "needs_reasons": one["reasons"] == "required",
            "conditions": one.get("conditions", "none"),
        }
        for key, one in defined["outcomes"].items()
    ]
    verb = "decide" if active.type == "decide" else "complete"
    return {
        "verb": verb,
        "reasons_id": f"{verb}-reasons",
        "fields": _fields(case, active, steps, answers, errors),
        "checklist": [{"value": line["key"], "label": pick(line["label"], "ja")} for line in defined["checklist"]],
        "outcomes": outcomes,
        "asks_reasons": active.type == "decide" or any(one["needs_reasons"] for one in outcomes),
        "reasons_for": [one["label"] for one in outcomes if one["needs_reasons"]],
        "conditions_for": [one["label"] for one in outcomes if one["conditions"] != "none"],
        "legal_basis": pick(defined.get("legal_basis"), "ja"),
    }


def _fields(case, active, steps, answers, errors):
    form = procedures.step_form(case.definition, active.key)
    if form is None:
        return []
    kept = answers if answers is not None else begun(case, active, steps)
    sheet = form.evaluate(kept, today=today())
    return questions.fields_for(
        form,
        "step",
        sheet,
        language="ja",
        errors=errors or {},
        owner=case.owner,
        file_url=lambda link: reverse("desk:file", args=[case.id, link.id]),
    )


def begun(case, active, steps):
    """What was written at this step the last time round, or an empty form."""
    earlier = [step for step in steps if step.key == active.key and step.id != active.id and step.answers]
    if earlier:
        return earlier[-1].answers
    form = procedures.step_form(case.definition, active.key)
    return questions.prefilled(form.bundle) if form else {}


def human_steps(case):
    """The steps from which a case may be opened again: [{value, label}]."""
    return [
        {"value": key, "label": pick(step["title"], "ja")}
        for key, step in case.definition.bundle["flow"]["steps"].items()
        if step["type"] in HUMAN
    ]
