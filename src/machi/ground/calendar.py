"""Days as a Japanese city hall counts them: eras, fiscal years, business days, durations, and days in words.

Dates are ISO in storage; the era is for people who read and write. Clock times are aware and in Asia/Tokyo.
"""

import calendar as months
import datetime as dt
import json
import re
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import jpholiday
from django.utils import timezone
from django.utils.translation import gettext as _

TOKYO = ZoneInfo("Asia/Tokyo")
_DATA = json.loads(Path(__file__).with_name("eras.json").read_text(encoding="utf-8"))
SOLAR_FROM = dt.date.fromisoformat(
    _DATA["solar_calendar_from"]
)  # before it, era days follow the lunar calendar


@dataclass(frozen=True)
class Era:
    """One era (元号): its names and its first day."""

    name: str
    short: str
    letter: str
    romaji: str
    start: dt.date


ERAS = tuple(Era(**{**row, "start": dt.date.fromisoformat(row["start"])}) for row in _DATA["eras"])


class UnreadableDate(ValueError):
    """A date that cannot be read or does not exist; `message` says so to the reader."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


_clock = ContextVar("clock", default=None)


def now():
    """The moment now, aware, in Asia/Tokyo."""
    return (_clock.get() or timezone.now()).astimezone(TOKYO)


@contextmanager
def clock(moment):
    """Inside this block it is `moment` (aware): for sample data and exercises that play on another day."""
    token = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(token)


def today():
    """The date in Japan today."""
    return now().date()


def era_of(date):
    """The era of `date`, or None before the solar calendar (1873-01-01), when era days were lunar."""
    if date < SOLAR_FROM:
        return None
    return next(era for era in reversed(ERAS) if era.start <= date)


def era_date(date):
    """`date` in the Japanese era: 令和8年11月22日, the first year as 元年. Before 1873 the western date."""
    return f"{era_year(date)}{date.month}月{date.day}日"


def era_year(date):
    """The year of `date` in the Japanese era: 令和8年, 令和元年."""
    era = era_of(date)
    if era is None:
        return f"西暦{date.year}年"
    number = date.year - era.start.year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


_ERA_NAMES = {key: era for era in ERAS for key in (era.name, era.short, era.letter)}
_SEPARATED = r"(?P<year>{year})\s*[年./\-]\s*(?P<month>\d{{1,2}})\s*[月./\-]\s*(?P<day>\d{{1,2}})\s*日?"
_ERA_FORM = re.compile(
    rf"(?P<era>{'|'.join(_ERA_NAMES)})\s*\.?\s*" + _SEPARATED.format(year=r"\d{1,3}|元"), re.IGNORECASE
)
_WESTERN_FORM = re.compile("(?:西暦)?" + _SEPARATED.format(year=r"\d{4}"))
_COMPACT_FORM = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十]+")
_WEEKDAY = re.compile(r"\s*\([日月火水木金土](?:曜日?)?\)$")


def parse_date(text):
    """The date written in `text`, western or in an era, in the spellings people use; half or full width.

    2026-11-22, 2026/11/22, 20261122, 2026年11月22日, R8.11.22, 令8.11.22, 令和元年5月1日,
    令和八年十一月二十二日, ㋿8年11月22日 …
    Raises UnreadableDate when it is no such spelling, no day of the calendar, or outside its era.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _KANJI_NUMBER.sub(_kanji_number, _WEEKDAY.sub("", plain)).translate({0x2212: "-", 0x30FC: "-"})
    if found := _ERA_FORM.fullmatch(plain):
        return _era_day(found)
    found = _WESTERN_FORM.fullmatch(plain) or _COMPACT_FORM.fullmatch(plain)
    if not found:
        raise UnreadableDate(
            _("日付を読み取れません。「令和8年11月22日」か「2026-11-22」のように入力してください。")
        )
    return _existing_day(*(int(found[part]) for part in ("year", "month", "day")))


def _kanji_number(found):
    """九十九 or below as Arabic figures; 元 is left to the era's form."""
    digits, value = "〇一二三四五六七八九", 0
    if "十" not in found[0]:
        return "".join(str(digits.index(letter)) for letter in found[0])
    tens, _ten, ones = found[0].partition("十")
    value = (digits.index(tens) if tens else 1) * 10
    return str(value + (digits.index(ones) if ones else 0))


def _existing_day(year, month, day):
    try:
        return dt.date(year, month, day)
    except ValueError:
        message = _("%(year)s年%(month)s月%(day)s日という日はありません。")
        raise UnreadableDate(message % {"year": year, "month": month, "day": day}) from None


def _era_day(found):
    era = _ERA_NAMES.get(found["era"]) or _ERA_NAMES[found["era"].upper()]
    number = 1 if found["year"] == "元" else int(found["year"])
    date = _existing_day(era.start.year + number - 1, int(found["month"]), int(found["day"]))
    if date < SOLAR_FROM:
        raise UnreadableDate(_("明治5年までの日付は旧暦です。西暦で入力してください。"))
    following = next((other for other in ERAS if other.start > era.start), None)
    # A day after the era's end is read within that year: papers of 平成31年 and 昭和64年 were printed ahead.
    if number < 1 or date < era.start or (following and date.year > following.start.year):
        message = _("%(era)s%(number)s年%(month)s月%(day)s日は、%(era)sの期間に入りません。")
        words = {"era": era.name, "number": number, "month": date.month, "day": date.day}
        raise UnreadableDate(message % words)
    return date


