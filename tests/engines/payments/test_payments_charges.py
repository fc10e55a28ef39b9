"""Charges: what is owed, taken, called off and given back; nothing vanishes, nothing counts twice."""

import itertools
import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connections, transaction

from machi.engines.audit.define import Actor
from machi.engines.audit.public import history, verify
from machi.engines.payments import public as payments
from machi.engines.payments.models import Attempt, Charge
from machi.engines.payments.rules import STAGES, add_up, later, state_of
from machi.ground.calendar import TOKYO, clock

CLERK = Actor(kind="staff", account=7, name="窓口 花子")
LINES = [
    {"label": "ソファ", "quantity": 1, "unit_price": 800, "amount": 800},
    {"label": "いす", "quantity": 2, "unit_price": 400, "amount": 800},
]


def bill(owner="case:1", code="fee", lines=LINES, **more):
    return payments.charge(owner=owner, code=code, lines=lines, via="counter", actor=CLERK, **more)


def pay(charge, **more):
    return payments.receive(charge_id=charge.id, amount=charge.amount, method="cash", actor=CLERK, **more)


class TestRules:
    @pytest.mark.parametrize(("now", "then"), list(itertools.product(STAGES, STAGES)))
    def test_an_attempt_only_goes_forward(self, now, then):
        after = later(now, then)
        assert STAGES.index(after) == max(STAGES.index(now), STAGES.index(then))
        assert later(after, now) == after

    @pytest.mark.parametrize(
        ("called_off", "attempts", "state"),
        [
            ("", [], "due"),
            ("", [("created", 100), ("pending", 100), ("failed", 100)], "due"),
            ("", [("failed", 100), ("captured", 100)], "paid"),
            ("", [("captured", 60)], "due"),
            ("", [("captured", 100), ("captured", 100)], "paid"),
            ("", [("refunded", 100)], "due"),
            ("cancelled", [], "cancelled"),
            ("cancelled", [("failed", 100)], "cancelled"),
            ("cancelled", [("captured", 100)], "refund_due"),
            ("cancelled", [("refunded", 100)], "refunded"),
            ("cancelled", [("refunded", 100), ("captured", 100)], "refund_due"),
            ("waived", [], "waived"),
            ("waived", [("captured", 100)], "refund_due"),
        ],
    )
    def test_the_state_follows_from_the_money(self, called_off, attempts, state):
        assert state_of(amount=100, called_off=called_off, attempts=attempts) == state

    def test_reports_in_any_order_end_the_same(self):
        for order in itertools.permutations(("created", "pending", "failed", "captured")):
            stage = "created"
            for report in order:
                stage = later(stage, report)
            assert stage == "captured"

    def test_lines_must_add_up(self):
        assert add_up(LINES) == 1600
        assert add_up([]) == 0
        for wrong in ({"amount": 801}, {"quantity": -1, "amount": -800}):
            with pytest.raises(ValueError, match="add up"):
                add_up([{**LINES[0], **wrong}])


