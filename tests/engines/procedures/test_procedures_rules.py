"""The status machine, the clock, and the walks over a flow: pure decisions."""

from datetime import date

import pytest
from small_procedure import compiled, small

from machi.engines.audit.define import Actor
from machi.engines.procedures import rules
from machi.engines.procedures.models import ENDED, STATUSES, Case
from machi.engines.procedures.scenarios import compatibility, run_scenarios
from machi.ground.calendar import Calendar


@pytest.mark.parametrize("old", STATUSES)
@pytest.mark.parametrize("new", STATUSES)
def test_only_the_changes_of_the_machine_are_possible(old, new):
    if old == new or new in rules.TRANSITIONS[old]:
        rules.check_transition(old, new)
    else:
        with pytest.raises(rules.Illegal):
            rules.check_transition(old, new)


def test_what_is_withdrawn_or_void_stays_so_and_what_is_closed_is_only_reopened():
    assert rules.TRANSITIONS["withdrawn"] == rules.TRANSITIONS["void"] == set()
    assert rules.TRANSITIONS["closed"] == {"working"}
    assert not any("withdrawn" in rules.TRANSITIONS[status] for status in ("decided", *ENDED))


@pytest.mark.parametrize(
    ("closed", "years", "last"),
    [
        (date(2026, 11, 22), 3, date(2030, 3, 31)),
        (date(2027, 3, 31), 3, date(2030, 3, 31)),
        (date(2027, 4, 1), 1, date(2029, 3, 31)),
    ],
)
def test_cases_are_kept_full_fiscal_years_after_the_one_in_which_they_ended(closed, years, last):
    assert rules.retention_end(closed, years) == last


def test_the_clock_stands_still_in_the_unit_of_the_promise():
    calendar = Calendar()
    friday, monday, tuesday = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)

    assert rules.later_by_pause(monday, friday, monday, "P5BD", calendar) == tuesday
    assert rules.later_by_pause(monday, friday, monday, "P60D", calendar) == date(2026, 12, 3)
    assert rules.later_by_pause(None, friday, monday, "P60D", calendar) is None


def test_the_applicant_is_the_account_or_who_holds_the_link():
    case = Case(account_id=7)
    assert rules.is_applicant(Actor(kind="resident", account=7), case)
    assert rules.is_applicant(Actor(kind="resident", person=case.owner), case)
    assert not rules.is_applicant(Actor(kind="staff", account=7), case)
    assert not rules.is_applicant(Actor(kind="resident", account=8), case)
    assert not rules.is_applicant(Actor(kind="resident"), Case())


def test_a_branch_is_taken_when_its_condition_is_true_and_not_when_it_is_blank():
    branches = [{"if": "a", "to": "one"}, {"if": "b", "to": "two"}, {"if": None, "to": "rest"}]

    assert rules.choose(branches, {"a": None, "b": True}.get) == "two"
    assert rules.choose(branches, {"a": None, "b": False}.get) == "rest"
    assert rules.choose("plain", None) == "plain"
    with pytest.raises(rules.Illegal):
        rules.choose(branches[:1], lambda text: False)


def scenario(**expect):
    source = small()
    source["tests"] = [
        {"name": "試し", "given": {"name": "山田", "route": "a", "copies": 4}, "take": {"check": "no"},
         "expect": expect}
    ]  # fmt: skip
    return run_scenarios(compiled(source))


def test_a_scenario_that_comes_true_is_no_fault():
    assert (
        scenario(path=["receive", "sort", "check", "refused"], total=1200, visible=["lines"], required=["name"]) == []
    )


@pytest.mark.parametrize(
    "expect",
    [
        {"total": 1201},
        {"total": ""},
        {"nothing": 1},
        {"path": ["receive", "sort", "check"]},
        {"path": ["receive", "sort", "charge", "paper", "rest", "done"]},
        {"hidden": ["lines"]},
        {"visible": ["no_such_field"]},
        {"hidden": ["no_such_field"]},
        {"required": ["lines"]},
        {"errors": ["name"]},
    ],
)
def test_a_scenario_that_does_not_come_true_is_a_fault_that_says_what_came_out(expect):
    (fault,) = scenario(**expect)

    assert fault.path == ("tests", 0, "expect", next(iter(expect)))
    assert "テスト「試し」" in fault.message and fault.mend


def test_business_days_in_scenarios_are_the_offices_own():
    source = small()  # 2026-11-24 is a Tuesday on which this office is closed
    source["flow"]["steps"]["sort"]["next"][0]["if"] = "add_business_days(date('2026-11-20'), 1) == date('2026-11-25')"
    source["tests"][0] |= {
        "take": {"check": "no"},
        "expect": {"path": ["receive", "sort", "check", "refused"]},
    }

    assert run_scenarios(compiled(source)) == []


def test_losing_a_field_or_a_step_is_breaking_and_gaining_one_is_not():
    old = compiled(small())
    more, less, other, gone = small(), small(), small(), small()
    more["fields"].append({"key": "note", "type": "text", "label": "備考"})
    more["pages"][0]["fields"].append("note")
    less["fields"] = [f for f in less["fields"] if f.get("use") is None]
    less["contact_fields"].pop("email")
    less["pages"][0]["fields"].remove("email")
    other["fields"][0]["type"] = "longtext"
    gone["flow"]["steps"]["paper"]["next"] = "done"
    del gone["flow"]["steps"]["rest"]
    gone["tests"] = []

    assert compatibility(old, compiled(small())) == "none"
    assert compatibility(old, compiled(more)) == "additive"
    assert {compatibility(old, compiled(one)) for one in (less, other, gone)} == {"breaking"}
