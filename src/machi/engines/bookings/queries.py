"""Reading places and reservations."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from machi.ground.calendar import now

from .models import TAKING, Occupation, Reservation, Slot, State


@dataclass(frozen=True)
class Free:
    """A slot with room: `left` is how many places the asking owner may take there."""

    slot_id: UUID
    day: date
    starts: time | None
    left: int


def free(*, pool_code, resource, weight, first, last, owner=""):
    """The slots from `first` to `last` (days, both included) with room for `weight` places, in order of time.

    Holds that have run out count as free already, and so do the places that `owner` holds itself.
    """
    mine_or_stale = Q(state=State.HELD, expires_at__lte=now())
    if owner:
        mine_or_stale |= Q(owner=owner, state__in=TAKING)
    loose = Reservation.objects.filter(mine_or_stale, slot=OuterRef("pk")).values("slot")
    slots = (
        Slot.objects.filter(resource__pool=pool_code, resource__code=resource, day__range=(first, last))
        .annotate(loose=Coalesce(Subquery(loose.annotate(places=Sum("weight")).values("places")), 0))
        .annotate(left=F("capacity") - F("taken") + F("loose"))
        .filter(left__gte=weight)
        .order_by("day", "starts")
    )
    return [Free(slot.id, slot.day, slot.starts, slot.left) for slot in slots]


def of_owner(owner):
    """What `owner` has: reservations of places and things for some hours, the newest first."""
    mine = {"owner": owner, "state__in": TAKING}
    found = [
        *Reservation.objects.filter(**mine).select_related("slot__resource"),
        *Occupation.objects.filter(**mine).select_related("resource"),
    ]
    return sorted(found, key=lambda one: one.created_at, reverse=True)
