"""Rounds of marks. A round that is over never changes; a mark never does."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from machi.ground.calendar import now
from machi.ground.ids import new_id

from .rules import DECIDING, GOING_ON, KINDS, ROUND_STATES, SLOT_STATES, VERBS


class Round(models.Model):
    """One way of a content through its levels. `digest` is the content; another content needs another round.

    A round without levels is only read (供覧): it is "reading" until everybody has, then "read".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.CharField(max_length=200)
    key = models.CharField(max_length=80)
    n = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    row = models.JSONField()
    unit = models.CharField(max_length=60)
    drafter = models.BigIntegerField(null=True)
    deputies = models.BooleanField(default=True)  # whether others may decide for who is away (代決)
    state = models.CharField(max_length=10, default="open")
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "key", "n", name="approvals_round_once"),
            models.UniqueConstraint("owner", "key", condition=Q(state="open"), name="approvals_one_open"),
            models.CheckConstraint(condition=Q(state__in=ROUND_STATES), name="approvals_round_known"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_round_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state__in=GOING_ON),
            ),
            pgtrigger.ReadOnly(
                name="round_content_stays", fields=["owner", "key", "n", "digest", "row", "unit", "deputies"]
            ),
            pgtrigger.Protect(name="round_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.owner} {self.key}#{self.n} ({self.state})"


class Slot(models.Model):
    """One post's place in a round. Sent back to a level, the places from there on are made anew (`turn`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="slots")
    turn = models.PositiveIntegerField(default=1)
    level = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    post = models.CharField(max_length=100)
    state = models.CharField(max_length=10, default="waiting")
    note = models.TextField(blank=True)
    added_by = models.CharField(max_length=80, blank=True)  # who asked for it beyond the table
    opened_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("round", "turn", "level", "kind", "post", name="approvals_slot_once"),
            models.CheckConstraint(condition=Q(state__in=SLOT_STATES), name="approvals_slot_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="approvals_kind_known"),
        ]
        indexes = [models.Index("post", "state", "opened_at", name="approvals_inbox")]
        triggers = [pgtrigger.Protect(name="slot_stays", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.post} {self.kind} ({self.state})"


class Mark(models.Model):
    """What somebody did at a slot, over the content they saw. Only ever added.

    A deputy marks in a post of their own, `on_behalf_of` the post that was asked (代決).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="marks")
    verb = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    post = models.CharField(max_length=100)
    on_behalf_of = models.CharField(max_length=100, blank=True)
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(F("slot"), condition=Q(verb__in=DECIDING), name="approvals_one_deciding_mark"),
            models.CheckConstraint(condition=Q(verb__in=VERBS), name="approvals_verb_known"),
        ]
        triggers = [pgtrigger.Protect(name="mark_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.by_name}"
