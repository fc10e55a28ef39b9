"""Decisions that bind to conditions, and charges that are paid in parts."""

from itertools import pairwise

import pytest
from small_procedure import load_beside, smaller

from fixtures.cases import SYSTEM, act, active, person, send
from machi.engines.payments import public as payments
from machi.engines.procedures import public as procedures

pytestmark = pytest.mark.usefixtures("joso")


@pytest.fixture
def permit(tmp_path):
    """A procedure that decides, perhaps with conditions, and is then paid in three parts."""
    source = smaller()
    steps = source["flow"]["steps"]
    steps["sort"]["next"] = "check"
    steps["sort"]["type"], steps["sort"] = "branch", {"type": "branch", "title": "振分け", "next": [{"to": "check"}]}
    steps["check"] = {
        "type": "decide", "title": "許可の決定", "legal_basis": "見本法 第1条", "appeal": "不服があるときは…",
        "outcomes": {
            "plain": {"label": "許可する", "to": "charge", "result": "granted"},
            "bound": {"label": "条件付きで許可する", "to": "charge", "result": "granted", "conditions": "required"},
            "no": {"label": "許可しない", "to": "refused", "result": "refused", "reasons": "required"},
        },
    }  # fmt: skip
    steps["charge"] |= {"lines": "", "due": "P30D", "instalments": {"count": "3"}}
    steps["charge"].pop("lines")
    del steps["ask"]
    load_beside(tmp_path, source)


def send_permit():
    return send("test.small", {"name": "山田", "route": "a", "copies": 10, "email": "a@joso.example"})


def decide(case, outcome, **words):
    return act(case, "decide", person("shimin.kacho"), outcome=outcome, **words)


def test_a_decision_keeps_its_conditions_and_says_how_to_appeal_against_them(permit):
    decide(case := send_permit(), "bound", conditions="夜間は使わないこと。")
    decide(other := send_permit(), "plain")

    (bound,), (plain,) = (procedures.Decision.objects.filter(case=one) for one in (case, other))
    assert (bound.conditions, bound.appeal) == ("夜間は使わないこと。", "不服があるときは…")
    assert (plain.conditions, plain.appeal) == ("", "")


@pytest.mark.parametrize(("outcome", "words"), [("bound", {}), ("plain", {"conditions": "静かに。"})])
def test_conditions_are_written_where_the_outcome_has_them_and_nowhere_else(permit, outcome, words):
    with pytest.raises(procedures.Refused, match="条件") as refused:
        decide(send_permit(), outcome, **words)
    assert list(refused.value.errors) == ["conditions"]


def test_a_charge_in_parts_ends_the_waiting_when_the_last_part_is_paid(permit):
    case = decide(send_permit(), "plain")
    parts = payments.of_owner(case.owner)
    assert [(one.code, one.amount) for one in parts] == [("charge:1", 1000), ("charge:2", 1000), ("charge:3", 1000)]
    assert all(27 < (later.due_on - first.due_on).days < 32 for first, later in pairwise(parts))
    assert case.steps.get(state="active").due_on == parts[-1].due_on

    for part in parts:
        assert active(case) == ["charge"]
        case = act(case, "take_payment", person("shimin.tanto"), charge=str(part.id), method="cash")
    assert active(case) == ["rest"]


def test_parts_that_are_not_paid_in_time_are_called_off_and_what_was_paid_stays(permit):
    case = decide(send_permit(), "plain")
    first, *_rest = payments.of_owner(case.owner)
    case = act(case, "take_payment", person("shimin.tanto"), charge=str(first.id), method="cash")

    case = act(case, "fire", SYSTEM, timer_step=case.steps.get(state="active").id)

    assert (case.status, case.result) == ("closed", "refused")
    assert [one.state for one in payments.of_owner(case.owner)] == ["paid", "cancelled", "cancelled"]
