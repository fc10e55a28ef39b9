"""The places of a round: laid by the row of the table, and added beside it by people."""

from django.utils.translation import gettext as _

from machi.ground.calendar import now

from .models import Round, Slot
from .queries import find_post, post_above
from .rules import UNBLOCKING, Refused, blocking


def lay(opened, own):
    """The places of all levels. The drafter's own are skipped; where all of the last are, the post above decides."""
    levels = [[(place["kind"], _code(place["post"], opened.unit)) for place in level] for level in opened.row["levels"]]
    for number, places in enumerate(levels, 1):
        later = {post for level in levels[number:] for _kind, post in level}
        asked = [(kind, post) for kind, post in places if post not in later]
        for kind, post in asked:
            Slot.objects.create(round=opened, level=number, kind=kind, post=post, **_skipped(post in own))
    if not any(kind == "approve" and post not in own for kind, post in levels[-1]):
        above = post_above(levels[-1][-1][1])
        if above is None or above in own:
            raise Refused(_("起案した人が決裁者で、その上の職に人がいません。文書管理担当に相談してください。"))
        Slot.objects.create(round=opened, level=len(levels) + 1, kind="approve", post=above)


def _code(name, unit):
    found = find_post(name, unit)
    if found is None:
        raise Refused(
            _("決裁ルートの職「%(post)s」が組織にありません。文書管理担当に知らせてください。") % {"post": name}
        )
    return found


def _skipped(own):
    return {"state": "skipped", "note": _("起案した人のため飛ばしました。"), "done_at": now()} if own else {}


def carry_over(opened, own):
    """Ask whom people added to the round before again: before the same place, else before the last."""
    last = Round.objects.filter(owner=opened.owner, key=opened.key, n=opened.n - 1).first()
    if last is None:
        return
    added = last.slots.exclude(added_by="").exclude(state="removed").order_by("level", "-turn")
    for slot in added:
        if slot.post in own or slot.post in asked(opened):
            continue
        said = {"added_by": slot.added_by, "note": slot.note}
        if slot.kind == "acknowledge":
            put_to_read(opened, slot.post, **said)
        else:
            put_before(opened, _same_place(opened, last, slot), slot.post, **said)


def _same_place(opened, last, slot):
    """The place of the new round before which an added place of the last one stood."""
    after = last.slots.filter(level__gt=slot.level, added_by="").values_list("post", flat=True)
    waiting = [one for one in opened.slots.all() if blocking(one)]
    same = [one for one in waiting if one.post in set(after)] or waiting[-1:]
    return min(same, key=lambda one: one.level)


def asked(found):
    """The posts that this round asks already, or will: by its table or by people."""
    read = {find_post(name, found.unit) for name in found.row.get("circulate", [])}
    return read | {one.post for one in found.slots.all() if one.state != "removed"}


def put_before(found, place, post, **said):
    """A consultation (合議) on a level of its own before `place`, or beside those that were added there already."""
    turn, level = place.turn, place.level
    beside = found.slots.filter(level=level - 1).exclude(kind__in=UNBLOCKING).exclude(state="removed")
    if beside and all(one.added_by and blocking(one) for one in beside):
        level -= 1
    else:
        _make_room(found, level, turn)
    return _put(found, said, turn=turn, level=level, kind="agree", post=post)


def put_to_read(found, post, **said):
    """A place that reads it once it is decided (供覧)."""
    return _put(found, said, turn=1, level=1, kind="acknowledge", post=post)


def _put(found, said, **place):
    """The place, with who added it and why; one that was taken away comes back."""
    again = {**said, "state": "waiting", "done_at": None}
    return Slot.objects.update_or_create(round=found, **place, defaults=again)[0]


def _make_room(found, level, turn):
    """Move `level` and all after it one further; who has marked there stays, who waited there waits once more."""
    later = found.slots.filter(level__gte=level).exclude(kind__in=UNBLOCKING).order_by("-level")
    for one in later:
        if one.level == level and one.turn == turn and one.state == "marked":
            continue
        one.level += 1
        one.state = "waiting" if one.state in ("open", "held") else one.state
        one.save(update_fields=["level", "state"])
