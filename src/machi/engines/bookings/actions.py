"""Taking and giving back places.

Lock order, the same everywhere: the owner (an advisory lock), then the slots by id. Under the slot's lock the
holds that have run out give their places back, then one conditional UPDATE decides; the table's CHECK stands
behind it. Nothing here writes an audit line: a place belongs to a draft or a case, whose own chain tells what
happened.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from machi.ground.calendar import now

from .hours import expire_hours, lock_owners, move_hours, release_hours
from .models import TAKING, Reservation, Resource, Slot, State


class SlotFull(Exception):
    """There is not enough room (or no such slot); the message says so to the reader."""


@transaction.atomic
def ensure_slots(*, pool_code, resource, days, capacity):
    """Make a slot of `capacity` places for each of `days` (dates) where there is none; idempotent.

    An existing slot gets the new capacity, but never less than is already taken.
    """
    of, _new = Resource.objects.get_or_create(pool=pool_code, code=resource)
    known = dict(Slot.objects.filter(resource=of, starts=None, day__in=days).values_list("day", "capacity"))
    missing = [Slot(resource=of, day=day, capacity=capacity) for day in days if day not in known]
    Slot.objects.bulk_create(missing, ignore_conflicts=True)
    changed = [day for day, was in known.items() if was != capacity]
    for slot in (
        Slot.objects.select_for_update().filter(resource=of, starts=None, day__in=changed).order_by("id")
    ):
        Slot.objects.filter(pk=slot.pk).update(capacity=Greatest(capacity, F("taken")))


@transaction.atomic
def hold(*, slot_id, weight, owner, minutes):
    """Keep `weight` places of a slot for `owner` for so many minutes; returns the Reservation.

    What the owner already has in the same pool moves here: a hold anew for `minutes`, a confirmed one stays
    confirmed. When there is no room SlotFull is raised and the owner keeps what it had.
    """
    lock_owners(owner)
    slot = _slot(slot_id)
    old = Reservation.objects.filter(owner=owner, pool=slot.resource.pool, state__in=TAKING).first()
    _lock_slots({slot.pk, *([old.slot_id] if old else [])})
    if old:
        old.refresh_from_db()  # its hold may have run out just now
        _give_back(Reservation.objects.filter(pk=old.pk, state__in=TAKING), State.RELEASED)
    _take(slot, weight)
    firm = old is not None and old.state == State.CONFIRMED
    return Reservation.objects.create(
        slot=slot,
        pool=slot.resource.pool,
        owner=owner,
        weight=weight,
        state=State.CONFIRMED if firm else State.HELD,
        expires_at=None if firm else now() + timedelta(minutes=minutes),
    )


@transaction.atomic
def confirm(*, owner):
    """Make what `owner` chose firm; returns the confirmed Reservations, or [] when a place was lost.

    A hold that ran out is taken again while there is room. Repeating it changes nothing.
    """
    lock_owners(owner)
    latest = Reservation.objects.filter(owner=owner).order_by("pool", "-created_at").distinct("pool")
    _lock_slots(set(latest.values_list("slot_id", flat=True)), but=owner)
    # Read only now: until the locks were ours, a hold that had run out could still be given to somebody else.
    chosen = [one for one in latest.select_related("slot__resource") if one.state != State.RELEASED]
    try:
        with transaction.atomic():
            return [_confirm(one) for one in chosen]
    except SlotFull:
        return []


@transaction.atomic
def release(*, owner):
    """Give back all places of `owner`; returns how many reservations that were."""
    lock_owners(owner)
    mine = Reservation.objects.filter(owner=owner, state__in=TAKING)
    _lock_slots(set(mine.values_list("slot_id", flat=True)), but=owner)
    return _give_back(mine, State.RELEASED) + release_hours(owner)


@transaction.atomic
def move(*, from_owner, to_owner):
    """Hand the reservations of one owner to another (a draft becomes a case); returns how many."""
    lock_owners(from_owner, to_owner)
    moved = Reservation.objects.filter(owner=from_owner).update(owner=to_owner, changed_at=now())
    return moved + move_hours(from_owner, to_owner)


def expire():
    """Give back the places of all holds that have run out; returns how many holds. Each slot is a
    transaction.
    """
    stale = Reservation.objects.filter(state=State.HELD, expires_at__lte=now())
    expired = expire_hours()
    for slot_id in sorted(set(stale.values_list("slot_id", flat=True))):
        with transaction.atomic():
            expired += _lock_slots({slot_id})
    return expired


def _slot(slot_id):
    try:
        return Slot.objects.select_related("resource").get(pk=UUID(str(slot_id)))
    except (ValueError, Slot.DoesNotExist):
        raise SlotFull(_("選んだ枠は見つかりません。もう一度選んでください。")) from None


def _lock_slots(ids, but=""):
    """Lock slots in the order of their ids and let the holds there that have run out expire, except `but`'s
    own.
    """
    list(Slot.objects.select_for_update().filter(pk__in=ids).order_by("id").values_list("pk"))
    stale = Reservation.objects.filter(slot__in=ids, state=State.HELD, expires_at__lte=now())
    return _give_back(stale.exclude(owner=but) if but else stale, State.EXPIRED)


def _give_back(reservations, state):
    """Under the slots' locks: the reservations end in `state` and their places are free again."""
    for slot_id, places in reservations.values_list("slot").annotate(Sum("weight")):
        Slot.objects.filter(pk=slot_id).update(taken=F("taken") - places)
    return reservations.update(state=state, changed_at=now())


def _take(slot, weight):
    room = Slot.objects.filter(pk=slot.pk, taken__lte=F("capacity") - weight)
    if weight < 1 or not room.update(taken=F("taken") + weight):
        raise SlotFull(_("選んだ日はいっぱいになりました。別の日を選んでください。"))


def _confirm(reservation):
    if reservation.state == State.EXPIRED:
        _take(reservation.slot, reservation.weight)
    if reservation.state != State.CONFIRMED:
        reservation.state, reservation.expires_at, reservation.changed_at = State.CONFIRMED, None, now()
        reservation.save(update_fields=["state", "expires_at", "changed_at"])
    return reservation
