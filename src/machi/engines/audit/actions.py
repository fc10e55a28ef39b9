"""Writing to the chain and to the access log."""

from django.db import transaction

from machi.ground.calendar import now

from . import keys
from .models import AccessLine, Event, StreamKey
from .rules import canonical, digest


class StreamShredded(Exception):
    """Personal data was to be written to a stream whose personal data was destroyed."""


@transaction.atomic
def record(*, stream, verb, actor, payload, personal=None):
    """Append one event to `stream` (an owner, such as "case:<uuid>") and return it.

    `payload` (JSON-able dict) is kept in clear for ever: no personal data in it. `personal` (dict or None) is
    encrypted with the stream's key. Writers to one stream wait for each other until the transaction ends.
    Raises StreamShredded when `personal` is given after `shred`.
    """
    key = _locked(stream)
    if personal and key.shredded_at:
        raise StreamShredded(stream)
    event = Event(
        stream=stream,
        seq=key.last_seq + 1,
        verb=verb,
        actor_key=actor.key,
        actor_name="" if actor.kind == "resident" else actor.name,
        posts=" ".join(actor.posts),
        on_behalf_of=actor.on_behalf_of,
        at=now(),
        body=canonical(payload),
        prev_digest=key.last_digest,
    )
    event.personal = _lock_personal(key, event, actor, personal)
    event.digest = digest(event)
    event.save(force_insert=True)
    key.last_seq, key.last_digest = event.seq, event.digest
    key.save(update_fields=["last_seq", "last_digest", "wrapped"])
    return event


@transaction.atomic
def shred(*, stream, actor, reason):
    """Destroy the key of the stream's personal parts (lawful disposal); the chain still verifies."""
    key = _locked(stream)
    if key.shredded_at is None:
        key.wrapped, key.shredded_at = None, now()
        key.save(update_fields=["wrapped", "shredded_at"])
        record(stream=stream, verb="audit.shredded", actor=actor, payload={"reason": reason})


def saw(*, actor, owner, what, purpose=""):
    """Note that `actor` read the data of `owner`: `what` (a page, fields), for which `purpose`."""
    line = _access_line(actor, owner, what, purpose)
    line.save(force_insert=True)
    return line


def saw_all(*, actor, owners, what, purpose=""):
    """Note that `actor` read the data of many `owners` at once (a list that was taken out)."""
    lines = [_access_line(actor, owner, what, purpose) for owner in owners]
    AccessLine.objects.bulk_create(lines, batch_size=1000)


def _access_line(actor, owner, what, purpose):
    return AccessLine(
        at=now(),
        actor_key=actor.key,
        actor_name="" if actor.kind == "resident" else actor.name,
        posts=" ".join(actor.posts),
        owner=owner,
        what=what,
        purpose=purpose,
    )


def _locked(stream):
    """The stream's row, locked until the transaction ends; made if it is the first event."""
    rows = StreamKey.objects.select_for_update().filter(stream=stream)
    if known := rows.first():
        return known
    StreamKey.objects.bulk_create([StreamKey(stream=stream)], ignore_conflicts=True)
    return rows.get()


def _lock_personal(key, event, actor, personal):
    """The ciphertext of the personal part, to which a resident's own name belongs; or None."""
    secret = {"personal": personal} if personal else {}
    if actor.kind == "resident" and actor.name and not key.shredded_at:
        secret["name"] = actor.name
    if not secret:
        return None
    if key.wrapped is None:
        key.wrapped = keys.new_wrapped(key.stream)
    data_key = keys.unwrap(key.wrapped, key.stream)
    return keys.lock(data_key, canonical(secret).encode(), f"{key.stream} {event.seq}")
