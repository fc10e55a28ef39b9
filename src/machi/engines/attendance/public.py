"""The door of attendance: coming and going, marks on days, months with their sums, leave for a year."""

from .actions import ClockRefused, cancel_marks, clock, mark, set_terms
from .leave import Grant, grant, grants_for, open_overtime
from .models import Mark, Terms
from .queries import Sheet, marks_of, sheet_of, state_today, terms_on
from .rules import Day, minutes

__all__ = [
    "ClockRefused",
    "Day",
    "Grant",
    "Mark",
    "Sheet",
    "Terms",
    "cancel_marks",
    "clock",
    "grant",
    "grants_for",
    "mark",
    "marks_of",
    "minutes",
    "open_overtime",
    "set_terms",
    "sheet_of",
    "state_today",
    "terms_on",
]
