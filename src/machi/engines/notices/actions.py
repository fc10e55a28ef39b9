"""Telling people things, once."""

from django.db import transaction
from django.utils import translation

from machi.engines.audit.public import record
from machi.engines.definitions import public as definitions
from machi.engines.effects import public as effects
from machi.engines.people import public as people
from machi.ground.calendar import now

from .models import TROUBLED, Delivery, Notice
from .render import render


@transaction.atomic
def tell(*, notice, to, data, owner, key):
    """Tell a recipient something on every channel it has there; the same `key` a second time changes nothing.

    notice: a code ("general.receipt") or the bundle of one; to: a Recipient; data: values for the notice's
    placeholders (date or ISO text, yen as int, list of texts …), others are ignored. Returns the Notice.
    Raises LookupError where no such notice is published.
    """
    bundle = _bundle(notice)
    words = render(bundle, data, to.language)
    told, is_new = _write(
        Notice(
            key=key,
            code=bundle["code"],
            purpose=bundle["purpose"],
            owner=owner,
            account_id=to.account_id,
            in_inbox=bool(to.account_id) and "inbox" in bundle["channels"],
            language=to.language,
            subject=words.subject,
            text=words.text,
            html=words.html,
        )
    )
    address = _address(to) if "mail" in bundle["channels"] else ""
    if is_new and address:
        _post(told, address)
    return told


@transaction.atomic
def mail_plain(*, to, subject, body, key, owner):
    """Send one mail of plain words to the address `to`, in the language active now; the same `key` only
    once.
    """
    language = translation.get_language() or "ja"
    subject, text = " ".join(subject.split()), body.strip() + "\n"
    told, is_new = _write(Notice(key=key, owner=owner, language=language, subject=subject, text=text))
    if is_new:
        _post(told, to)
    return told


def _bundle(notice):
    if isinstance(notice, dict):
        return notice
    version = definitions.current("notice", notice)
    if version is None:
        message = f"no notice {notice!r} is published"
        raise LookupError(message)
    return version.bundle


def _address(to):
    if to.email or not to.account_id:
        return to.email or ""
    account = people.account(to.account_id)
    return account.email if account else ""


def _write(notice):
    """(the notice with this key, whether it is the one given)."""
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    told = Notice.objects.get(key=notice.key)
    return told, told.id == notice.id


def _post(notice, address):
    """Owned by the notice, not the case: a case that ends and cancels its timers must not swallow its last
    words.
    """
    delivery = Delivery.objects.create(notice=notice, address=address)
    effects.enqueue(
        port="mail",
        key=_effect_key(delivery),
        payload={"delivery": str(delivery.id)},
        owner=f"notice:{notice.id}",
    )


def _effect_key(delivery):
    return f"mail:{delivery.id}"


@transaction.atomic
def open_notice(*, id, account_id):  # noqa: A002  (the word of the door)
    """The notice, marked as read, or None if it is not in this account's inbox."""
    notice = Notice.objects.filter(id=id, account_id=account_id, in_inbox=True).first()
    if notice and notice.opened_at is None:
        notice.opened_at = now()
        notice.save(update_fields=["opened_at"])
    return notice


@transaction.atomic
def resend(*, delivery_id, actor):
    """A person orders a failed or unknown delivery to be sent (again), knowing that it may arrive twice."""
    delivery = _troubled(delivery_id)
    effects.retry(effect_id=_effect(delivery).id, actor=actor)
    _note(delivery, "notices.resend", actor, {})


@transaction.atomic
def mark_sent(*, delivery_id, actor, evidence):
    """A person states that a failed or unknown delivery has arrived; `evidence` says how they know."""
    delivery = _troubled(delivery_id)
    effects.settle(effect_id=_effect(delivery).id, actor=actor, evidence=evidence)
    _note(delivery, "notices.mark_sent", actor, {"evidence": evidence})


def _troubled(delivery_id):
    """The delivery, locked. Raises Delivery.DoesNotExist unless it is unknown or failed."""
    return Delivery.objects.select_for_update().get(id=delivery_id, state__in=TROUBLED)


def _effect(delivery):
    return effects.Effect.objects.get(key=_effect_key(delivery))


def _note(delivery, verb, actor, payload):
    record(
        stream=delivery.notice.owner,
        verb=verb,
        actor=actor,
        payload={"delivery": str(delivery.id), "was": delivery.state, **payload},
    )


@transaction.atomic
def forget(*, owner):
    """Take away what was told about an owner, and to which addresses (lawful disposal); returns how many notices."""
    found = Notice.objects.filter(owner=owner)
    count = found.count()
    found.delete()
    return count
