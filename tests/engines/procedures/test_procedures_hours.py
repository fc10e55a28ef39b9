"""Rooms and cars by the hour: seen free, held, firm, given back; and every reason not to get one in words."""

from datetime import timedelta

import pytest

from fixtures.cases import act, active, draft_internal, path, person
from machi.engines.bookings import public as bookings
from machi.engines.procedures import public as procedures
from machi.engines.procedures.hours import spans
from machi.ground.calendar import OFFICE, today

DAY = OFFICE.add_business_days(today(), 2)


def use(thing="main_301", starts="10:00", ends="11:30", day=DAY):
    return {"thing": thing, "day": day.isoformat(), "starts": starts, "ends": ends}


def room(chosen=None, *, mail="doro.tanto", people=8):
    answers = {"purpose": "打合せ", "people": people, "use": chosen or use(), "outside": False}
    return draft_internal(mail, "office.meeting_room", answers)


def car(chosen=None, **more):
    answers = {
        "purpose": "現場の確認", "destination": "内守谷町", "people": 2, "use": chosen or use("kei_1"),
        "driver": "小林 大輔", "licence_until": (today() + timedelta(days=400)).isoformat(),
        "licence_kind": True, "sober": True, **more,
    }  # fmt: skip
    return draft_internal("doro.tanto", "office.vehicle", answers)


def said(refused):
    return " ".join(refused.value.errors.values())


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        ([], ["08:00–21:00"]),
        ([("09:00", "10:15")], ["08:00–09:00", "09:00–10:15 x", "10:15–21:00"]),
        ([("07:00", "09:00"), ("20:00", "21:15")], ["08:00–09:00 x", "09:00–20:00", "20:00–21:00 x"]),
        ([("08:00", "21:00")], ["08:00–21:00 x"]),
    ],
)
def test_a_day_is_cut_where_it_is_taken(taken, found):
    told = [f"{one['from']}–{one['to']}{' x' if one['taken'] else ''}" for one in spans("08:00", "21:00", taken)]
    assert told == found


def test_a_room_is_booked_at_once_and_the_second_is_told(joso):
    case = room()
    assert active(case) == ["booked"]
    assert [one.time for one in bookings.of_owner(case.owner)] == ["10:00–11:30"]

    with pytest.raises(procedures.Refused) as refused:
        room(use(starts="11:30", ends="12:00"), mail="kankyo.tanto")
    assert "重なります" in said(refused)
    assert active(room(use(starts="11:45", ends="12:00"), mail="kankyo.tanto")) == ["booked"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (use(starts="07:45"), "08:00から21:00まで"),
        (use(starts="10:05"), "15分刻み"),
        (use(day=today() - timedelta(days=1)), "までの日を選んで"),
        (use(day=DAY + timedelta(days=(5 - DAY.weekday()) % 7)), "その日は使えません"),
        (use(starts="08:00", ends="20:15"), "12時間まで"),
        (use(starts="11:00", ends="10:00"), "後にしてください"),
        (use(thing="nowhere"), "選べません"),
    ],
)
def test_hours_that_cannot_be_are_said_in_words(joso, chosen, words):
    with pytest.raises(procedures.Refused) as refused:
        room(chosen)
    assert words in said(refused)


def test_a_room_too_small_is_said(joso):
    with pytest.raises(procedures.Refused) as refused:
        room(people=13)
    assert "定員" in said(refused)


def test_the_large_room_is_asked_for_and_refused_it_is_free_again(joso):
    case = room(use("main_large"), people=60)
    assert active(case) == ["look"]
    case = act(case, "complete", person("shisan.tanto"), step="look", outcome="refused", reasons="選挙に使います")
    assert path(case)[-1] == "refused" and bookings.of_owner(case.owner) == []


def test_taken_back_it_is_free_again(joso):
    case = room()
    act(case, "withdraw", person("doro.tanto"))
    assert active(room(mail="kankyo.tanto")) == ["booked"]


def test_a_car_comes_back_with_its_kilometres(joso):
    case = act(car(), "complete", person("doro.kacho"), step="look", outcome="ok", checked=["needed", "licence"])
    driven = {
        "sober_before": True, "sober_after": True, "checked_how": "face", "checked_by": "吉田", "km_before": 12_000,
        "km_after": 11_990,
    }  # fmt: skip
    with pytest.raises(procedures.Refused) as refused:
        act(case, "complete", person("doro.tanto"), step="back", outcome="returned", answers=driven)
    assert "小さく" in said(refused)

    driven |= {"km_after": 12_034, "damage": "右の扉に傷"}
    case = act(case, "complete", person("doro.tanto"), step="back", outcome="returned", answers=driven)
    assert active(case) == ["mend"] and case.steps.get(key="back").answers["km"] == 34


def test_a_licence_that_runs_out_before_is_said(joso):
    with pytest.raises(procedures.Refused) as refused:
        car(licence_until=today().isoformat())
    assert "有効期限" in said(refused)
