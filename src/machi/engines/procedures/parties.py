"""Who takes part in a case: the link a co-signer gets by mail, and the code that proves the mail is theirs."""

import secrets
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from machi.engines.audit.define import Actor
from machi.engines.procedures import scope
from machi.engines.procedures.links import PARTY_SIGNER
from machi.engines.procedures.models import Party
from machi.engines.procedures.telling import tell_code
from machi.ground.calendar import now

CODE_LASTS, CODE_PAUSE, MOST_TRIES = timedelta(minutes=15), timedelta(minutes=1), 5


def name_parties(case, sheet):
    """Write down who applies, and for whom, as the application says: kept with the case for good."""
    acts_for = case.definition.bundle.get("acts_for") or {}
    role = sheet.values.get(acts_for.get("role")) or "self"
    principal = sheet.values.get(acts_for.get("name")) or ""
    sender = {"case": case, "name": case.applicant, "email": case.email, "account_id": case.account_id}
    sender |= {"language": case.language, "assurance": case.assurance}
    if role in Party.ROLES and principal:
        Party.objects.create(case=case, role="applicant", name=principal[:200])
        Party.objects.create(**sender, role=role)
    else:
        Party.objects.create(**sender, role="applicant")


def party_of_token(token):
    """The co-signer whom a mailed link names, or None when the link is false or was renewed."""
    try:
        party_id, _dot, turn = PARTY_SIGNER.unsign(token).partition(".")
    except signing.BadSignature:
        return None
    found = Party.objects.filter(id=party_id, link_round=int(turn)).select_related("case", "step").first()
    return found if found and found.step_id else None


def is_asked(party):
    """Whether the answer of this co-signer is still waited for."""
    return party.state == "waiting" and party.step.state == "active" and party.case.is_open


def as_actor(party, account=None):
    """The co-signer as who acts."""
    return Actor(kind="resident", account=account, person=f"party:{party.id}", name=party.name)


@transaction.atomic
def mail_code(*, party_id):
    """Mail a fresh code of six digits, at most one a minute, and none for a while after too many false tries."""
    party = Party.objects.select_for_update(of=("self",)).select_related("case", "step").get(id=party_id)
    pause = CODE_LASTS if party.code_tries >= MOST_TRIES else CODE_PAUSE
    if not is_asked(party) or (party.code_sent_at and now() < party.code_sent_at + pause):
        return
    code = f"{secrets.randbelow(10**6):06d}"
    party.code_hash, party.code_sent_at, party.code_tries = _hash(party, code), now(), 0
    party.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    tell_code(party, code)


@transaction.atomic
def check_code(*, party_id, code):
    """Whether this is the code that was mailed; it opens once, within a quarter of an hour and five tries."""
    party = Party.objects.select_for_update().get(id=party_id)
    fresh = party.code_hash and party.code_sent_at and now() < party.code_sent_at + CODE_LASTS
    if not fresh or party.answered_at or party.code_tries >= MOST_TRIES:
        return False
    good = constant_time_compare(party.code_hash, _hash(party, code))
    party.code_hash, party.code_tries = ("", 0) if good else (party.code_hash, party.code_tries + 1)
    party.save(update_fields=["code_hash", "code_tries"])
    return good


def _hash(party, code):
    return salted_hmac("machi.party.code", f"{party.id}:{party.link_round}:{code}", algorithm="sha256").hexdigest()


def signers_of(case):
    """The rounds of signing, the newest of each step last: [(Step, [Party, …])]."""
    rounds = {}
    for party in case.parties.filter(step__isnull=False).select_related("step").order_by("step_id", "name", "id"):
        rounds.setdefault(party.step_id, (party.step, []))[1].append(party)
    newest = {step.key: (step, parties) for step, parties in rounds.values()}
    return list(newest.values())


def named_parties(case):
    """Who applies, and for whom: those who are not asked to sign, the applicant first."""
    return sorted(case.parties.filter(step=None), key=lambda one: Party.ROLES.index(one.role))


def signing_sheet(party):
    """(form, sheet, keys) of what a co-signer sees."""
    step = party.case.definition.bundle["flow"]["steps"][party.step.key]
    return scope.form_of(party.case.definition), scope.sheet_of(party.case), step["show"]
