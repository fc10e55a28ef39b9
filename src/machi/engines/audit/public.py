"""The door of audit: what happened, in a chain nobody can quietly change, and who read whose data."""

from .actions import StreamShredded, record, saw, saw_all, shred
from .queries import Entry, accesses, history, looking, verify, verify_all

__all__ = [
    "Entry",
    "StreamShredded",
    "accesses",
    "history",
    "looking",
    "record",
    "saw",
    "saw_all",
    "shred",
    "verify",
    "verify_all",
]
