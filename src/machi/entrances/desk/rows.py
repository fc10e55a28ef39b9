"""Steps and cases as rows of a list, without a query for each row."""

from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, Scope, is_at_least
from machi.entrances.desk.frame import unit_titles
from machi.entrances.desk.words import due_chip, state_chip, step_title, title_of

HIDDEN = "●●●"


def step_rows(request, steps):
    """Rows of a queue: what waits, for whom, who works on it, until when."""
    actor, units = people.actor_of(request), unit_titles(request)
    return [_step_row(step, actor, units) for step in steps]


def _step_row(step, actor, units):
    case, scope = step.case, Scope(unit=step.unit, code=step.case.code)
    claimed = step.claimed_by_id is not None
    return _case_words(case, scope, actor) | {
        "step": step_title(case, step.key),
        "unit": units.get(step.unit, step.unit),
        "claimed": _name(step.claimed_by) if claimed else "",
        "mine": step.claimed_by_id == actor.account,
        "may_claim": not claimed and people.can(actor, "procedures.handle", scope),
        "due_on": step.due_on,
        "due": due_chip(step.due_on),
    }


def case_rows(request, cases):
    """Rows of the list of cases."""
    actor, units = people.actor_of(request), unit_titles(request)
    return [
        _case_words(case, Scope(unit=case.unit, code=case.code), actor)
        | {
            "unit": units.get(case.unit, case.unit),
            "chip": state_chip(case),
            "due_on": case.due_on if case.is_open else None,
            "due": due_chip(case.due_on) if case.is_open else "",
        }
        for case in cases
    ]


def _case_words(case, scope, actor):
    readable = reads_names(actor, scope)
    subject = case.subject if case.subject != case.applicant else ""
    return {
        "id": case.id,
        "anchor": f"row-{case.id}",
        "number": case.number or case.reference,
        "title": title_of(case),
        "applicant": (case.applicant or _("名前なし")) if readable else HIDDEN,
        "subject": subject if readable else "",
        "sent": case.submitted_at,
        "sample": case.sample,
    }


def reads_names(actor, scope):
    """Whether the actor may read who somebody is."""
    return is_at_least(people.ceiling(actor, scope), "personal", SENSITIVITIES)


def _name(account):
    return account.person.name if account.person else account.email