@pytest.mark.django_db
class TestCharging:
    def test_the_amount_is_the_sum_of_the_lines(self):
        charge = bill(due_on=date(2026, 12, 1))
        assert (charge.amount, charge.state, charge.due_on) == (1600, "due", date(2026, 12, 1))
        assert not payments.paid("case:1")

    def test_asking_twice_charges_once(self):
        assert bill().id == bill(lines=[]).id
        assert [c.amount for c in payments.of_owner("case:1")] == [1600]

    def test_nothing_to_pay_is_paid(self):
        assert bill(lines=[]).state == "paid"
        assert payments.paid("case:1")

    def test_an_owner_without_charges_owes_nothing(self):
        assert payments.paid("case:none")

    def test_the_amount_can_never_change_and_the_charge_never_go(self):
        charge = bill()
        with pytest.raises(DatabaseError), transaction.atomic():
            Charge.objects.filter(pk=charge.pk).update(amount=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            charge.delete()


@pytest.mark.django_db
class TestReceiving:
    def test_money_at_the_counter_pays_the_charge(self):
        charge = pay(bill(), receipt_no="R-1")
        assert charge.state == "paid"
        assert charge.paid_at is not None
        assert payments.paid("case:1")
        assert (Attempt.objects.get().receipt_no, Attempt.objects.get().captured_by) == ("R-1", "staff:7")

    @pytest.mark.parametrize("amount", [0, 1599, 1601, -1600])
    def test_only_the_exact_amount_is_taken(self, amount):
        charge = bill()
        with pytest.raises(payments.PaymentRefused, match="1,600円"):
            payments.receive(charge_id=charge.id, amount=amount, method="cash", actor=CLERK)
        assert Attempt.objects.count() == 0

    def test_a_double_press_takes_the_money_once(self):
        charge = bill()
        assert pay(charge, key="till-1").state == pay(charge, key="till-1").state == "paid"
        assert Attempt.objects.count() == 1

    def test_a_second_payment_of_a_paid_charge_is_refused(self):
        charge = pay(bill(), key="till-1")
        with pytest.raises(payments.PaymentRefused, match="受け付けられる状態"):
            pay(charge, key="till-2")

    def test_an_unknown_method_is_refused(self):
        charge = bill()
        with pytest.raises(payments.PaymentRefused, match="支払い方法"):
            payments.receive(charge_id=charge.id, amount=1600, method="gold", actor=CLERK)

    def test_a_cancelled_charge_takes_no_money(self):
        charge = bill()
        payments.cancel(charge_id=charge.id, actor=CLERK, reason="取下げ")
        with pytest.raises(payments.PaymentRefused):
            pay(charge)

    def test_an_attempt_is_never_deleted_or_changed_in_amount(self):
        pay(bill())
        with pytest.raises(DatabaseError), transaction.atomic():
            Attempt.objects.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            Attempt.objects.update(amount=1)


@pytest.mark.django_db
class TestReports:
    def report(self, charge, stage, key="p1"):
        return payments.report(charge_id=charge.id, key=key, stage=stage, method="code", actor=CLERK)

    def test_failed_attempts_are_not_money(self):
        charge = bill()
        assert [self.report(charge, "failed", f"p{n}").state for n in range(3)] == ["due"] * 3

    def test_a_late_captured_wins_over_failed(self):
        charge = bill()
        self.report(charge, "failed")
        assert self.report(charge, "captured").state == "paid"

    def test_a_late_failed_does_not_undo_captured(self):
        charge = bill()
        self.report(charge, "captured")
        assert self.report(charge, "failed").state == "paid"

    def test_money_that_comes_after_the_charge_was_called_off_must_go_back(self):
        charge = bill()
        self.report(charge, "pending")
        assert payments.cancel(charge_id=charge.id, actor=CLERK, reason="期限切れ").state == "cancelled"
        assert self.report(charge, "captured").state == "refund_due"
        assert [c.id for c in payments.to_refund()] == [charge.id]


@pytest.mark.django_db
class TestCallingOff:
    def test_due_becomes_cancelled(self):
        charge = payments.cancel(charge_id=bill().id, actor=CLERK, reason="取下げ")
        assert charge.state == "cancelled"
        assert payments.paid("case:1")

    def test_waived_is_not_owed(self):
        assert payments.waive(charge_id=bill().id, actor=CLERK, reason="減免").state == "waived"
        assert payments.paid("case:1")

    def test_paid_must_go_back_and_then_is_refunded(self):
        charge = pay(bill())
        assert payments.cancel(charge_id=charge.id, actor=CLERK, reason="取下げ").state == "refund_due"
        assert payments.refund(charge_id=charge.id, actor=CLERK, method="cash").state == "refunded"
        assert payments.refund(charge_id=charge.id, actor=CLERK, method="cash").state == "refunded"

    def test_nothing_goes_back_from_a_charge_that_stands(self):
        charge = pay(bill())
        with pytest.raises(payments.PaymentRefused, match="返すお金"):
            payments.refund(charge_id=charge.id, actor=CLERK, method="cash")

    def test_each_change_leaves_one_line_and_repeating_leaves_none(self):
        charge = pay(bill(), key="k")
        pay(charge, key="k")
        for _ in range(2):
            payments.cancel(charge_id=charge.id, actor=CLERK, reason="取下げ")
            payments.refund(charge_id=charge.id, actor=CLERK, method="cash")
        verbs = [entry.verb for entry in history(f"charge:{charge.id}")]
        assert verbs == ["payments.charged", "payments.captured", "payments.cancelled", "payments.refunded"]
        assert verify(f"charge:{charge.id}") == []


@pytest.mark.django_db
def test_the_till_of_a_day_adds_up():
    noon = datetime(2026, 12, 1, 12, tzinfo=TOKYO)
    with clock(noon):
        first, second = pay(bill("case:1", unit="waste")), bill("case:2", unit="waste")
        payments.receive(charge_id=second.id, amount=1600, method="code", actor=CLERK)
        pay(bill("case:3", unit="residents"))
    with clock(noon.replace(hour=23, minute=59)):
        payments.cancel(charge_id=first.id, actor=CLERK, reason="取下げ")
        payments.refund(charge_id=first.id, actor=CLERK, method="cash")
    with clock(noon + timedelta(days=1)):
        pay(bill("case:4", unit="waste"))
    close = payments.day_close(unit="waste", day=date(2026, 12, 1))
    assert close.received == (payments.Total("cash", 1, 1600), payments.Total("code", 1, 1600))
    assert close.refunded == (payments.Total("cash", 1, 1600),)
    assert close.balance == 1600
    assert payments.day_close(unit="", day=date(2026, 12, 1)).balance == 3200
    assert payments.day_close(unit="waste", day=date(2026, 11, 30)).received == ()


@pytest.mark.django_db(transaction=True)
def test_twenty_tills_at_once_take_the_money_once():
    charge, states, start = bill(), [], threading.Barrier(20)

    def press(n):
        start.wait()
        try:
            states.append(pay(charge, key=f"till-{n}").state)
        except payments.PaymentRefused:
            states.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["paid"] + ["refused"] * 19
    assert Attempt.objects.filter(stage="captured").count() == 1
