"""Charging, taking money, calling off and giving money back.

Every action locks the charge first, works its state out anew from the attempts (`rules.state_of`) and writes
one line to the chain of the charge ("charge:<id>").
"""

from django.db import transaction
from django.utils.translation import gettext as _

from machi.engines.audit.public import record
from machi.ground.calendar import now

from .models import Attempt, Charge
from .rules import METHODS, add_up, later, state_of


class PaymentRefused(Exception):
    """The money cannot be taken or given back like this; the message says why to the person at the till."""


@transaction.atomic
def charge(*, owner, code, lines, via, actor, due_on=None, unit=""):
    """The Charge of `owner` for `code`; asked again, the first one.

    `lines`: [{"label", "quantity", "unit_price", "amount"}], amounts in yen; their sum is the amount for
    ever. `via` is counter, collection or delivery. Raises ValueError when the lines do not add up.
    """
    bill, new = Charge.objects.get_or_create(
        owner=owner,
        code=code,
        defaults={"lines": lines, "amount": add_up(lines), "via": via, "due_on": due_on, "unit": unit},
    )
    if new:
        _settle(bill)
        _note(bill, "charged", actor, owner=owner, code=code, amount=bill.amount, via=via)
    return bill


@transaction.atomic
def receive(*, charge_id, amount, method, actor, receipt_no="", key=""):
    """Take `amount` yen in person, all at once; returns the Charge.

    The same `key` again changes nothing (without one, a charge can be received once). Raises PaymentRefused
    when the amount is not exact, the charge is not due, or the method is unknown.
    """
    bill = _locked(charge_id)
    key = key or f"receive:{bill.id}"
    if Attempt.objects.filter(key=key, charge=bill).exists():
        return bill
    if bill.state != "due":
        raise PaymentRefused(
            _("この請求は、いま納付を受け付けられる状態ではありません。画面を開き直してください。")
        )
    if amount != bill.amount:
        raise PaymentRefused(_("金額が請求額の%(yen)s円と違います。") % {"yen": f"{bill.amount:,}"})
    return _report(bill, key, "captured", method=method, actor=actor, receipt_no=receipt_no)


@transaction.atomic
def report(*, charge_id, key, stage, method, actor, receipt_no="", amount=None):
    """Note how a try to pay went (a provider told us); returns the Charge.

    `stage`: created, pending, failed, captured or refunded. Reports may repeat and come out of order: an
    attempt only goes forward. Money for a charge that was called off makes it refund_due.
    """
    bill = _locked(charge_id)
    return _report(bill, key, stage, method=method, actor=actor, receipt_no=receipt_no, amount=amount)


@transaction.atomic
def cancel(*, charge_id, actor, reason):
    """Call the charge off: due becomes cancelled, paid becomes refund_due. Returns the Charge."""
    return _call_off(_locked(charge_id), "cancelled", actor, reason)


@transaction.atomic
def waive(*, charge_id, actor, reason):
    """Let the owner off (減免): due becomes waived, paid becomes refund_due. Returns the Charge."""
    return _call_off(_locked(charge_id), "waived", actor, reason)


@transaction.atomic
def refund(*, charge_id, actor, method):
    """All money of a charge that is refund_due goes back; returns the Charge. Raises PaymentRefused
    otherwise.
    """
    bill = _locked(charge_id)
    _known(method)
    if bill.state == "refunded":
        return bill
    if bill.state != "refund_due":
        raise PaymentRefused(_("この請求に、返すお金はありません。"))
    captured = Attempt.objects.filter(charge=bill, stage="captured")
    back = sum(captured.values_list("amount", flat=True))
    captured.update(stage="refunded", refunded_at=now(), refund_method=method)
    _settle(bill)
    _note(bill, "refunded", actor, amount=back, method=method)
    return bill


def _locked(charge_id):
    return Charge.objects.select_for_update().get(pk=charge_id)


def _known(method):
    if method not in METHODS:
        raise PaymentRefused(_("支払い方法を選んでください。"))


def _report(bill, key, stage, *, method, actor, receipt_no, amount=None):
    _known(method)
    attempt, _new = Attempt.objects.get_or_create(
        key=key,
        charge=bill,
        defaults={
            "amount": bill.amount if amount is None else amount,
            "method": method,
            "receipt_no": receipt_no,
        },
    )
    after = later(attempt.stage, stage)
    if after == attempt.stage:
        return bill
    attempt.stage = after
    if after in ("captured", "refunded") and attempt.captured_at is None:
        attempt.captured_at, attempt.captured_by = now(), actor.key
        attempt.receipt_no = receipt_no or attempt.receipt_no
    if after == "refunded":
        attempt.refunded_at, attempt.refund_method = now(), method
    attempt.save()
    _settle(bill)
    _note(bill, after, actor, amount=attempt.amount, method=method, receipt_no=receipt_no)
    return bill


def _call_off(bill, how, actor, reason):
    if not bill.called_off:
        bill.called_off = how
        _settle(bill)
        _note(bill, how, actor, reason=reason)
    return bill


def _settle(bill):
    """Work out the state from the attempts and keep it."""
    attempts = list(bill.attempts.values_list("stage", "amount"))
    bill.state = state_of(amount=bill.amount, called_off=bill.called_off, attempts=attempts)
    bill.paid_at = (bill.paid_at or now()) if bill.state == "paid" else bill.paid_at
    bill.save(update_fields=["state", "called_off", "paid_at"])


def _note(bill, verb, actor, **payload):
    record(stream=f"charge:{bill.id}", verb=f"payments.{verb}", actor=actor, payload=payload)
