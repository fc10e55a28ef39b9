"""Telling the applicant: what every notice of a case may say."""

from functools import cache

from django.utils import translation

from machi.engines.bookings import public as bookings
from machi.engines.definitions.public import current
from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.procedures import rules, scope
from machi.engines.procedures.links import link_to, link_to_sign
from machi.ground.calendar import today
from machi.ground.languages import pick

REMINDER, CODE = "notice/general.reminder", "notice/general.cosign_code"


def notify(run, reference, moment, asked=None, **said):
    """Tell the applicant, on every channel they have, once for this moment; `said` goes before what the case knows."""
    case = run.case
    if not (case.account_id or case.email):
        return
    notice = words_of(run.bundle, reference)
    facts = _facts(run, asked)
    with translation.override(case.language):
        data = {name: facts[name]() for name in notice["data"] if name in facts and name not in said} | said
    if case.sample:  # nobody reads the mail of people who do not exist
        notice = {**notice, "channels": ["inbox"]}
    tell(
        notice=notice,
        to=Recipient(account_id=case.account_id, email=case.email, language=case.language),
        data=data,
        owner=case.owner,
        key=f"{case.owner}:{moment}",
    )


def words_of(bundle, reference):
    """The bundle of a notice as the case was published with it; of today, where it was published without."""
    return bundle["used"].get(reference) or current(*reference.split("/", 1)).bundle


def remind(run, step):
    """Remind whoever a step waits for: the co-signers who have not answered, else the applicant."""
    reference = run.bundle["notices"].get("reminder", REMINDER)
    if step.type != "cosign":
        notify(run, reference, f"remind:{step.id}:{today()}", asked=step)
        return
    for party in step.parties.filter(state="waiting"):
        _tell_party(run.bundle, party, reference, {"due": step.due_on}, f"remind:{today()}")


def invite(run, party, step):
    """Ask a co-signer, by mail: who applies for what, until when, and the link to their answer."""
    facts = {"applicant": run.case.applicant, "due": step.due_on}
    _tell_party(run.bundle, party, run.steps[step.key]["notice"], facts, f"asked:{party.link_round}")


def tell_code(party, code):
    """Mail a co-signer the code that shows that the mail reaches them."""
    moment = f"code:{party.code_sent_at:%Y%m%d%H%M%S}"
    _tell_party(party.case.definition.bundle, party, CODE, {"code": code}, moment)


def _tell_party(bundle, party, reference, facts, moment):
    if party.case.sample:
        return
    case, office = party.case, scope.office(party.case.unit)
    known = {
        "title": pick(bundle["title"], party.language),
        "reference": case.reference,
        "name": party.name,
        "link": link_to_sign(party),
        "unit": pick(office.title, party.language) if office else "",
        "phone": office.phone if office else "",
    }
    tell(
        notice=words_of(bundle, reference),
        to=Recipient(email=party.email, language=party.language),
        data=known | facts,
        owner=case.owner,
        key=f"{case.owner}:party:{party.id}:{moment}",
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
        "principal": lambda: _principal(case),
        "unit": lambda: pick(office().title, case.language) if office() else case.unit,
        "phone": lambda: office().phone if office() else "",
        "reason": lambda: asked.message if asked else "",
        "fields": lambda: scope.form_of(case.definition).labels(asked.fields, case.language) if asked else [],
        "due": lambda: asked.due_on if asked else None,
        "day": lambda: _booked_day(case),
        "amount": lambda: _amount(run),
        "answer": lambda: answer_of(run),
    }


def _principal(case):
    """Whose case it is, where somebody else applied for them; else ""."""
    named = case.parties.filter(step=None)
    return next((one.name for one in named if one.role == "applicant"), "") if len(named) > 1 else ""


def _booked_day(case):
    booked = next(iter(bookings.of_owner(case.owner)), None) if case.definition.bundle["pools"] else None
    return booked.day if booked else None


def _amount(run):
    """What the whole costs by the answers as they stand, in yen; None where nothing is ever charged."""
    charging = [step["amount"] for step in run.steps.values() if step["type"] == "pay"]
    seen = run.values() if charging else {}
    return sum(run.evaluate(amount, seen) or 0 for amount in charging) if charging else None


def answer_of(run):
    """What staff wrote for the applicant at the latest finished step, if anything."""
    for step in run.case.steps.filter(state="done", type__in=rules.HUMAN).order_by("-done_at"):
        if step.answers.get("answer"):
            return step.answers["answer"]
    return ""
