"""The door of the effects engine."""

from .actions import cancel, cancel_key, enqueue, retry, settle
from .jobs import work_once
from .models import Effect
from .queries import effects_of, state, stuck

__all__ = [
    "Effect",
    "cancel",
    "cancel_key",
    "effects_of",
    "enqueue",
    "retry",
    "settle",
    "state",
    "stuck",
    "work_once",
]
