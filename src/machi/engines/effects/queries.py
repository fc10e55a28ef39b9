"""Reads over effects."""

from django.utils import timezone

from .models import Effect, State


def state():
    """For the health page: {"pending": due now, "oldest_seconds": of these, "later": timers, "dead",
    "unknown"}.
    """
    now = timezone.now()
    waiting = Effect.objects.filter(state__in=(State.PENDING, State.RETRY))
    due = waiting.filter(due_at__lte=now)
    oldest = due.order_by("due_at").values_list("due_at", flat=True).first()
    return {
        "pending": due.count(),
        "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0,
        "later": waiting.filter(due_at__gt=now).count(),
        "dead": Effect.objects.filter(state=State.DEAD).count(),
        "unknown": Effect.objects.filter(state=State.UNKNOWN).count(),
    }


def stuck():
    """What waits for a person, oldest first: dead, or unknown with nobody left to ask."""
    return Effect.objects.filter(state__in=(State.DEAD, State.UNKNOWN), due_at=None).order_by("created_at")


def effects_of(owner):
    """Every effect of one owner, oldest first."""
    return Effect.objects.filter(owner=owner).order_by("created_at")
