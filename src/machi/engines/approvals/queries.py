"""Reading rounds: what waits for whom, and who sits where."""

from collections import defaultdict

from django.db.models import Prefetch, Q, UUIDField
from django.db.models.functions import Cast, Substr

from machi.engines.people.public import Post, Unit, holders, post_titles, posts_acted_for, stand_in, unit, who_sits
from machi.ground.calendar import OFFICE, TOKYO, today

from .models import Mark, Round, Slot
from .rules import BESIDE, DECIDING, UNBLOCKING, blocking


def find_post(name, unit_code):
    """The code of the open post `name` means for a draft of this unit: named, or looked for up the units."""
    if "." in name:
        return name if Post.objects.filter(pk=name, closed_on=None).exists() else None
    parents = dict(Unit.objects.values_list("code", "parent_id"))
    while unit_code:
        code = f"{unit_code}.{name}"
        if Post.objects.filter(pk=code, closed_on=None).exists():
            return code
        unit_code = parents.get(unit_code)
    return None


def post_above(post_code):
    """The first post of the nearest unit above that has somebody in it, or None."""
    found = Post.objects.select_related("unit").get(pk=post_code)
    above = found.unit.parent_id
    while above:
        for post in Post.objects.filter(unit=above, closed_on=None).order_by("order"):
            if holders(post.code):
                return post.code
        above = unit(above).parent_id
    return None


def title(post_code):
    """A post as people call it, in Japanese: 環境対策課課長."""
    return post_titles([post_code])[post_code]


def rounds_of(owner):
    """The rounds of an owner with their slots and marks, newest first."""
    marks = Prefetch("marks", Mark.objects.order_by("at"))
    slots = Prefetch("slots", Slot.objects.order_by("turn", "level", "post").prefetch_related(marks))
    return list(Round.objects.filter(owner=owner).order_by("-opened_at", "-n").prefetch_related(slots))


def last_mark(found):
    """The mark that ended a round: the newest of them."""
    return Mark.objects.filter(slot__round=found).order_by("-at").first()


def open_round(owner, key=None):
    """The round that runs for an owner now, or None."""
    found = Round.objects.filter(owner=owner, state="open")
    return (found.filter(key=key) if key else found).first()


def waiting_for(posts):
    """The slots that wait for one of these posts, oldest first: to consent, or to read."""
    found = Slot.objects.filter(post__in=posts, state__in=("open", "held")).select_related("round")
    return found.order_by("opened_at")


def inbox(actor, **only):
    """The slots that wait for this actor: in the posts they hold, and in those they act for today; oldest first.

    Each says in `acting` in which post it is marked for somebody else, or "".
    """
    found = list(waiting_for(actor.posts).filter(**only)) if actor.posts else []
    for slot in found:
        slot.acting = ""
    for slot in waiting_for(posts_acted_for(actor)).filter(**only).exclude(post__in=actor.posts):
        slot.acting = deputy_for(slot) or ""
        if slot.acting in actor.posts and slot.round.drafter != actor.account:
            found.append(slot)
    return sorted(found, key=lambda slot: slot.opened_at)


def deputy_for(slot):
    """The post that may mark this slot today for who is away (代決), or None."""
    if not slot.round.deputies or not blocking(slot):
        return None
    return stand_in(slot.post, besides=slot.round.drafter)


def seats(actor):
    """The posts that may have a turn through this actor: held, and acted for today."""
    return [*actor.posts, *posts_acted_for(actor)]


def cases_with_place(actor):
    """The ids of the cases in which this actor has or had a turn, or marked for somebody, as a query."""
    turn = Q(post__in=seats(actor)) | Q(marks__post__in=actor.posts)
    turns = Slot.objects.filter(turn, opened_at__isnull=False, round__owner__startswith="case:")
    return turns.annotate(case=Cast(Substr("round__owner", 6), UUIDField())).values("case")


def takes_part(actor, owner):
    """Whether the turn of a post of this actor has come in `owner`: who consents must read to what."""
    turn = Q(post__in=seats(actor)) | Q(marks__post__in=actor.posts)
    return bool(actor.posts) and Slot.objects.filter(turn, round__owner=owner, opened_at__isnull=False).exists()


def has_place(actor, owner, *, later=False):
    """Whether a post of this actor has its turn in `owner` now (or, with `later`, will have it)."""
    if not later:
        return bool(slots_of(actor, owner))
    return bool(actor.posts) and Slot.objects.filter(post__in=actor.posts, round__owner=owner, state="waiting").exists()


def slots_of(actor, owner):
    """The slots of an owner that wait for this actor, whose posts are asked again now."""
    return inbox(actor, round__owner=owner)


def may_add(actor, found):
    """Whether this actor may ask more people in an open round: its drafter, and whose turn it is."""
    if found is None:
        return False
    mine = actor.account is not None and actor.account == found.drafter
    return mine or any(blocking(slot) for slot in slots_of(actor, found.owner))


def may_remove(actor, slot):
    """Whether this actor may let an added place go: the drafter, their own one, before anybody has marked."""
    own = actor.account is not None and actor.account == slot.round.drafter and slot.added_by == actor.key
    return own and slot.state in ("waiting", "open") and not has_begun(slot.round)


def added_and_open(found):
    """The places of a round that people added and whose turn it is."""
    shown = Slot.objects.filter(round=found, state="open").exclude(added_by="")
    return list(shown.select_related("round"))


def has_begun(found):
    """Whether somebody has marked in a round."""
    return any(mark.verb not in BESIDE for slot in found.slots.all() for mark in slot.marks.all())


def marked_by(actor, *, limit):
    """What this actor marked, newest first, each Mark with its slot and round."""
    found = Mark.objects.filter(by=actor.key, verb__in=(*DECIDING, "hold")).select_related("slot__round")
    return list(found.order_by("-at")[:limit])


def is_late(slot):
    """Whether it should have been marked before today."""
    return slot.due_on is not None and slot.due_on < today()


def overdue(*, twice=False):
    """The slots that wait longer than they should; with `twice`, as long again."""
    found = Slot.objects.filter(round__state="open", state__in=("open", "held"), due_on__lt=today())
    found = list(found.exclude(kind__in=UNBLOCKING).select_related("round"))
    return [slot for slot in found if _due_again(slot) < today()] if twice else found


def _due_again(slot):
    opened = slot.opened_at.astimezone(TOKYO).date()
    return OFFICE.add_business_days(slot.due_on, OFFICE.business_days(opened, slot.due_on))


def who_may_mark(slot):
    """The accounts of those who could mark a slot today: its holders who are there, else a deputy's."""
    deputy = deputy_for(slot)
    return _accounts(deputy or slot.post)


def who_is_above(slot):
    """The accounts of the post above that of a slot."""
    above = post_above(slot.post)
    return _accounts(above) if above else []


def _accounts(post):
    return [seat.account for seat in who_sits([post])[post] if seat.account and not seat.back_on]


def inboxes():
    """What waits for each person, by account: {account: [Slot, …]}."""
    found = defaultdict(list)
    for slot in Slot.objects.filter(state__in=("open", "held")).select_related("round"):
        for account in who_may_mark(slot) if blocking(slot) else _accounts(slot.post):
            found[account].append(slot)
    return dict(found)


def left_by_the_away():
    """The open rounds in which a place that is not the last waits for somebody; see `pass_over_away`."""
    return Round.objects.filter(state="open", deputies=True, slots__state="open").distinct()
