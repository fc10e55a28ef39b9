"""Telling the applicant: what every notice of a case may say."""

from django.utils import translation

from machi.engines.bookings import public as bookings
from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.procedures import rules, scope
from machi.engines.procedures.links import link_to
from machi.ground.languages import pick


def notify(run, reference, moment, asked=None):
    """Tell the applicant, on every channel they have, once for this moment."""
    case = run.case
    if not (case.account_id or case.email):
        return
    with translation.override(case.language):
        data = _notice_data(run, asked)
    notice = run.bundle["used"][reference]
    if case.sample:  # nobody reads the mail of people who do not exist
        notice = {**notice, "channels": ["inbox"]}
    tell(
        notice=notice,
        to=Recipient(account_id=case.account_id, email=case.email, language=case.language),
        data=data,
        owner=case.owner,
        key=f"{case.owner}:{moment}",
    )


def _notice_data(run, asked):
    case = run.case
    unit = scope.office(case.unit)
    booked = next(iter(bookings.of_owner(case.owner)), None)
    return {
        "title": pick(run.bundle["title"], case.language),
        "reference": case.reference,
        "number": case.number,
        "link": link_to(case),
        "name": case.applicant,
        "unit": pick(unit.title, case.language) if unit else case.unit,
        "phone": unit.phone if unit else "",
        "reason": asked.message if asked else "",
        "fields": scope.form_of(case.definition).labels(asked.fields, case.language) if asked else [],
        "due": asked.due_on if asked else None,
        "day": booked.day if booked else None,
        "amount": _amount(run),
        "answer": _last_answer(run),
    }


def _amount(run):
    """What the whole costs by the answers as they stand, in yen; None where nothing is ever charged."""
    charging = [step["amount"] for step in run.steps.values() if step["type"] == "pay"]
    seen = run.values() if charging else {}
    return sum(run.evaluate(amount, seen) or 0 for amount in charging) if charging else None


def _last_answer(run):
    """What staff wrote for the applicant at the latest finished step, if anything."""
    for step in run.case.steps.filter(state="done", type__in=rules.HUMAN).order_by("-done_at"):
        if step.answers.get("answer"):
            return step.answers["answer"]
    return ""