def fiscal_year(date):
    """The fiscal year (年度, from 1 April) of `date`, as the western year in which it begins."""
    return date.year - (date.month < 4)


def fiscal_year_name(date):
    """The fiscal year of `date` in words: 令和8年度. 2019 is 令和元年度 throughout, as the government
    decided.
    """
    year = fiscal_year(date)
    return _DATA["fiscal_years"].get(str(year)) or f"{era_year(dt.date(year, 4, 1))}度"


def fiscal_year_start(year):
    """The first day of the fiscal year that begins in `year`: 1 April."""
    return dt.date(year, 4, 1)


def fiscal_year_end(date):
    """The last day of the fiscal year of `date`: 31 March."""
    return dt.date(fiscal_year(date) + 1, 3, 31)


@dataclass(frozen=True)
class Calendar:
    """When an office is open. By default: closed at weekends, on national holidays and from 29 December to 3
    January.

    `closed` and `opened` are single dates that differ; `weekdays` are the closed weekdays (Monday 0);
    `year_end` is the
    first and last (month, day) of the closing, or None.
    """

    closed: frozenset = frozenset()
    opened: frozenset = frozenset()
    weekdays: frozenset = frozenset({5, 6})
    holidays: bool = True
    year_end: tuple | None = field(default=((12, 29), (1, 3)))

    def is_open(self, date):
        """Whether the office works on `date`."""
        if date in self.opened:
            return True
        if date in self.closed or date.weekday() in self.weekdays or self._in_year_end(date):
            return False
        return not (self.holidays and _is_holiday(date))

    def _in_year_end(self, date):
        if not self.year_end:
            return False
        first, last = self.year_end
        day = (date.month, date.day)
        return day >= first or day <= last if first > last else first <= day <= last

    def on_or_after(self, date):
        """The first business day on or after `date`."""
        return self._first_open(date, 1)

    def on_or_before(self, date):
        """The last business day on or before `date`."""
        return self._first_open(date, -1)

    def _first_open(self, date, direction):
        for _day in range(400):
            if self.is_open(date):
                return date
            date += dt.timedelta(days=direction)
        message = "this calendar has no business day within 400 days"
        raise ValueError(message)

    def add_business_days(self, date, days):
        """The `days`-th business day after `date` (before it when negative); the first day itself is not
        counted (民法140条).
        """
        direction = 1 if days >= 0 else -1
        for _day in range(abs(days)):
            date = self._first_open(date + dt.timedelta(days=direction), direction)
        return date

    def business_days(self, start, end):
        """How many business days lie after `start` up to and including `end`; negative when `end` is before
        `start`.
        """
        if end < start:
            return -self.business_days(end, start)
        span = (end - start).days
        return sum(self.is_open(start + dt.timedelta(days=day)) for day in range(1, span + 1))


@cache
def _is_holiday(date):
    return jpholiday.is_holiday(date)


OFFICE = Calendar()
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:(?P<business>\d{1,4})BD)?(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)


@dataclass(frozen=True)
class Duration:
    """A length of time as definitions write it: ISO 8601 (`P2M`, `P30D`, `PT15M`, `-P1D`) and business days
    (`P3BD`).
    """

    months: int = 0
    days: int = 0
    business: int = 0
    seconds: int = 0

    def after(self, moment, calendar=OFFICE):
        """The date or time this duration after `moment`: the same kind as given.

        A month without such a day ends on its last day (民法143条2項). A date with hours, minutes or seconds
        is a ValueError.
        """
        is_moment = isinstance(moment, dt.datetime)
        if self.seconds and not is_moment:
            message = "a duration with hours, minutes or seconds needs a time to start from, not a date"
            raise ValueError(message)
        date = add_months(moment.date() if is_moment else moment, self.months) + dt.timedelta(days=self.days)
        date = calendar.add_business_days(date, self.business)
        if not is_moment:
            return date
        return dt.datetime.combine(date, moment.timetz()) + dt.timedelta(seconds=self.seconds)

    def before(self, moment, calendar=OFFICE):
        """The date or time this duration before `moment`."""
        return (-self).after(moment, calendar)

    def __neg__(self):
        return Duration(-self.months, -self.days, -self.business, -self.seconds)


def parse_duration(text):
    """The Duration written in `text`. Raises ValueError when it is not of that form or empty."""
    found = _DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")):
        message = f"not a duration such as P3BD, P2M, P30D or PT15M: {text!r}"
        raise ValueError(message)
    number = {name: int(value or 0) for name, value in found.groupdict().items() if name != "sign"}
    duration = Duration(
        months=number["years"] * 12 + number["months"],
        days=number["weeks"] * 7 + number["days"],
        business=number["business"],
        seconds=number["hours"] * 3600 + number["minutes"] * 60 + number["seconds"],
    )
    return -duration if found["sign"] else duration


def add_months(date, number):
    """`date` moved by `number` months; where the month is shorter, its last day."""
    year, month = divmod(date.year * 12 + date.month - 1 + number, 12)
    return date.replace(year=year, month=month + 1, day=min(date.day, months.monthrange(year, month + 1)[1]))


def age_on(born, date):
    """Full years of age on `date`. A year is complete at the end of the day before the birthday
    (年齢計算ニ関スル法律), so for
    rights that begin at an age the day before counts; this is the everyday age, which changes on the
    birthday.
    """
    return date.year - born.year - ((date.month, date.day) < (born.month, born.day))
