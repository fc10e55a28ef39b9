"""Terms of work, what was clocked, and what was decided about days. What was clocked or marked never changes."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from machi.engines.people.public import Person
from machi.ground.calendar import now
from machi.ground.ids import new_id

from .define import EMPLOYMENTS, MARKS


class Terms(models.Model):
    """How somebody works from a day on (勤務条件): their hours of a day, and on how many days of a week."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    employment = models.CharField(max_length=12, choices=[(one, one) for one in EMPLOYMENTS])
    hired_on = models.DateField()
    weekly_days = models.PositiveSmallIntegerField()
    day_minutes = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    rest_minutes = models.PositiveSmallIntegerField(default=60)
    from_day = models.DateField()
    by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "from_day", name="attendance_terms_once"),
            models.CheckConstraint(condition=Q(weekly_days__range=(1, 7)), name="attendance_days_of_a_week"),
            models.CheckConstraint(condition=Q(day_minutes__range=(60, 720)), name="attendance_minutes_of_a_day"),
        ]

    def __str__(self):
        return f"{self.person} {self.weekly_days}×{self.day_minutes}"


class Clock(models.Model):
    """Somebody came or went, by the clock of the server."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=3, choices=[("in", "in"), ("out", "out")])
    at = models.DateTimeField(default=now, editable=False)
    by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["person", "day"], name="attendance_clock_of")]
        triggers = [pgtrigger.Protect(name="clock_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.person} {self.kind} {self.at:%Y-%m-%d %H:%M}"


class Mark(models.Model):
    """What was decided about days of somebody: leave, overtime, travel, a correction; whole days without times.

    One that cancels another takes it back; `source` says where it came from ("case:…").
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in MARKS])
    first = models.DateField()
    last = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200)
    cancels = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="cancelled_by")
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="attendance_mark_in_order"),
            models.UniqueConstraint("source", "kind", condition=Q(cancels=None), name="attendance_mark_once"),
        ]
        indexes = [models.Index(fields=["person", "first"], name="attendance_mark_of")]
        triggers = [pgtrigger.Protect(name="mark_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.person} {self.kind} {self.first}"
