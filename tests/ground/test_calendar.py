"""Eras, fiscal years, business days and durations."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from machi.ground.calendar import (
    Calendar,
    Duration,
    UnreadableDate,
    add_months,
    age_on,
    era_date,
    fiscal_year,
    fiscal_year_end,
    fiscal_year_name,
    now,
    parse_date,
    parse_duration,
    today,
)
from machi.ground.daywords import date_words, time_words

day = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2026-11-22", "令和8年11月22日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2019-04-30", "平成31年4月30日"),
        ("1989-01-08", "平成元年1月8日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1926-12-24", "大正15年12月24日"),
        ("1912-07-30", "大正元年7月30日"),
        ("1912-07-29", "明治45年7月29日"),
        ("1873-01-01", "明治6年1月1日"),
        ("1872-12-31", "西暦1872年12月31日"),
    ],
)
def test_dates_are_written_in_their_era(date, words):
    assert era_date(day(date)) == words


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22", "2026/11/22", "2026.11.22", "20261122", "2026年11月22日", "西暦2026年11月22日",
        "２０２６－１１－２２",
        "R8.11.22", "r08-11-22", "Ｒ８．１１．２２", "令8.11.22", "令和8年11月22日",
        "令和８年１１月２２日", "令和 8 年 11 月 22 日",
        "㋿8年11月22日", "令和八年十一月二十二日", "二〇二六年十一月二十二日", "令和8年11月22日（日）",
        " R8/11/22 ",
    ],
)  # fmt: skip
def test_one_date_is_read_in_many_spellings(text):
    assert parse_date(text) == day("2026-11-22")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("令和元年5月1日", "2019-05-01"),
        ("S64.1.7", "1989-01-07"),
        ("昭和二十年八月十五日", "1945-08-15"),
        ("平成31年12月1日", "2019-12-01"),
        ("M6.1.1", "1873-01-01"),
        ("㍻元年1月8日", "1989-01-08"),
    ],
)
def test_first_years_and_papers_printed_ahead_are_read(text, date):
    assert parse_date(text) == day(date)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "あした",
        "2026-13-01",
        "令和8年2月30日",
        "令和元年4月30日",
        "平成32年1月1日",
        "令和0年5月1日",
        "明治5年1月1日",
        "X8.1.1",
        "2026-1",
    ],
)
def test_a_day_that_does_not_exist_is_refused_in_a_sentence(text):
    with pytest.raises(UnreadableDate) as caught:
        parse_date(text)
    assert str(caught.value.message).endswith("。")


@given(st.dates(min_value=dt.date(1800, 1, 1), max_value=dt.date(2200, 1, 1)))
def test_what_is_written_is_read_back(date):
    assert parse_date(era_date(date)) == date
    assert parse_date(date.isoformat()) == date


@pytest.mark.parametrize(
    ("date", "year", "name"),
    [
        ("2026-11-22", 2026, "令和8年度"),
        ("2027-03-31", 2026, "令和8年度"),
        ("2027-04-01", 2027, "令和9年度"),
        ("2019-04-15", 2019, "令和元年度"),
        ("2019-03-31", 2018, "平成30年度"),
        ("1989-02-01", 1988, "昭和63年度"),
    ],
)
def test_fiscal_years_begin_in_april(date, year, name):
    assert fiscal_year(day(date)) == year
    assert fiscal_year_name(day(date)) == name
    assert fiscal_year_end(day(date)) == dt.date(year + 1, 3, 31)


@pytest.mark.parametrize(
    ("date", "is_open"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),  # Saturday
        ("2026-11-23", False),  # 勤労感謝の日
        ("2026-09-22", False),  # 国民の休日
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-01", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
        ("2027-01-11", False),  # 成人の日
    ],
)
def test_office_days(date, is_open):
    assert Calendar().is_open(day(date)) is is_open


def test_a_calendar_may_close_and_open_other_days():
    calendar = Calendar(
        closed=frozenset({day("2026-11-20")}), opened=frozenset({day("2026-11-22")}), year_end=None
    )
    assert not calendar.is_open(day("2026-11-20"))
    assert calendar.is_open(day("2026-11-22"))
    assert calendar.is_open(day("2026-12-29"))
    assert not calendar.is_open(day("2027-01-01"))  # still a national holiday


def test_business_days_skip_the_year_end():
    calendar = Calendar()
    assert calendar.add_business_days(day("2026-12-28"), 1) == day("2027-01-04")
    assert calendar.add_business_days(day("2027-01-04"), -1) == day("2026-12-28")
    assert calendar.add_business_days(day("2026-11-22"), 0) == day("2026-11-22")
    assert calendar.on_or_after(day("2026-11-22")) == day("2026-11-24")
    assert calendar.on_or_before(day("2026-11-23")) == day("2026-11-20")


@given(st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2030, 1, 1)), st.integers(1, 60))
def test_counting_business_days_undoes_adding_them(date, days):
    calendar = Calendar()
    later = calendar.add_business_days(date, days)
    assert calendar.business_days(date, later) == days
    assert calendar.business_days(later, date) == -days


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P3BD", "2026-11-20", "2026-11-26"),
        ("P2M", "2026-12-31", "2027-02-28"),
        ("P1Y", "2028-02-29", "2029-02-28"),
        ("P2W", "2026-11-22", "2026-12-06"),
        ("P30D", "2026-11-22", "2026-12-22"),
        ("-P1D", "2026-11-22", "2026-11-21"),
        ("P1Y2M3D", "2026-11-22", "2028-01-25"),
    ],
)
def test_durations_move_a_date(text, start, end):
    assert parse_duration(text).after(day(start)) == day(end)


def test_a_duration_in_minutes_moves_a_time_and_refuses_a_date():
    start = dt.datetime(2026, 11, 22, 23, 50, tzinfo=dt.UTC)
    assert parse_duration("PT15M").after(start) == dt.datetime(2026, 11, 23, 0, 5, tzinfo=dt.UTC)
    assert parse_duration("P1DT1H").before(start) == dt.datetime(2026, 11, 21, 22, 50, tzinfo=dt.UTC)
    with pytest.raises(ValueError, match="needs a time"):
        parse_duration("PT15M").after(day("2026-11-22"))


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "3D", "P1.5D", "P1M1BDX", "p3d", "P-3D"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_a_duration_is_a_value():
    assert parse_duration("P2W") == parse_duration("P14D") == Duration(days=14)
    assert -parse_duration("-P2M") == parse_duration("P2M")


def test_months_clamp_to_the_last_day():
    assert add_months(day("2027-01-31"), 1) == day("2027-02-28")
    assert add_months(day("2027-03-31"), -13) == day("2026-02-28")


def test_age_changes_on_the_birthday():
    assert age_on(day("2008-11-22"), day("2026-11-21")) == 17
    assert age_on(day("2008-11-22"), day("2026-11-22")) == 18
    assert age_on(day("2008-02-29"), day("2026-02-28")) == 17


@time_machine.travel("2026-11-21T15:30:00Z", tick=False)
def test_today_is_the_date_in_japan():
    assert today() == day("2026-11-22")
    assert now().isoformat() == "2026-11-22T00:30:00+09:00"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "令和8年11月22日（日）"),
        ("ja-easy", "2026年（令和8年） 11月22日 日曜日"),
        ("en", "Sunday, 22 November 2026"),
        ("pt-br", "domingo, 22 de novembro de 2026"),
        ("es", "domingo, 22 de noviembre de 2026"),
        ("zh-hans", "2026年11月22日 星期日"),
        ("unknown", "令和8年11月22日（日）"),
    ],
)
def test_dates_in_the_words_of_each_language(language, words):
    assert date_words(day("2026-11-22"), language) == words


def test_times_in_words_are_japanese_time():
    moment = dt.datetime(2026, 11, 21, 15, 5, tzinfo=dt.UTC)
    assert time_words(moment, "ja") == "令和8年11月22日（日） 0時05分"
    assert time_words(moment, "en") == "Sunday, 22 November 2026 00:05"
