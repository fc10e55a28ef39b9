"""Every change to persons, their proofs and their posts."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from machi.engines.audit.public import record
from machi.engines.people.models import Account, Appointment, CardIdentity, Person, Proof
from machi.engines.people.queries import INVITATION_SALT
from machi.ground.calendar import now

PROFILE_FIELDS = ("name", "kana", "birth", "postal", "town", "line", "building", "phone")
CARD_PROOF_LASTS = timedelta(days=5 * 365)  # electronic certificates run out at the fifth birthday


class CardTaken(Exception):
    """The card belongs to somebody else's account."""


@transaction.atomic
def person_of(*, account):
    """The person behind `account`, made when there is none yet. Locks the account."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.person_id is None:
        account.person = Person.objects.create()
        account.save(update_fields=["person"])
    return account.person


@transaction.atomic
def save_profile(*, account, values, source, actor):
    """Keep what is known about the person of `account`: `values` by PROFILE_FIELDS. Returns the Person.

    `source` is typed, card or counter. What is typed does not overwrite what the card or the counter proved.
    """
    person = person_of(account=account)
    changed = {
        key: value
        for key, value in values.items()
        if value != getattr(person, key) and not (source == "typed" and is_proved(person, key))
    }
    for key, value in changed.items():
        setattr(person, key, value)
    before = {key: how for key, how in person.provenance.items() if getattr(person, key)}
    stated = changed if source == "typed" else values
    person.provenance = before | {key: source for key, value in stated.items() if value}
    person.save()
    if changed:
        payload = {"fields": sorted(changed), "source": source}
        record(stream=f"account:{account.pk}", verb="people.profile_saved", actor=actor, payload=payload)
    return person


def is_proved(person, key):
    """Whether the value of `key` was proved, so that typing does not change it."""
    return person.provenance.get(key) in ("card", "counter")


@transaction.atomic
def choose_language(*, account, language):
    """Write mails to `account` in `language` from now on. Nobody asks later who did this: no audit line."""
    Account.objects.filter(pk=account.pk).update(language=language)


@transaction.atomic
def prove(*, person, kind, level, evidence, actor, lasts=None):
    """Note that something was proved about `person`. `lasts` (timedelta) or for good. Returns the Proof."""
    moment = now()
    proof = Proof.objects.create(
        person=person,
        kind=kind,
        level=level,
        evidence=evidence,
        at=moment,
        expires=moment + lasts if lasts else None,
    )
    payload = {"kind": kind, "level": level, "evidence": evidence}
    record(stream=f"person:{person.pk}", verb="people.proved", actor=actor, payload=payload)
    return proof


@transaction.atomic
def link_card(*, account, identity, actor):
    """Tie the card `identity` (card.Identity) to `account` and take over what it proves. Returns the Person.

    Raises CardTaken if the card is tied to somebody else.
    """
    person = person_of(account=account)
    card, _new = CardIdentity.objects.select_for_update().get_or_create(
        issuer=identity.issuer, sub=identity.sub, defaults={"person": person}
    )
    if card.person_id != person.pk:
        raise CardTaken
    return _take_over(card=card, account=account, identity=identity, actor=actor)


@transaction.atomic
def account_by_card(*, identity, actor):
    """The account of the card `identity` with what the card now proves, or None if the card is new here."""
    card = (
        CardIdentity.objects.filter(issuer=identity.issuer, sub=identity.sub).select_related("person").first()
    )
    account = Account.objects.filter(person=card.person).first() if card else None
    if account:
        _take_over(card=card, account=account, identity=identity, actor=actor)
    return account


@transaction.atomic
def open_account_by_card(*, identity, language, actor):
    """A new account that is signed in to with the card alone. Returns the Account."""
    account = Account.objects.create_user(None, language=language)
    link_card(account=account, identity=identity, actor=actor)
    return Account.objects.get(pk=account.pk)


def _take_over(*, card, account, identity, actor):
    card.save(update_fields=["last_seen"])
    person = save_profile(account=account, values=identity.known(), source="card", actor=actor)
    person.gender = identity.gender or person.gender
    person.save(update_fields=["gender"])
    moment = now()
    Proof.objects.filter(person=person, kind="card", expires__gt=moment).update(expires=moment)
    proof = {"kind": "card", "level": "card", "evidence": identity.issuer, "lasts": CARD_PROOF_LASTS}
    prove(person=person, actor=actor, **proof)
    return person


@transaction.atomic
def appoint(*, person, post, since, until=None, main=True, actor):
    """Give `person` the post with the code `post` from the day `since` up to and without the day `until`.

    Raises IntegrityError if the person holds this post, or another main post, in that time.
    """
    appointment = Appointment.objects.create(
        person=person, post_id=post, during=DateRange(since, until), main=main
    )
    payload = {
        "person": str(person.pk),
        "post": post,
        "since": str(since),
        "until": str(until or ""),
        "main": main,
    }
    record(stream="organisation", verb="people.appointed", actor=actor, payload=payload)
    return appointment


@transaction.atomic
def end_appointment(*, appointment, last_day, actor):
    """Let an appointment end after `last_day` (a date)."""
    end = last_day + timedelta(days=1)
    if end <= appointment.during.lower:
        appointment.delete()
    else:
        appointment.during = DateRange(appointment.during.lower, end)
        appointment.save(update_fields=["during"])
    payload = {"person": str(appointment.person_id), "post": appointment.post_id, "last_day": str(last_day)}
    record(stream="organisation", verb="people.appointment_ended", actor=actor, payload=payload)


@transaction.atomic
def open_staff_account(*, email, name, kana="", language="ja", is_sample=False, actor):
    """An account for work and its person. No password: the first passkey comes by invitation."""
    person = Person.objects.create(name=name, kana=kana, is_sample=is_sample)
    account = Account.objects.create_user(
        email, person=person, is_staff=True, language=language, is_sample=is_sample
    )
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    record(stream=f"account:{account.pk}", verb="people.staff_account_opened", actor=actor, payload={})
    return account


@transaction.atomic
def invite(*, account, actor):
    """A secret for the one-time address at which a member of staff makes the first passkey (24 hours).

    All earlier passkeys, sessions and the password of the account end: also right after a lost device.
    """
    Authenticator.objects.filter(user=account).delete()
    for session in UserSession.objects.filter(user=account):
        session.end()
    account.set_unusable_password()
    account.save(update_fields=["password"])
    record(stream=f"account:{account.pk}", verb="people.invited", actor=actor, payload={})
    return signing.dumps({"account": account.pk, "mark": account.password}, salt=INVITATION_SALT)


@transaction.atomic
def close_account(*, account, actor, reason):
    """Nobody signs in with `account` any more; its sessions end."""
    Account.objects.filter(pk=account.pk).update(is_active=False)
    for session in UserSession.objects.filter(user=account):
        session.end()
    record(
        stream=f"account:{account.pk}", verb="people.account_closed", actor=actor, payload={"reason": reason}
    )
