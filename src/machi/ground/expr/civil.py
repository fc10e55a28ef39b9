"""Civil dates of the expression language: durations, ages, fiscal years and business days.

Years run from 1 to 9999; a date outside is blank. A day-time without an offset is Japan's (+09:00, no summer time).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
_PARTS = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
                    r"(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?", re.ASCII)  # fmt: skip
_BUSINESS = re.compile(r"P(\d{1,4})BD", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A span in calendar months, days, business days and seconds; written P1Y2M3D, PT15M or P3BD."""

    months: int = 0
    days: int = 0
    business_days: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        if self.business_days:
            return f"P{self.business_days}BD"
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        day_part = "".join(f"{n}{u}" for n, u in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        time_part = "".join(f"{n}{u}" for n, u in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        return "P" + (day_part or ("" if time_part else "0D")) + (f"T{time_part}" if time_part else "")


def read_duration(text: str) -> Duration:
    """An ISO 8601 duration, or P<n>BD for business days. Raises ValueError."""
    if business := _BUSINESS.fullmatch(text):
        return Duration(business_days=int(business[1]))
    parts = _PARTS.fullmatch(text)
    if not parts or text.endswith(("P", "T")):
        raise ValueError(text)
    y, mo, w, d, h, mi, s = (int(p or 0) for p in parts.groups())
    return Duration(months=y * 12 + mo, days=w * 7 + d, seconds=h * 3600 + mi * 60 + s)


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


def add_months(day: date, months: int) -> date | None:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def age_on(birth: date, on: date) -> int | None:
    """The age in whole years that a person born on `birth` has reached on the day `on`; None before birth.

    By the Act on Calculation of Ages (年齢計算ニ関スル法律, 1902) and Civil Code art. 143, a year of age is complete
    when the day *before* the birthday ends, so the statutes count that day as the day the age is reached:
    born 1 April 2020 means six on 31 March 2026; born 29 February means every 28 February.
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
    day = add_months(at.date() if at else when, sign * by.months)
    day = day and add_days(day, sign * by.days)
    day = day and add_business_days(day, sign * by.business_days, is_open, spend)
    if day is None or at is None:
        return day
    try:
        return datetime.combine(day, at.timetz()) + timedelta(seconds=sign * by.seconds)
    except OverflowError:
        return None
