"""What a person may do in the approval of a case, with the words that say what comes of it."""

from django.utils.translation import gettext as _

from machi.engines.approvals import public as approvals
from machi.engines.people import public as people
from machi.entrances.desk.route import KINDS

VERBS = (
    "approve", "disagree", "send_back", "reject", "hold", "acknowledge", "pull_up", "recall", "reroute",
    "add_place", "remove_place",
)  # fmt: skip


def turns(case, rounds, actor, possible):
    """The forms of the approval for this actor: {"turns", "reads", "later", "recall", "reroute", "adding"}."""
    found = next((one for one in rounds if one.state == "open"), None)
    slots = approvals.slots_of(actor, case.owner) if {"approve", "acknowledge"} & possible else []
    return {
        "turns": [_turn(slot, found) for slot in slots if found and approvals.blocking(slot)],
        "reads": [_read(slot) for slot in slots if slot.kind in approvals.UNBLOCKING],
        "later": _later(actor, found) if found and "pull_up" in possible else None,
        "recall": "recall" in possible and found is not None and not approvals.has_begun(found),
        "reroute": _reroute(found) if found and "reroute" in possible else None,
        "adding": adding(found, actor) if found and "add_place" in possible else None,
    }


def _turn(slot, found):
    agrees = slot.kind in ("agree", "review")
    return {
        "slot": slot.id,
        "digest": found.digest,
        "post": approvals.title(slot.post),
        "acting": approvals.title(slot.acting) if slot.acting else "",
        "agrees": agrees,
        "held": slot.note if slot.state == "held" else "",
        "then": _then(slot, found),
        "back": _levels_before(slot, found),
    }


def _then(slot, found):
    """What happens once this place has consented, in a sentence."""
    waiting = [one for one in found.slots.all() if approvals.blocking(one) and one.id != slot.id]
    beside = [one.post for one in waiting if one.level == slot.level]
    if beside:
        return _("同じ段の「%(posts)s」も待ってから、次の段に進みます。") % {"posts": _named(beside)}
    after = min((one.level for one in waiting), default=None)
    if after is None:
        return _("これが最後の印です。押すと、決裁が済みます。")
    following = [one.post for one in waiting if one.level == after]
    return _("押すと、次は「%(posts)s」に回ります。") % {"posts": _named(following)}


def _named(posts):
    return "」「".join(people.post_titles(list(posts)).values())


def _levels_before(slot, found):
    """To whom a draft can be sent back: its drafter, the level before, and those before that."""
    levels = sorted({one.level for one in found.slots.all() if one.level < slot.level and one.state == "marked"})
    named = [
        {"value": str(level), "label": _("%(level)s段目: %(posts)s") % {"level": level, "posts": _posts(found, level)}}
        for level in reversed(levels)
    ]
    return [{"value": "0", "label": _("起案した人")}, *named]


def _posts(found, level):
    posts = {one.post for one in found.slots.all() if one.level == level and one.kind not in approvals.UNBLOCKING}
    return "、".join(people.post_titles(sorted(posts)).values())


def _read(slot):
    return {"slot": slot.id, "post": approvals.title(slot.post), "kind": KINDS[slot.kind]}


def _later(actor, found):
    """The later place of this actor that may decide before its turn."""
    waiting = [one for one in found.slots.all() if one.state == "waiting" and one.kind == "approve"]
    slot = next((one for one in waiting if one.post in actor.posts), None)
    if slot is None:
        return None
    passed = [one.post for one in found.slots.all() if approvals.blocking(one) and one.level < slot.level]
    return {"slot": slot.id, "digest": found.digest, "post": approvals.title(slot.post), "passed": _named(passed)}


def _reroute(found):
    """The places that can be given to another post, and all posts in which somebody is."""
    places = [one for one in found.slots.all() if approvals.blocking(one)]
    return {
        "slots": [{"value": str(one.id), "label": approvals.title(one.post)} for one in places],
        "posts": _all_posts(),
    }


def _all_posts():
    posts = people.Post.objects.filter(closed_on=None).select_related("unit")
    return [{"value": post.code, "label": people.title_in(post), "group": str(post.unit)} for post in posts]


def adding(found, actor):
    """What the form offers that asks more people than the table of powers demands; and who can be let go again."""
    places = list(found.slots.all())
    for one in places:
        one.round = found
    return {
        "kinds": [{"value": kind, "label": KINDS[kind]} for kind in ("agree", "acknowledge")],
        "posts": _all_posts(),
        "before": _before(places),
        "added": [_added(one) for one in places if approvals.may_remove(actor, one)],
    }


def _before(places):
    """The levels that wait, the last first, as places before which one more can be asked."""
    waiting = sorted((one for one in places if approvals.blocking(one)), key=lambda one: -one.level)
    levels = {one.level: one for one in reversed(waiting)}
    return [
        {
            "value": str(levels[level].id),
            "label": _("「%(posts)s」の前") % {"posts": _named(one.post for one in waiting if one.level == level)},
        }
        for level in sorted(levels, reverse=True)
    ]


def _added(slot):
    return {"slot": slot.id, "post": approvals.title(slot.post), "kind": KINDS[slot.kind]}
