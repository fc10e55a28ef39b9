"""How long documents are kept, and where they stand in their lives."""

from datetime import date

import pytest

from machi.engines.filing import rules

DAY = date.fromisoformat


@pytest.mark.parametrize(
    ("completed", "keep", "until"),
    [
        ("2026-04-01", "1", "2028-03-31"),  # the first day of fiscal 2026
        ("2027-03-31", "1", "2028-03-31"),  # its last day: the same
        ("2027-04-01", "1", "2029-03-31"),  # the next fiscal year
        ("2026-11-25", "3", "2030-03-31"),
        ("2026-11-25", "30", "2057-03-31"),
        ("2024-02-29", "5", "2029-03-31"),
        ("2026-11-25", "permanent", None),
        ("2026-11-25", "standing", None),
    ],
)
def test_retention_counts_from_the_fiscal_year_after_completion(completed, keep, until):
    assert rules.kept_until(DAY(completed), keep) == (until and DAY(until))


def test_what_is_open_has_no_last_day():
    assert rules.kept_until(None, "3") is None


def test_the_last_day_is_still_kept():
    until = DAY("2030-03-31")

    assert not rules.is_due(until, until)
    assert rules.is_due(until, DAY("2030-04-01"))
    assert not rules.is_due(None, DAY("2099-01-01"))


def test_a_document_that_waits_stands_at_what_was_done_last():
    days = {"received": DAY("2026-11-25"), "decided": DAY("2026-11-27"), "issued": None}

    assert rules.life(first="received", days=days, state="open") == [
        ("received", DAY("2026-11-25"), "done"),
        ("decided", DAY("2026-11-27"), "now"),
        ("completed", None, "later"),
        ("kept", None, "later"),
        ("gone", None, "later"),
    ]


def test_a_completed_document_is_being_kept_and_a_destroyed_one_is_at_its_end():
    assert [state for _stage, _day, state in rules.life(first="drafted", days={}, state="completed")] == [
        "done", "done", "now", "later"
    ]  # fmt: skip
    assert {state for _stage, _day, state in rules.life(first="drafted", days={}, state="destroyed")} == {"done"}
