"""支出負担行為 and 支出命令: nothing is spent that was not allotted, nothing paid that was not committed."""

import pytest
from django.db import DatabaseError, transaction

from fixtures.cases import act, active, draft_internal, path, person
from fixtures.drafts import mark
from fixtures.money import (
    ACCOUNTS,
    BUDGET,
    CHIEF,
    CLERK,
    COMMITMENTS,
    SUPPLIES,
    WORKS,
    accountant,
    chosen,
    expenditure,
    payment,
    stand,
)
from machi.engines.ledger import public as ledger
from machi.engines.ledger.models import Balance
from machi.engines.procedures import public as procedures
from machi.ground.calendar import fiscal_year, today

pytestmark = pytest.mark.usefixtures("joso")
CHECKED = ["law", "settled", "payee"]


def before():
    return {"unallotted": 3_000_000, "free": 9_000_000}


def committed(amount):
    """A decided commitment. Returns its case."""
    return mark(expenditure(amount), "approve", CHIEF)


def pay(case):
    """Take a payment order through approval, examination and payment."""
    case = mark(case, "approve", CHIEF)
    case = act(case, "complete", accountant(), step="examine", outcome="ok", checked=CHECKED)
    answers = {"paid_on": case.submitted_at.date().isoformat()}
    return act(case, "complete", accountant(), step="pay", outcome="paid", answers=answers)


def test_a_commitment_takes_from_the_allotment_when_drafted_and_stands_when_decided():
    case = expenditure(400_000)
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_600_000, "reserved": 400_000}

    case = mark(case, "approve", CHIEF)
    assert (case.status, case.result) == ("closed", "completed")
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_600_000, "committed": 400_000}
    account = ledger.account(COMMITMENTS, case.number)
    assert (account.parent.code, account.unit, account.source) == (SUPPLIES, "roads", case.owner)
    assert stand(COMMITMENTS, case.number) == {"open": 400_000}


def test_partial_orders_use_the_commitment_up_and_no_more():
    number = committed(400_000).number
    first = pay(payment(300_000, commitment=number))
    assert (first.status, stand(COMMITMENTS, number)) == ("closed", {"open": 100_000, "paid": 300_000})
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_600_000, "committed": 100_000, "spent": 300_000}

    with pytest.raises(procedures.Refused) as refused:
        payment(100_001, commitment=number)
    assert "100,000円" in refused.value.errors["commitment"] and "1円足りません" in refused.value.errors["commitment"]
    pay(payment(100_000, commitment=number))
    assert stand(COMMITMENTS, number) == {"paid": 400_000}


def test_a_combined_order_commits_orders_and_spends_on_the_line():
    case = pay(payment(4_800))
    assert path(case)[-2:] == ["spend_combined", "done"]
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_995_200, "spent": 4_800}


def test_what_the_accountant_sends_back_gives_back_and_is_answered_again():
    case = mark(payment(4_800), "approve", CHIEF)
    case = act(case, "complete", accountant(), step="examine", outcome="back", reasons="口座が違います")
    assert active(case) == ["rewrite"] and stand(BUDGET, SUPPLIES) == before()

    answers = {**procedures.answers_of(case), "amount": 5_000}
    case = act(case, "correct", person(CLERK), answers=answers)
    assert active(case) == ["approve"] and stand(BUDGET, SUPPLIES)["reserved"] == 5_000


def test_too_much_is_refused_before_it_is_sent():
    with pytest.raises(procedures.Refused) as refused:
        expenditure(9_000_001)
    assert "9,000,000円" in refused.value.errors["line"]
    assert stand(BUDGET, SUPPLIES) == before() and not procedures.Case.objects.exists()


def test_what_ran_out_meanwhile_waits_with_its_sentence_and_goes_on_when_mended():
    case = expenditure(400_000)
    case = mark(case, "send_back", CHIEF, comment="金額を確かめてください。")
    assert active(case) == ["rewrite"] and stand(BUDGET, SUPPLIES) == before()
    expenditure(8_900_000)

    with pytest.raises(procedures.Refused):
        act(case, "correct", person(CLERK), answers=procedures.answers_of(case))
    answers = {**procedures.answers_of(case), "amount": 100_000}
    case = act(case, "correct", person(CLERK), answers=answers)
    assert active(case) == ["approve"]
    assert stand(BUDGET, SUPPLIES) == {"unallotted": 3_000_000, "reserved": 9_000_000}


