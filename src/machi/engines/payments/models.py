"""What is owed, and each try to pay it. Amounts are whole yen and never change."""

import pgtrigger
from django.db import models
from django.db.models import Q

from machi.ground.calendar import now
from machi.ground.ids import new_id

from .rules import METHODS, STAGES, VIAS

STATES = ("due", "paid", "cancelled", "refund_due", "refunded", "waived")


class Charge(models.Model):
    """What an owner owes for one thing (`code`). `lines`: [{label, quantity, unit_price, amount}]."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.CharField(max_length=200)
    code = models.CharField(max_length=120)
    unit = models.CharField(max_length=120, blank=True)
    lines = models.JSONField()
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, default="due")
    called_off = models.CharField(max_length=9, blank=True)
    via = models.CharField(max_length=10)
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=now)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "code", name="payments_charge_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="payments_state_known"),
            models.CheckConstraint(
                condition=Q(called_off__in=("", "cancelled", "waived")), name="payments_off_known"
            ),
            models.CheckConstraint(condition=Q(via__in=VIAS), name="payments_via_known"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="amount_stays", fields=["owner", "code", "lines", "amount"]),
            pgtrigger.Protect(name="charge_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.owner} {self.code} {self.amount}円 ({self.state})"


class Attempt(models.Model):
    """One try to pay a charge. Its `key` makes a repeated report the same attempt."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="attempts")
    key = models.CharField(max_length=250)
    stage = models.CharField(max_length=8, default="created")
    amount = models.PositiveBigIntegerField()
    method = models.CharField(max_length=8)
    receipt_no = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=now)
    captured_at = models.DateTimeField(null=True)
    captured_by = models.CharField(max_length=120, blank=True)
    refunded_at = models.DateTimeField(null=True)
    refund_method = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("charge", "key", name="payments_attempt_once"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="payments_stage_known"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="payments_method_known"),
        ]
        indexes = [
            models.Index("captured_at", name="payments_captured"),
            models.Index("refunded_at", name="payments_refunded"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="attempt_stays_itself", fields=["charge", "key", "amount"]),
            pgtrigger.Protect(name="attempt_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.key} {self.amount}円 ({self.stage})"
