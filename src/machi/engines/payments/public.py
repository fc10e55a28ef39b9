"""The door of payments: what is owed, what was paid, what must go back."""

from .actions import PaymentRefused, cancel, charge, receive, refund, report, waive
from .models import Attempt, Charge
from .queries import DayClose, Total, day_close, of_owner, paid, to_refund

__all__ = [
    "Attempt",
    "Charge",
    "DayClose",
    "PaymentRefused",
    "Total",
    "cancel",
    "charge",
    "day_close",
    "of_owner",
    "paid",
    "receive",
    "refund",
    "report",
    "to_refund",
    "waive",
]
