"""What a day of somebody comes to: when they came and went, how long they worked. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

LONG = 6 * 60  # minutes of work from which the rest counts (労働基準法第34条)
LONGEST_LEAVE_KEPT = 20  # days of a year's leave that go over into the next


@dataclass(frozen=True)
class Day:
    """One day of a sheet: `planned` and `worked` in minutes; `missing` where somebody came and did not go."""

    day: date
    is_open: bool
    came: time | None = None
    went: time | None = None
    planned: int = 0
    worked: int = 0
    overtime: int = 0
    marks: list = field(default_factory=list)
    missing: bool = False


def day_of(day, *, is_open, terms, clocks, marks, over):
    """The Day of somebody: `clocks` [(kind, time)], `marks` that stand (kind, starts, ends); over: the day is past."""
    came = min((at for kind, at in clocks if kind == "in"), default=None)
    went = max((at for kind, at in clocks if kind == "out"), default=None)
    for mark in marks:
        if mark.kind == "corrected":
            came, went = mark.starts or came, mark.ends or went
    away = any(mark.kind in ("leave", "travel") and mark.starts is None for mark in marks)
    half = bool(came) != bool(went)
    expected = is_open and terms is not None and terms.weekly_days >= 5 and not away
    return Day(
        day=day,
        is_open=is_open,
        came=came,
        went=went,
        planned=terms.day_minutes if terms and is_open else 0,
        worked=worked(came, went, terms.rest_minutes if terms else 60),
        overtime=sum(minutes(mark.starts, mark.ends) for mark in marks if mark.kind == "overtime"),
        marks=list(marks),
        missing=over and (half or (expected and not came)),
    )


def worked(came, went, rest):
    """Minutes worked from `came` to `went`, without the rest where it is long enough to have one."""
    span = minutes(came, went)
    return span - rest if span > LONG else span


def minutes(starts, ends):
    """The minutes between two times of a day, 0 where one is not known or they are the wrong way round."""
    if not (starts and ends):
        return 0
    span = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    return max(int(span.total_seconds() // 60), 0)


def next_kind(kinds):
    """What the next press of the clock is, after these of a day: coming or going."""
    return "out" if kinds and kinds[-1] == "in" else "in"


def service_months(hired, day):
    """Whole months of service on a day."""
    months = (day.year - hired.year) * 12 + day.month - hired.month
    return months - 1 if day.day < hired.day else months


def granted_days(table, *, employment, weekly_days, weekly_minutes, months):
    """Days of paid leave by the table of the city ([{"months", "d5" … "d1", "regular"}], the longest service last).

    29 hours a week or more count as five days a week (労働基準法施行規則第24条の3).
    """
    reached = [row for row in table if months >= row["months"]]
    if not reached:
        return 0
    if employment == "regular":
        return reached[-1]["regular"]
    row_of = 5 if weekly_minutes >= 29 * 60 else min(weekly_days, 5)
    return reached[-1][f"d{row_of}"]
