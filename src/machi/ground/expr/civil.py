"""Civil dates of the expression language: durations, ages, fiscal years and business days.

Years run from 1 to 9999; a date outside is blank. A day-time without an offset is Japan's (+09:00, no summer
time).
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone

from machi.ground.calendar import Duration, add_months

JAPAN = timezone(timedelta(hours=9))


def plain_duration(span: Duration) -> str:
    """A duration as it is written: P1Y2M3D, PT15M, P3BD, -P1D."""
    sign = "-" if min(span.months, span.days, span.business, span.seconds) < 0 else ""
    (years, months), (minutes, seconds) = divmod(abs(span.months), 12), divmod(abs(span.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    day_parts = ((years, "Y"), (months, "M"), (abs(span.days), "D"), (abs(span.business), "BD"))
    day_part = "".join(f"{n}{unit}" for n, unit in day_parts if n)
    time_part = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"{sign}P" + (day_part or ("" if time_part else "0D")) + (f"T{time_part}" if time_part else "")


def read_date(text: str) -> date:
    """A date written YYYY-MM-DD exactly. Raises ValueError."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def read_datetime(text: str) -> datetime:
    """A day-time YYYY-MM-DDThh:mm[:ss][±hh:mm], in Japan when no offset is written. Raises ValueError."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d)?", text, re.ASCII):
        raise ValueError(text)
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=JAPAN)).astimezone(JAPAN)


def in_japan(at: datetime) -> datetime | None:
    """The same moment on Japan's clock; None outside the years 1 to 9999."""
    try:
        return at.astimezone(JAPAN)
    except OverflowError:
        return None


def add_days(day: date, days: int) -> date | None:
    """The day so many days later (earlier when negative); None outside the years 1 to 9999."""
    ordinal = day.toordinal() + days
    return day + timedelta(days=days) if 1 <= ordinal <= date.max.toordinal() else None


def age_on(birth: date, on: date) -> int | None:
    """The age in whole years that a person born on `birth` has reached on the day `on`; None before birth.

    By the Act on Calculation of Ages (年齢計算ニ関スル法律, 1902) and Civil Code art. 143, a year of age is
    complete when the day *before* the birthday ends, so the statutes count that day as the day the age is
    reached: born 1 April 2020 means six on 31 March 2026; born 29 February means every 28 February.
    """
    if on < birth:
        return None
    after = on + timedelta(days=1) if on < date.max else None
    year, month_day = (after.year, (after.month, after.day)) if after else (10_000, (1, 1))
    return year - birth.year - (month_day < (birth.month, birth.day))


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year (会計年度, 1 April to 31 March; Local Autonomy Act art. 208)."""
    return day.year - (day.month < 4)


def weekday_only(day: date) -> bool:
    """The calendar used when the context has none: Monday to Friday."""
    return day.weekday() < 5


def _days(start: date, step: int, spend: Callable[[int], None]) -> Iterator[date]:
    day = add_days(start, step)
    while day is not None:
        spend(1)
        yield day
        day = add_days(day, step)


def add_business_days(day: date, n: int, is_open: Callable[[date], bool], spend: Callable) -> date | None:
    """The n-th open day after `day` (before it when negative); `day` itself for 0. One unit of fuel a day."""
    if n == 0:
        return day
    left = abs(n)
    for other in _days(day, 1 if n > 0 else -1, spend):
        left -= is_open(other)
        if left == 0:
            return other
    return None


def business_days_between(start: date, end: date, is_open: Callable[[date], bool], spend: Callable) -> int:
    """How many open days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -business_days_between(end, start, is_open, spend)
    spend((end - start).days)
    return sum(is_open(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def shift(when: date | datetime, by: Duration, sign: int, is_open: Callable, spend: Callable) -> date | None:
    """`when` plus (sign 1) or minus (-1) a duration: months, then days, then business days, then seconds.

    A duration with hours cannot move a plain date: None.
    """
    at = in_japan(when) if isinstance(when, datetime) else None
    if at is None and (by.seconds or isinstance(when, datetime)):
        return None
    day = at.date() if at else when
    try:
        day = add_months(day, sign * by.months)
    except ValueError:  # the year 0 or 10000
        return None
    day = add_days(day, sign * by.days)
    day = day and add_business_days(day, sign * by.business, is_open, spend)
    if day is None or at is None:
        return day
    try:
        return datetime.combine(day, at.timetz()) + timedelta(seconds=sign * by.seconds)
    except OverflowError:
        return None
