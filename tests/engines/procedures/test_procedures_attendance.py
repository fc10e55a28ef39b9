"""Leave, overtime, corrections and travel: what is left is counted, and the sheet of the month tells it."""

from datetime import time, timedelta

import pytest
import time_machine

from fixtures.cases import account, act, active, draft_internal, path, person
from fixtures.money import BUDGET, accountant, chosen, stand
from machi.engines.attendance import public as attendance
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.procedures.actions import fire_timer
from machi.ground.calendar import OFFICE, fiscal_year, today

pytestmark = pytest.mark.usefixtures("joso")
DAY = OFFICE.add_business_days(today(), 3)
TRAVEL = "2026-01-08-02-01-001-08"


def holder(mail="doro.tanto"):
    return f"staff:{account(mail).pk}"


def leave_account(mail="doro.tanto"):
    return f"{holder(mail)}-{fiscal_year(today())}"


def leave(mail="doro.tanto", **more):
    answers = {
        "kind": "annual", "unit": "day", "first_day": DAY.isoformat(), "last_day": DAY.isoformat(), "days": 1,
        "balance": chosen("office.leave", leave_account(mail)), **more,
    }  # fmt: skip
    return draft_internal(mail, "office.leave", answers)


def approve(case, chief="doro.kacho", **more):
    step = case.steps.get(state="active")
    checks = [line["key"] for line in case.definition.bundle["flow"]["steps"][step.key]["checklist"]]
    return act(case, "complete", person(chief), step=step.key, outcome="ok", checked=checks, **more)


def fire(case):
    """The day that the case waits for has come. Returns the case."""
    step = case.steps.get(state="active")
    with time_machine.travel(f"{step.due_on}T09:00+09:00", tick=True):
        fire_timer(case_id=case.id, step_id=step.id)
    return procedures.Case.objects.get(pk=case.pk)


def day_of(day, mail="doro.tanto"):
    return attendance.sheet_of(account(mail).person, day.year, day.month).days[day.day - 1]


def test_a_day_of_leave_is_asked_approved_seen_in_the_sheet_and_taken():
    case = leave()
    assert stand("office.leave", leave_account())["asked"] == 465
    case = approve(case)
    assert (active(case), day_of(DAY).marks[0].title) == (["until"], "年次有給休暇")
    case = fire(case)
    assert case.status == "closed" and stand("office.leave", leave_account())["taken"] == 465


def test_part_time_staff_take_hours_of_their_own_days():
    hours = {"unit": "hours", "starts": "13:00", "ends": "15:15", "whole_hours": 2, "quarter": "q15"}
    case = leave("kankyo.kaikei", **hours, days=None, last_day=None)
    assert stand("office.leave", leave_account("kankyo.kaikei"))["asked"] == 135
    approve(case, "kankyo.kacho")
    assert day_of(DAY, "kankyo.kaikei").marks[0].starts == time(13)


def test_leave_that_is_not_taken_comes_back_also_after_the_approval():
    before = stand("office.leave", leave_account())
    case, who = approve(leave()), account("doro.tanto").person
    assert [one.during.lower for one in people.absences_from_today([who])] == [DAY]
    act(case, "withdraw", person("doro.tanto"))
    assert people.absences_from_today([who]) == []
    assert stand("office.leave", leave_account()) == before and day_of(DAY).marks == []


def test_more_leave_than_there_is_is_said_before_it_is_sent():
    last = (DAY + timedelta(days=40)).isoformat()
    with pytest.raises(procedures.Refused) as refused:
        leave(last_day=last, days=21)
    assert "1日足りません" in refused.value.errors["balance"]


def test_nobody_takes_the_leave_of_another():
    with pytest.raises(procedures.Refused) as refused:
        leave(balance=chosen("office.leave", leave_account("kankyo.tanto")))
    assert "balance" in refused.value.errors


def test_overtime_warns_at_the_agreed_limit_and_stops_below_a_hundred_hours():
    account_code = f"{holder()}-{today():%Y-%m}"

    def overtime(minutes):
        answers = {
            "day": today().isoformat(), "starts": "17:30", "ends": "23:30", "minutes": minutes,
            "month": chosen("office.overtime", account_code), "work": "災害対応", "instead": "none",
        }  # fmt: skip
        return draft_internal("doro.tanto", "office.overtime", answers)

    cases = [overtime(720) for _night in range(8)]
    assert stand("office.overtime", account_code) == {"free": 45 * 60 - 8 * 720, "asked": 8 * 720}
    with pytest.raises(procedures.Refused):
        overtime(720)

    case = fire(approve(cases[0]))
    done = {"done_starts": "17:30", "done_ends": "19:00", "done_minutes": 90}
    case = act(case, "complete", person("doro.kacho"), step="confirm", outcome="ok", answers=done)
    assert case.status == "closed" and day_of(today()).overtime == 90
    assert stand("office.overtime", account_code)["done"] == 90


def test_a_correction_stands_in_the_sheet_beside_what_was_clocked():
    answers = {"day": today().isoformat(), "starts": "08:25", "ends": "17:30", "why": "forgot"}
    approve(draft_internal("doro.tanto", "office.clock_correction", answers))
    assert (day_of(today()).came, day_of(today()).went) == (time(8, 25), time(17, 30))


def travel(**more):
    answers = {
        "destination": "東京都千代田区", "purpose": "全国会議", "from_day": DAY.isoformat(), "to_day": DAY.isoformat(),
        "area": "kanto", "nights": 0, "line": chosen(BUDGET, TRAVEL),
        "legs": [{"_id": "r1", "from_place": "水海道", "to_place": "東京", "means": "train", "fare": 3640}], **more,
    }  # fmt: skip
    return draft_internal("doro.tanto", "office.travel", answers)


def test_travel_is_reserved_settled_by_what_it_cost_and_paid():
    case = approve(travel())
    assert stand(BUDGET, TRAVEL) == {"free": 354_160, "reserved": 5_840}
    assert day_of(DAY).marks[0].kind == "travel"
    case = fire(case)
    assert active(case) == ["settle"]

    with time_machine.travel(f"{DAY + timedelta(days=1)}T10:00+09:00", tick=True):
        answers = procedures.answers_of(case)
        answers["legs"][0]["fare"] = 3_000
        with pytest.raises(procedures.Refused) as refused:
            act(case, "correct", person("doro.tanto"), answers=answers)
        assert "report" in refused.value.errors
        case = act(case, "correct", person("doro.tanto"), answers={**answers, "report": "会議に出ました。"})
        assert stand(BUDGET, TRAVEL)["reserved"] == 5_200
        case = approve(case)
        case = act(
            case, "complete", accountant(), step="pay", outcome="paid", answers={"paid_on": DAY.isoformat()}
        )
    assert path(case)[-2:] == ["spend", "done"] and stand(BUDGET, TRAVEL) == {"free": 354_800, "spent": 5_200}
