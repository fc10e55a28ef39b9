"""The door of audit: what happened, in a chain nobody can quietly change, and who read whose data."""

from .actions import StreamShredded, record, saw, shred
from .queries import Entry, accesses, history, verify, verify_all

__all__ = ["Entry", "StreamShredded", "accesses", "history", "record", "saw", "shred", "verify", "verify_all"]
