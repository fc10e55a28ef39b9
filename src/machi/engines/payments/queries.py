"""Reading charges, and the day's totals of a till."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Sum

from machi.ground.calendar import TOKYO

from .models import Attempt, Charge


@dataclass(frozen=True)
class Total:
    """What one method took in or gave back: how many times, and yen."""

    method: str
    count: int
    amount: int


@dataclass(frozen=True)
class DayClose:
    """The day of a unit's till: what came in, what went back, and what should therefore be there (yen)."""

    unit: str
    day: dt.date
    received: tuple[Total, ...]
    refunded: tuple[Total, ...]

    @property
    def balance(self):
        """Received less refunded, in yen."""
        return sum(t.amount for t in self.received) - sum(t.amount for t in self.refunded)


def of_owner(owner):
    """The charges of `owner`, the oldest first."""
    return list(Charge.objects.filter(owner=owner).order_by("created_at"))


def paid(owner):
    """Whether `owner` owes nothing: no charge of theirs is due."""
    return not Charge.objects.filter(owner=owner, state="due").exists()


def to_refund():
    """The charges whose money must go back, the oldest first."""
    return list(Charge.objects.filter(state="refund_due").order_by("created_at"))


def day_close(*, unit, day):
    """The totals of `unit` ("" = all units) on `day`, in Japan's time."""
    start = dt.datetime.combine(day, dt.time.min, tzinfo=TOKYO)
    span = (start, start + dt.timedelta(days=1) - dt.timedelta(microseconds=1))
    attempts = Attempt.objects.filter(charge__unit=unit) if unit else Attempt.objects.all()
    return DayClose(
        unit,
        day,
        _totals(attempts.filter(captured_at__range=span), "method"),
        _totals(attempts.filter(refunded_at__range=span), "refund_method"),
    )


def _totals(attempts, by):
    rows = attempts.values_list(by).annotate(Count("id"), Sum("amount")).order_by(by)
    return tuple(Total(*row) for row in rows)
