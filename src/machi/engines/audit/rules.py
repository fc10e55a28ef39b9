"""How a link of the chain is written and hashed. Pure."""

import base64
import hashlib
import json
from datetime import UTC

from django.core.serializers.json import DjangoJSONEncoder


def canonical(value):
    """Canonical JSON text: sorted keys, no blanks, text as it is. Dates, decimals and ids become strings."""
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        cls=DjangoJSONEncoder,
    )


def digest(event):
    """sha256 over everything that a link says, its predecessor's digest and its *ciphertext*.

    Hashing the ciphertext keeps the chain verifiable after the key was lawfully destroyed.
    """
    said = {
        "stream": event.stream,
        "seq": event.seq,
        "verb": event.verb,
        "actor": event.actor_key,
        "name": event.actor_name,
        "posts": event.posts,
        "on_behalf_of": event.on_behalf_of,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "body": event.body,
        "personal": None if event.personal is None else base64.b64encode(bytes(event.personal)).decode(),
        "prev": event.prev_digest,
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def faults(events, last_seq, last_digest):
    """What is wrong in a chain (events in order of seq), as English sentences; empty = sound."""
    found, expected, prev = [], 1, ""
    for event in events:
        if event.seq != expected:
            found.append(f"{event.stream}: events {expected} to {event.seq - 1} are missing")
        elif event.prev_digest != prev:
            found.append(f"{event.stream} {event.seq}: does not follow the event before it")
        if digest(event) != event.digest:
            found.append(f"{event.stream} {event.seq}: was changed after it was written")
        expected, prev = event.seq + 1, event.digest
    if expected <= last_seq:
        found.append(f"events {expected} to {last_seq} at the end are missing")
    elif prev != last_digest:
        found.append("the last event is not the one that was written last")
    return found