def test_taken_back_or_rejected_everything_is_as_before():
    case = expenditure(400_000)
    act(case, "withdraw", person(CLERK))
    mark(expenditure(300_000), "reject", CHIEF, comment="不要")
    assert stand(BUDGET, SUPPLIES) == before()


def test_what_others_rest_on_cannot_be_struck_out():
    case = committed(400_000)
    payment(300_000, commitment=case.number)
    with pytest.raises(ledger.Short):
        ledger.undo(source=case.owner, title="取消し", actor=person(CHIEF))


def test_a_change_takes_more_or_gives_back_what_is_not_ordered():
    number = committed(400_000).number
    pay(payment(300_000, commitment=number))

    def change(how, amount):
        answers = {"how": how, "amount": amount, "commitment": chosen(COMMITMENTS, number), "reason": "変更"}
        return mark(draft_internal(CLERK, "office.expenditure_change", answers), "approve", CHIEF)

    change("more", 50_000)
    assert stand(COMMITMENTS, number) == {"open": 150_000, "paid": 300_000}
    change("less", 150_000)
    assert stand(COMMITMENTS, number) == {"paid": 300_000}
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_700_000, "spent": 300_000}
    with pytest.raises(procedures.Refused, match="入力"):
        change("less", 1)


@pytest.mark.parametrize("wrong", [{"title": "別の名前"}, {"code": "2026-01-04-02-01-001-10"}, {"code": "x"}])
def test_an_account_that_is_not_theirs_or_was_made_up_is_refused(wrong):
    with pytest.raises(procedures.Refused) as refused:
        expenditure(1_000, line={**chosen(BUDGET, SUPPLIES), **wrong})
    assert "line" in refused.value.errors


def test_the_invariants_hold_after_everything():
    number = committed(400_000).number
    pay(payment(300_000, commitment=number))
    expenditure(1_000_000, code=WORKS)

    assert ledger.drift() == []
    kept = ledger.balance(BUDGET, SUPPLIES)
    assert kept["committed"] + kept["ordered"] + kept["spent"] == sum(ledger.balance(COMMITMENTS, number).values())
    with pytest.raises(DatabaseError), transaction.atomic():
        Balance.objects.filter(account__code=SUPPLIES, place="free").update(amount=-1)


def test_only_the_accountant_examines():
    case = mark(payment(4_800), "approve", CHIEF)
    with pytest.raises(procedures.NotAllowed):
        act(case, "complete", person("kankyo.tanto"), step="examine", outcome="ok", checked=CHECKED)


def test_an_advance_is_settled_and_its_rest_goes_back_to_the_commitment():
    number = committed(100_000).number
    order = pay(payment(30_000, commitment=number, advance="estimate"))
    advance = ledger.account("office.advances", order.number)
    assert (path(order)[-1], advance.parent.code, advance.unit) == ("to_settle", number, "roads")

    other = committed(5_000).number
    pay(payment(5_000, commitment=other))
    with pytest.raises(procedures.Refused) as refused:
        settle(order, 28_000, other)
    assert "ではありません" in refused.value.errors["commitment"]

    case = settle(order, 28_000, number)
    case = act(case, "complete", person(CHIEF), step="look", outcome="ok", checked=["used", "receipts"])
    case = act(case, "complete", accountant(), step="examine", outcome="ok", checked=["amounts"])
    assert stand(COMMITMENTS, number) == {"open": 70_000, "paid": 30_000}
    received = {"received_on": today().isoformat()}
    act(case, "complete", accountant(), step="collect", outcome="received", answers=received)
    assert stand("office.advances", order.number) == {"spent": 28_000, "returned": 2_000}
    assert stand(COMMITMENTS, number) == {"open": 72_000, "paid": 28_000} and ledger.drift() == []
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_895_000, "committed": 72_000, "spent": 33_000}


