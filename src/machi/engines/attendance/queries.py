"""Reading sheets: the days of somebody in a month, with their sums."""

import calendar
from dataclasses import dataclass
from datetime import date

from machi.engines.definitions.public import city, current, office_days
from machi.engines.people import public as people
from machi.ground.calendar import OFFICE, TOKYO, today

from .models import Clock, Mark, Terms
from .rules import day_of, next_kind


@dataclass(frozen=True)
class Sheet:
    """A month of somebody: `days` (rules.Day), their terms on its last day, and the sums in minutes."""

    days: list
    terms: Terms | None
    worked: int
    overtime: int
    came: int
    missing: int


def sheet_of(person, year, month):
    """The Sheet of somebody for a month."""
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    terms = list(Terms.objects.filter(person=person, from_day__lte=last).order_by("from_day"))
    clocks = list(Clock.objects.filter(person=person, day__range=(first, last)).order_by("at", "id"))
    marks = marks_of(person, first, last)
    is_open = _office().is_open
    days = [
        day_of(
            day,
            is_open=is_open(day),
            terms=next((one for one in reversed(terms) if one.from_day <= day), None),
            clocks=[(one.kind, _time(one.at)) for one in clocks if one.day == day],
            marks=[one for one in marks if one.first <= day <= one.last],
            over=day < today(),
        )
        for day in (date(year, month, number) for number in range(1, last.day + 1))
    ]
    return Sheet(
        days, terms[-1] if terms else None, sum(one.worked for one in days), sum(one.overtime for one in days),
        sum(bool(one.came) for one in days), sum(one.missing for one in days),
    )  # fmt: skip


def marks_of(person, first, last):
    """What stands marked on the days of somebody from `first` to `last`."""
    found = Mark.objects.filter(person=person, first__lte=last, last__gte=first, cancels=None, cancelled_by=None)
    return list(found.order_by("first", "at"))


def terms_on(day):
    """The terms that count on a day: person id → Terms."""
    found = Terms.objects.filter(from_day__lte=day).order_by("from_day").select_related("person")
    return {one.person_id: one for one in found}


def terms_of(person):
    """All terms of somebody, those that begin last first."""
    return list(Terms.objects.filter(person=person).order_by("-from_day"))


def state_today(actor):
    """(what the next press of the clock is, when the last one was) for a member of staff."""
    person = people.account(actor.account).person
    pressed = list(Clock.objects.filter(person=person, day=today()).order_by("at", "id"))
    return next_kind([one.kind for one in pressed]), (pressed[-1].at.astimezone(TOKYO) if pressed else None)


def _office():
    """The days on which the city's office works."""
    found = city()
    named = found["calendar"].partition("/")[2] if found and found.get("calendar") else ""
    version = current("calendar", named) if named else None
    return office_days(version.bundle) if version else OFFICE


def _time(moment):
    return moment.astimezone(TOKYO).time().replace(second=0, microsecond=0)
