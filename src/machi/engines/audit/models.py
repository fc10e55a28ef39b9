"""The chain of events, the keys of their personal parts, and the log of who read whose data."""

import json

import pgtrigger
from django.db import models


def _kept(name):
    """A trigger that refuses to change or delete rows.

    TRUNCATE is left to database privileges: only the owner of the tables has it.
    """
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class StreamKey(models.Model):
    """One stream of events: its newest link, and the key of its personal parts (None once shredded)."""

    stream = models.CharField(max_length=200, unique=True)
    last_seq = models.PositiveBigIntegerField(default=0)
    last_digest = models.CharField(max_length=64, default="", blank=True)
    wrapped = models.BinaryField(null=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="stream_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stream_key_never_replaced",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.stream <> OLD.stream OR (OLD.shredded_at IS NOT NULL AND NEW.wrapped IS NOT NULL) "
                    "OR (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NOT NULL AND NEW.wrapped <> OLD.wrapped)"
                ),
            ),
        ]

    def __str__(self):
        return self.stream


class Event(models.Model):
    """One link of a stream's chain; never changed, never deleted.

    `body` is the canonical JSON of the payload, kept as the very text that was hashed. `personal` is
    ciphertext.
    """

    stream = models.CharField(max_length=200)
    seq = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=100)
    actor_key = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, default="", blank=True)
    posts = models.CharField(max_length=1000, default="", blank=True)
    on_behalf_of = models.CharField(max_length=100, default="", blank=True)
    at = models.DateTimeField()
    body = models.TextField()
    personal = models.BinaryField(null=True)
    prev_digest = models.CharField(max_length=64, default="", blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["stream", "seq"]
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_once_in_stream")]
        indexes = [models.Index(fields=["actor_key", "at"], name="event_by_actor")]
        triggers = [_kept("event_append_only")]

    def __str__(self):
        return f"{self.stream} {self.seq} {self.verb}"

    @property
    def payload(self):
        return json.loads(self.body)


class AccessLine(models.Model):
    """Somebody looked at somebody's data: who, whose, what, and for which purpose."""

    at = models.DateTimeField()
    actor_key = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, default="", blank=True)
    posts = models.CharField(max_length=1000, default="", blank=True)
    owner = models.CharField(max_length=200)
    what = models.CharField(max_length=300)
    purpose = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-at"], name="access_by_owner"),
            models.Index(fields=["actor_key", "-at"], name="access_by_actor"),
        ]
        triggers = [_kept("access_line_append_only")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_key} {self.owner}"
