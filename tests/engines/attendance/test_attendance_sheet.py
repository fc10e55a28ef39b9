"""Coming and going: append-only, by the server's clock; a month says what was worked and what is missing."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction

from fixtures.cases import account, person
from machi.engines.attendance import public as attendance
from machi.engines.attendance.models import Clock, Mark
from machi.engines.attendance.rules import day_of, granted_days, service_months, worked
from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger
from machi.ground.calendar import TOKYO, clock, fiscal_year, now, today

TABLE = sorted(
    [
        {"months": 0, "regular": 20, "d5": 0, "d4": 0, "d3": 0, "d2": 0, "d1": 0},
        {"months": 6, "regular": 20, "d5": 10, "d4": 7, "d3": 5, "d2": 3, "d1": 1},
        {"months": 78, "regular": 20, "d5": 20, "d4": 15, "d3": 11, "d2": 7, "d1": 3},
    ],
    key=lambda row: row["months"],
)


class TestRules:
    @pytest.mark.parametrize(
        ("came", "went", "minutes"),
        [(time(8, 30), time(17, 15), 465), (time(9), time(12), 180), (time(9), time(15), 360), (time(9), None, 0)],
    )
    def test_the_rest_counts_from_six_hours(self, came, went, minutes):
        assert worked(came, went, 60) == minutes

    @pytest.mark.parametrize(
        ("employment", "days", "minutes", "months", "granted"),
        [
            ("regular", 5, 465 * 5, 0, 20),
            ("fiscal_year", 5, 465 * 5, 5, 0),
            ("fiscal_year", 5, 465 * 5, 6, 10),
            ("fiscal_year", 4, 360 * 4, 77, 7),
            ("fiscal_year", 4, 360 * 4, 78, 15),
            ("fiscal_year", 4, 29 * 60, 78, 20),
            ("fiscal_year", 1, 300, 100, 3),
        ],
    )
    def test_leave_follows_service_and_days_of_the_week(self, employment, days, minutes, months, granted):
        found = granted_days(TABLE, employment=employment, weekly_days=days, weekly_minutes=minutes, months=months)
        assert found == granted

    def test_a_month_of_service_is_whole_on_its_day(self):
        assert [service_months(date(2026, 4, 16), day) for day in (date(2026, 10, 15), date(2026, 10, 16))] == [5, 6]

    def test_a_day_that_is_half_clocked_is_missing_only_when_it_is_over(self):
        told = {"is_open": True, "terms": None, "clocks": [("in", time(8, 30))], "marks": []}
        assert [day_of(date(2026, 6, 1), over=over, **told).missing for over in (False, True)] == [False, True]


def press(kind, mail="doro.tanto"):
    return attendance.clock(kind=kind, actor=person(mail))


def at(hour, minute=0):
    return clock(datetime.combine(today(), time(hour, minute), tzinfo=TOKYO))


def day_today(mail="doro.tanto"):
    return attendance.sheet_of(account(mail).person, today().year, today().month).days[today().day - 1]


@pytest.mark.usefixtures("joso")
class TestClock:
    def test_one_comes_and_goes_and_the_day_is_counted(self):
        with at(8, 25):
            press("in")
            press("in")  # pressed twice
        with at(17, 25):
            press("out")
        found = day_today()
        assert (found.came, found.went, found.worked) == (time(8, 25), time(17, 25), 480)
        assert Clock.objects.count() == 2

    def test_the_wrong_turn_is_said_and_nothing_is_written(self):
        with at(8), pytest.raises(attendance.ClockRefused, match="打刻の訂正"):
            press("out")
        with at(9):
            press("in")
        with at(10), pytest.raises(attendance.ClockRefused, match="もう出勤"):
            press("in")
        assert Clock.objects.count() == 1

    def test_what_was_clocked_or_marked_stays(self):
        press("in")
        with pytest.raises(DatabaseError), transaction.atomic():
            Clock.objects.update(at=now())
        with pytest.raises(DatabaseError), transaction.atomic():
            Clock.objects.all()._raw_delete("default")

    def test_a_mark_counts_once_and_until_it_is_taken_back(self):
        told = {
            "person": account("doro.tanto").person, "kind": "corrected", "days": (today(), today()), "title": "訂正",
            "source": "case:1", "actor": person("doro.kacho"), "times": (time(8, 20), time(17, 30)),
        }  # fmt: skip
        assert attendance.mark(**told) == attendance.mark(**told)
        assert day_today().came == time(8, 20)
        for _twice in range(2):
            attendance.cancel_marks(source="case:1", actor=person("doro.kacho"))
        assert day_today().came is None and Mark.objects.count() == 2

    def test_the_terms_of_the_day_count(self):
        told = {
            "employment": "fiscal_year", "hired_on": date(2023, 4, 1), "weekly_days": 5, "day_minutes": 300,
            "starts": time(9), "ends": time(14), "rest_minutes": 0,
        }  # fmt: skip
        who = account("doro.tanto").person
        attendance.set_terms(person=who, from_day=today() + timedelta(days=40), actor=person("somu.tanto"), **told)
        assert attendance.terms_on(today())[who.pk].day_minutes == 465
        assert attendance.terms_on(today() + timedelta(days=40))[who.pk].day_minutes == 300


def test_leave_goes_over_within_its_limit_once(joso):
    holder, year = f"staff:{account('kankyo.kaikei').pk}", fiscal_year(today())
    book, had = current("book", "office.leave").bundle, ledger.balance("office.leave", f"{holder}-{year}")["free"]
    more = [ledger.Posting(book, f"{holder}-{year}", "grant", 21 * 360 - had)]
    ledger.enter(key="more", postings=more, title="x", actor=person("somu.tanto"))
    next_april = date(year + 1, 4, 1)
    (mine,) = [one for one in attendance.grants_for(year + 1, next_april) if one.terms.weekly_days == 4]
    for _twice in range(2):
        attendance.grant(year=year + 1, day=next_april, actor=person("somu.tanto"))

    old, new = (ledger.balance("office.leave", f"{holder}-{one}") for one in (year, year + 1))
    assert (old["free"], old["carried"], old["lapsed"]) == (0, 20 * 360, 360)
    assert mine.days >= 10 and new["free"] == (20 + mine.days) * 360 and ledger.drift() == []