def settle(order, spent, commitment):
    """Draft the settlement of the advance that `order` paid. Returns its case."""
    answers = {
        "total": 30_000, "spent": spent, "advance": chosen("office.advances", order.number), "on_commitment": True,
        "commitment": chosen(COMMITMENTS, commitment), "finished_on": today().isoformat(), "use_of_it": "講師の謝金",
    }  # fmt: skip
    return draft_internal(CLERK, "office.settlement", answers)


def test_what_is_deducted_is_kept_for_whom_it_belongs_to_and_passed_on():
    taxed = {"deducts": True, "income_tax": 1_021, "resident_tax": 0, "insurance": 0, "other_deduction": 0}
    case = pay(payment(10_000, **taxed))
    code = f"{fiscal_year(today())}-income_tax"
    assert procedures.answers_of(case)["net"] == 8_979 and stand("office.deposits", code) == {"held": 1_021}
    assert stand(BUDGET, SUPPLIES)["spent"] == 10_000

    answers = {"amount": 1_022, "deposit": chosen("office.deposits", code), "to_whom": "税務署", "pay_by": "2026-12-10"}
    with pytest.raises(procedures.Refused):
        draft_internal("kaikei.tanto", "office.deposit_payment", answers)
    passed = draft_internal("kaikei.tanto", "office.deposit_payment", {**answers, "amount": 1_021})
    passed = mark(passed, "approve", ACCOUNTS)
    act(passed, "complete", accountant(), step="pay", outcome="paid", answers={"paid_on": today().isoformat()})
    assert stand("office.deposits", code) == {"passed": 1_021}


def test_what_was_paid_too_much_comes_back_and_a_wrong_line_is_put_right():
    number = committed(100_000).number
    order = pay(payment(50_000, commitment=number))
    answers = {
        "kind": "normal", "order": order.number, "amount": 5_000, "commitment": chosen(COMMITMENTS, number),
        "why": "over", "reason": "単価の誤り", "payer": "見本建材", "pay_by": today().isoformat(),
    }  # fmt: skip
    case = mark(draft_internal(CLERK, "office.refund", answers), "approve", CHIEF)
    told = {"notified_on": today().isoformat(), "received_on": today().isoformat()}
    act(case, "complete", accountant(), step="collect", outcome="received", answers=told)
    assert stand(COMMITMENTS, number) == {"open": 55_000, "paid": 45_000}
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 8_900_000, "committed": 55_000, "spent": 45_000}

    lines = {"from_line": chosen(BUDGET, SUPPLIES), "to_line": chosen(BUDGET, WORKS)}
    answers = {"order": order.number, "amount": 45_000, **lines, "reason": "科目の誤り"}
    case = mark(draft_internal(CLERK, "office.spending_correction", answers), "approve", CHIEF)
    act(case, "complete", accountant(), step="examine", outcome="ok", checked=["order", "year"])
    assert stand(BUDGET, WORKS)["spent"] == 45_000 and "spent" not in stand(BUDGET, SUPPLIES)


def test_a_line_gives_to_another_and_the_reserve_to_any_unit():
    def transfer(mail, chief, **more):
        case = mark(draft_internal(mail, "office.budget_transfer", {"reason": "不足のため", **more}), "approve", chief)
        checks = ["law", "forbidden", "used"]
        return act(case, "complete", person("gyosei.kacho"), step="examine", outcome="ok", checked=checks)

    lines = {"from_line": chosen(BUDGET, WORKS), "to_line": chosen(BUDGET, SUPPLIES)}
    transfer(CLERK, CHIEF, how="transfer", amount=100_000, **lines)
    assert stand(BUDGET, SUPPLIES) == {**before(), "free": 9_100_000} and ledger.drift() == []

    reserve = {"from_line": chosen(BUDGET, "2026-01-14-01-01-001-99"), "to_line": chosen(BUDGET, SUPPLIES)}
    transfer("gyosei.tanto", "gyosei.kacho", how="reserve", amount=400_000, **reserve)
    assert stand(BUDGET, SUPPLIES)["free"] == 9_500_000
    with pytest.raises(procedures.Refused) as refused:
        transfer(CLERK, CHIEF, how="reserve", amount=1, **reserve)
    assert "from_line" in refused.value.errors
