"""Things one has alone for some hours: held, confirmed, given back. The exclusion constraint decides who was first.

Lock order as in `actions`: the owner, then the thing; under its lock the holds that have run out are given back.
"""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from machi.ground.calendar import now

from .models import TAKING, Occupation, Resource, State


class TimeTaken(Exception):
    """Somebody else has the thing at that time; the message says so to the reader."""


@transaction.atomic
def hold_hours(*, pool_code, resource, starts, ends, owner, minutes, buffer=0):
    """Keep a thing for `owner` from `starts` to `ends` for so many minutes; returns the Occupation.

    What the owner already has in the pool moves here, and a confirmed one stays confirmed. Where somebody else has the
    thing (or will within `buffer` minutes), TimeTaken is raised and the owner keeps what it had.
    """
    lock_owners(owner)
    thing, _new = Resource.objects.get_or_create(pool=pool_code, code=resource)
    old = Occupation.objects.filter(owner=owner, pool=pool_code, state__in=TAKING).first()
    _lock_things({thing.pk, *([old.resource_id] if old else [])})
    if old:
        old.refresh_from_db()  # its hold may have run out just now
    firm = old is not None and old.state == State.CONFIRMED
    around = timedelta(minutes=buffer)
    try:
        with transaction.atomic():
            _end(Occupation.objects.filter(owner=owner, pool=pool_code, state__in=TAKING), State.RELEASED)
            return Occupation.objects.create(
                resource=thing, pool=pool_code, owner=owner, starts=starts, ends=ends,
                blocks=(starts, ends + around),
                state=State.CONFIRMED if firm else State.HELD,
                expires_at=None if firm else now() + timedelta(minutes=minutes),
            )  # fmt: skip
    except IntegrityError:
        message = _("その時間は、ほかの予約と重なります。空いている時間か、ほかのものを選んでください。")
        raise TimeTaken(message) from None


@transaction.atomic
def confirm_hours(*, owner, pool_code):
    """Make what `owner` holds in a pool firm; returns the Occupation, or None where it was lost.

    A hold that ran out is taken again while nobody else has the time. Repeating it changes nothing.
    """
    lock_owners(owner)
    last = Occupation.objects.filter(owner=owner, pool=pool_code).order_by("-created_at").first()
    if last is None or last.state == State.RELEASED:
        return None
    _lock_things({last.resource_id}, but=owner)
    last.refresh_from_db()
    try:
        with transaction.atomic():
            last.state, last.expires_at, last.changed_at = State.CONFIRMED, None, now()
            last.save(update_fields=["state", "expires_at", "changed_at"])
    except IntegrityError:
        return None
    return last


def release_hours(owner):
    """Give back everything `owner` has for some hours; inside a transaction, the owner locked. Returns how many."""
    return _end(Occupation.objects.filter(owner=owner, state__in=TAKING), State.RELEASED)


def move_hours(from_owner, to_owner):
    """Hand what one owner has for some hours to another; inside a transaction, both locked."""
    return Occupation.objects.filter(owner=from_owner).update(owner=to_owner, changed_at=now())


def expire_hours():
    """Give back all holds that have run out; returns how many."""
    return _end(Occupation.objects.filter(state=State.HELD, expires_at__lte=now()), State.EXPIRED)


def taken_hours(*, pool_code, first, last, owner=""):
    """What is taken in a pool between two moments, in order: Occupations with their resource.

    Holds that have run out count as free already, and so does what `owner` has itself.
    """
    found = Occupation.objects.filter(pool=pool_code, state__in=TAKING, blocks__overlap=(first, last))
    found = found.exclude(state=State.HELD, expires_at__lte=now()).exclude(owner=owner)
    return list(found.select_related("resource").order_by("starts"))


def _lock_things(ids, but=""):
    list(Resource.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    stale = Occupation.objects.filter(resource__in=ids, state=State.HELD, expires_at__lte=now())
    _end(stale.exclude(owner=but) if but else stale, State.EXPIRED)


def _end(occupations, state):
    return occupations.update(state=state, changed_at=now())


def lock_owners(*owners):
    """Let actions for the same owners wait for one another, until the transaction ends."""
    with connection.cursor() as cursor:
        for owner in sorted(set(owners)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bookings:{owner}"])
