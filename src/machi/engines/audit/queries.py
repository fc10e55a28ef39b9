"""Reading the chain and the access log."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from machi.ground.calendar import now

from . import keys, rules
from .models import AccessLine, Event, StreamKey


@dataclass(frozen=True)
class Entry:
    """One event as people read it; `personal` is None where there was nothing or the key was destroyed."""

    seq: int
    verb: str
    actor_key: str
    actor_name: str
    at: datetime
    payload: dict
    personal: dict | None
    on_behalf_of: str = ""


def history(stream):
    """All events of `stream`, oldest first. Raises KeyMismatch when the installation's key was lost."""
    key = StreamKey.objects.filter(stream=stream).first()
    if key is None:
        return []
    data_key = keys.unwrap(key.wrapped, stream) if key.wrapped is not None else None
    return [_entry(event, data_key) for event in Event.objects.filter(stream=stream).order_by("seq")]


def verify(stream):
    """Check the chain of `stream`; English sentences, one for each fault; empty = sound."""
    key = StreamKey.objects.filter(stream=stream).first()
    if key is None:
        return []
    events = Event.objects.filter(stream=stream).order_by("seq").iterator()
    return rules.faults(events, key.last_seq, key.last_digest)


def verify_all():
    """Check every chain; English sentences, one for each fault; empty = all sound."""
    streams = StreamKey.objects.order_by("id").values_list("stream", flat=True).iterator()
    return [fault for stream in streams for fault in verify(stream)]


def accesses(owner):
    """Who read the data of `owner`, newest first (AccessLine rows)."""
    return list(AccessLine.objects.filter(owner=owner))


def looking(owner, *, minutes, besides=""):
    """The names of those who read the data of `owner` in the last minutes, without the actor key `besides`."""
    since = now() - timedelta(minutes=minutes)
    lines = AccessLine.objects.filter(owner=owner, at__gte=since).exclude(actor_key=besides).order_by("at")
    return list(dict.fromkeys(name for name in lines.values_list("actor_name", flat=True) if name))


def _entry(event, data_key):
    secret = {}
    if event.personal is not None and data_key is not None:
        secret = json.loads(keys.unlock(data_key, event.personal, f"{event.stream} {event.seq}"))
    return Entry(
        seq=event.seq,
        verb=event.verb,
        actor_key=event.actor_key,
        actor_name=secret.get("name", event.actor_name),
        at=event.at,
        payload=event.payload,
        personal=secret.get("personal"),
        on_behalf_of=event.on_behalf_of,
    )
