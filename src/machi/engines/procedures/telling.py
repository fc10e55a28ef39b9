"""Telling the applicant: what every notice of a case may say."""

from functools import cache

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
    notice = run.bundle["used"][reference]
    facts = _facts(run, asked)
    with translation.override(case.language):
        data = {name: facts[name]() for name in notice["data"] if name in facts}
    if case.sample:  # nobody reads the mail of people who do not exist
        notice = {**notice, "channels": ["inbox"]}
    tell(
        notice=notice,
        to=Recipient(account_id=case.account_id, email=case.email, language=case.language),
        data=data,
        owner=case.owner,
        key=f"{case.owner}:{moment}",
    )


def _facts(run, asked):
    """What a notice may say, each looked up only when it does."""
    case = run.case
    office = cache(lambda: scope.office(case.unit))
    return {
        "title": lambda: pick(run.bundle["title"], case.language),
        "reference": lambda: case.reference,
        "number": lambda: case.number,
        "link": lambda: link_to(case),
        "name": lambda: case.applicant,
        "unit": lambda: pick(office().title, case.language) if office() else case.unit,
        "phone": lambda: office().phone if office() else "",
        "reason": lambda: asked.message if asked else "",
        "fields": lambda: scope.form_of(case.definition).labels(asked.fields, case.language) if asked else [],
        "due": lambda: asked.due_on if asked else None,
        "day": lambda: _booked_day(case),
        "amount": lambda: _amount(run),
        "answer": lambda: _last_answer(run),
    }


def _booked_day(case):
    booked = next(iter(bookings.of_owner(case.owner)), None) if case.definition.bundle["pools"] else None
    return booked.day if booked else None


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
