"""Packages that came in, and the keys of cities we know."""

import pgtrigger
from django.db import models
from django.db.models import Q

from machi.ground.calendar import now
from machi.ground.ids import new_id


class KnownKey(models.Model):
    """The public key with which a city signs, as somebody here made sure of it. Taken back, it stays readable."""

    key = models.CharField(max_length=64)
    city = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(ended_at__isnull=True), name="known_key_once")
        ]
        triggers = [
            pgtrigger.Protect(name="known_key_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="known_key_is_one", fields=["key", "city", "name", "by", "at"]),
        ]

    def __str__(self):
        return self.name


class Arrival(models.Model):
    """A package that was brought in, as it came. `landed`: what became of each definition, once somebody decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=300)
    origin = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)
    landed = models.JSONField(null=True, blank=True)
    landed_by = models.CharField(max_length=100, blank=True)
    landed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        triggers = [
            pgtrigger.Protect(name="arrival_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="arrival_as_it_came", fields=["name", "data", "digest", "key", "by", "at"]),
        ]

    def __str__(self):
        return f"{self.title} ({self.origin})"
