"""Reads over notices."""

from .models import TROUBLED, Delivery, Notice


def inbox(account_id):
    """Everything told to an account, newest first (a queryset, to be cut into pages)."""
    return Notice.objects.filter(account_id=account_id, in_inbox=True).order_by("-created_at", "-id")


def unread(account_id):
    """How many notices an account has not opened."""
    return inbox(account_id).filter(opened_at=None).count()


def of_owner(owner):
    """Everything told about a case or a draft, oldest first, with its deliveries, for staff."""
    return list(
        Notice.objects.filter(owner=owner).prefetch_related("deliveries").order_by("created_at", "id")
    )


def troubled():
    """Deliveries that wait for a person, oldest first: failed, or unknown (perhaps arrived)."""
    return Delivery.objects.filter(state__in=TROUBLED).select_related("notice").order_by("created_at")
