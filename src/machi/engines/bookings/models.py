"""Places by resource and day, and who has taken them. The database itself refuses more places than there
are.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from machi.ground.calendar import TOKYO
from machi.ground.ids import new_id


class State(models.TextChoices):
    """Where a reservation stands; held and confirmed ones take places."""

    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"


TAKING = (State.HELD, State.CONFIRMED)


class Resource(models.Model):
    """What has places: a route, a room, a counter; `pool` is the code of the pool it belongs to."""

    pool = models.CharField(max_length=160)
    code = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint("pool", "code", name="bookings_resource_once")]

    def __str__(self):
        return f"{self.pool} {self.code}"


class Slot(models.Model):
    """One day (or one time of a day) of a resource. `taken` counts held and confirmed places."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="slots")
    day = models.DateField()
    starts = models.TimeField(null=True)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("capacity")), name="bookings_slot_has_room"
            ),
            models.UniqueConstraint(
                fields=["resource", "day", "starts"], nulls_distinct=False, name="bookings_slot_once"
            ),
        ]

    def __str__(self):
        return f"{self.resource} {self.day} {self.taken}/{self.capacity}"


class Reservation(models.Model):
    """Some places of a slot for an owner. `pool` repeats the resource's, for the rule of one at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="reservations")
    pool = models.CharField(max_length=160)
    owner = models.CharField(max_length=200)
    weight = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="bookings_weight_positive"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="bookings_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(expires_at__isnull=False), name="bookings_hold_expires"
            ),
            models.UniqueConstraint(
                fields=["owner", "pool"], condition=Q(state__in=TAKING), name="bookings_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index("owner", name="bookings_owner"),
            models.Index("slot", "expires_at", condition=Q(state=State.HELD), name="bookings_held"),
        ]

    def __str__(self):
        return f"{self.owner} {self.weight} × {self.slot_id} ({self.state})"

    @property
    def day(self):
        """The day that is booked."""
        return self.slot.day

    @property
    def time(self):
        """The time of the day in words, "" for a whole day."""
        return f"{self.slot.starts:%H:%M}" if self.slot.starts else ""


class Occupation(models.Model):
    """A thing that an owner has alone, from `starts` to `ends`; `blocks` is that with the empty time around it.

    The database refuses a second one whose blocked time overlaps.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="occupations")
    pool = models.CharField(max_length=160)
    owner = models.CharField(max_length=200)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    blocks = DateTimeRangeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="bookings_alone_at_a_time",
                expressions=[("resource", RangeOperators.EQUAL), ("blocks", RangeOperators.OVERLAPS)],
                condition=Q(state__in=TAKING),
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="bookings_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(expires_at__isnull=False), name="bookings_hours_hold_expires"
            ),
            models.UniqueConstraint(
                fields=["owner", "pool"], condition=Q(state__in=TAKING), name="bookings_hours_one_at_a_time"
            ),
        ]
        indexes = [models.Index("owner", name="bookings_hours_owner")]

    def __str__(self):
        return f"{self.owner} {self.resource} {self.starts:%Y-%m-%d %H:%M} ({self.state})"

    @property
    def day(self):
        """The day that is booked."""
        return self.starts.astimezone(TOKYO).date()

    @property
    def time(self):
        """From when to when, in words."""
        return "–".join(f"{moment.astimezone(TOKYO):%H:%M}" for moment in (self.starts, self.ends))
