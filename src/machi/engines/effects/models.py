"""The outbox: what is to be done outside, written in the transaction that wants it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from machi.ground.ids import new_id


class State(models.TextChoices):
    """Where an effect stands. `unknown` may have happened: never repeated before somebody has looked."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    RETRY = "retry"
    UNKNOWN = "unknown"
    DEAD = "dead"


WAITING = (State.PENDING, State.RETRY, State.UNKNOWN)


class Effect(models.Model):
    """One thing to do outside, once. `begun` is true from just before the call until its outcome is recorded.

    `due_at` is null where no worker shall touch it any more (done, dead, or unknown and left to a person).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=250, unique=True)
    port = models.CharField(max_length=60)
    owner = models.CharField(max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    claim = models.UUIDField(null=True)
    begun = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)
    remote_ref = models.CharField(max_length=250, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="effects_state_known")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=WAITING), name="effects_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state=State.RUNNING), name="effects_running"),
            models.Index(fields=["owner"], name="effects_owner"),
        ]

    def __str__(self):
        return f"{self.port} {self.key} ({self.state})"
