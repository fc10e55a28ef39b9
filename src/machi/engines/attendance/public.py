"""The door of attendance: coming and going, marks on days, months with their sums, leave for a year."""

from .actions import ClockRefused, cancel_marks, clock, mark, set_terms
from .define import HEADINGS
from .leave import Grant, give_leave, grant, grants_for, open_overtime
from .models import Mark, Terms
from .queries import Sheet, marks_of, sheet_of, state_today, terms_of, terms_on
from .rules import Day, minutes
from .terms_sheet import TermsGiven, TermsPlan, carry_out_terms, plan_terms, read_terms

__all__ = [
    "HEADINGS",
    "ClockRefused",
    "Day",
    "Grant",
    "Mark",
    "Sheet",
    "Terms",
    "TermsGiven",
    "TermsPlan",
    "cancel_marks",
    "carry_out_terms",
    "clock",
    "give_leave",
    "grant",
    "grants_for",
    "mark",
    "marks_of",
    "minutes",
    "open_overtime",
    "plan_terms",
    "read_terms",
    "set_terms",
    "sheet_of",
    "state_today",
    "terms_of",
    "terms_on",
]
