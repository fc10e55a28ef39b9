"""Asking more people than the table of powers demands, and letting them go again. Never fewer than it demands."""

from django.db import transaction
from django.utils.translation import gettext as _

from machi.engines.people.public import holders
from machi.ground.calendar import now

from .actions import given_reason, locked, open_next, posts_held, tell
from .laying import asked, put_before, put_to_read
from .models import Mark, Slot
from .queries import find_post, may_add, may_remove
from .rules import ADDED, Refused, blocking


@transaction.atomic
def add(*, round_id, kind, post, actor, before=None, comment=""):
    """Ask one more post: to consent (agree) before the place `before`, or to read what was decided (acknowledge).

    The drafter may, and whose turn it is. The content is the same, so that every mark so far counts. Returns the Slot.
    """
    found = locked(round_id)
    if not may_add(actor, found):
        raise Refused(_("加えられるのは、起案した人と、今が番の人だけです。"))
    wanted = _wanted(found, kind, post)
    if kind == "acknowledge":
        place = put_to_read(found, wanted, added_by=actor.key, note=comment.strip())
    else:
        said = {"added_by": actor.key, "note": given_reason(comment)}
        place = put_before(found, _waiting(found, before), wanted, **said)
    _mark(place, "add", actor, comment)
    open_next(found)
    place.refresh_from_db()
    return place


def _wanted(found, kind, post):
    """The code of the post to be asked."""
    wanted = find_post(post, found.unit)
    if kind not in ADDED or wanted is None or wanted in posts_held(found.drafter):
        raise Refused(_("起案した人のものでない、組織にある職を選んでください。"))
    if wanted in asked(found):
        raise Refused(_("その職は、この決裁ルートにもう入っています。"))
    if not holders(wanted):
        raise Refused(_("その職には今、人がいません。ほかの職を選んでください。"))
    return wanted


def _waiting(found, slot_id):
    """The place before which somebody is asked: one that has not marked yet."""
    place = next((one for one in found.slots.all() if str(one.id) == str(slot_id)), None)
    if place is None or not blocking(place):
        raise Refused(_("その番はもう終わっています。まだ印のない番を選んでください。"))
    return place


@transaction.atomic
def remove(*, slot_id, actor):
    """Let a place go that the drafter added, as long as nobody has marked. Returns the Slot."""
    place = Slot.objects.get(pk=slot_id)
    place.round = locked(place.round_id)
    place.refresh_from_db(fields=["state", "added_by"])
    if not place.added_by:
        raise Refused(_("専決規程が求める番は外せません。"))
    if not may_remove(actor, place):
        raise Refused(_("外せるのは、起案した人が自分で加えた番で、まだ誰も印を押していないときだけです。"))
    place.state, place.done_at = "removed", now()
    place.save(update_fields=["state", "done_at"])
    _mark(place, "remove", actor, "")
    open_next(place.round)
    return place


def _mark(place, verb, actor, comment):
    Mark.objects.create(
        slot=place,
        verb=verb,
        by=actor.key,
        by_name=actor.name,
        post=place.post,
        comment=comment.strip(),
        digest=place.round.digest,
    )
    tell(place.round, f"place_{verb}", actor, post=place.post, kind=place.kind)
