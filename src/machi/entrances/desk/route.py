"""The way of a draft through those who must consent, drawn: level by level, who marked what, where it waits."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.engines.approvals import public as approvals
from machi.engines.people import public as people
from machi.entrances.desk.words import chip, moment
from machi.ground.calendar import OFFICE, TOKYO, today

ROUNDS = {
    "open": (gettext_lazy("決裁中"), "progress"),
    "approved": (gettext_lazy("決裁済"), "done"),
    "rejected": (gettext_lazy("否決"), "late"),
    "returned": (gettext_lazy("差戻し"), "asked"),
    "recalled": (gettext_lazy("引戻し"), "stopped"),
    "voided": (gettext_lazy("無効"), "stopped"),
    "reading": (gettext_lazy("供覧中"), "progress"),
    "read": (gettext_lazy("全員が読みました"), "done"),
}
KINDS = {
    "approve": gettext_lazy("承認"),
    "agree": gettext_lazy("合議"),
    "review": gettext_lazy("審査"),
    "acknowledge": gettext_lazy("供覧"),
    "afterwards": gettext_lazy("後閲"),
}
MARKS = {
    "approve": gettext_lazy("承認"),
    "agree": gettext_lazy("同意"),
    "disagree": gettext_lazy("不同意"),
    "return": gettext_lazy("差戻し"),
    "reject": gettext_lazy("否決"),
    "acknowledge": gettext_lazy("閲覧"),
    "hold": gettext_lazy("保留"),
    "reroute": gettext_lazy("ルート変更"),
    "add": gettext_lazy("追加"),
    "remove": gettext_lazy("取りやめ"),
}
OF_ROUTE = ("reroute", "add", "remove")
DRAWN = {
    "marked": "done", "open": "now", "held": "now", "waiting": "later", "skipped": "skipped", "cancelled": "skipped",
}  # fmt: skip


def rounds_drawn(rounds):
    """The rounds of a case (newest first) as the template `desk/case/rounds.html` draws them: the newest open to the
    eye, the older folded, and what was sent round for reading beside them.
    """
    posts = {slot.post for found in rounds for slot in found.slots.all()}
    posts |= {mark.post for found in rounds for slot in found.slots.all() for mark in slot.marks.all()}
    known = Known(people.post_titles(posts), people.who_sits(posts))
    newest = next((found for found in rounds if found.row["levels"]), None)
    return [{**_round(found, known), "folded": found.row["levels"] and found is not newest} for found in rounds]


class Known:
    """What is looked up once for all places: the titles of posts, and who sits there today."""

    def __init__(self, titles, seats):
        self.titles = titles
        self.seats = seats


def _round(found, known):
    slots = [slot for slot in found.slots.all() if slot.state != "removed"]
    asked = [slot for slot in slots if slot.kind not in approvals.UNBLOCKING]
    newest = {(slot.level, slot.kind, slot.post): slot for slot in sorted(asked, key=lambda one: one.turn)}
    numbers = sorted({slot.level for slot in asked})
    return {
        "open": found.state == "open",
        "begun": approvals.has_begun(found),
        "title": _("第%(n)s回") % {"n": found.n},
        "chip": chip(ROUNDS[found.state]),
        "state": ROUNDS[found.state][0],
        "note": found.note,
        "rule": found.row["rule"],
        "since": moment(found.opened_at),
        "until": moment(found.closed_at) if found.closed_at else "",
        "deputies": found.deputies,
        "levels": [
            [_place(slot, found, known) for slot in newest.values() if slot.level == number] for number in numbers
        ],
        "readers": [_place(slot, found, known) for slot in slots if slot.kind in approvals.UNBLOCKING],
        "marks": _marks(found.slots.all(), known),
    }


def _place(slot, found, known):
    """One place: whose it is, what was done there, or how long it has waited and who could do it now."""
    slot.round = found
    mark = next((one for one in reversed(slot.marks.all()) if one.verb in approvals.DECIDING), None)
    waits = slot.state in ("open", "held")
    return {
        "post": known.titles[slot.post],
        "kind": _("%(kind)s（追加）") % {"kind": KINDS[slot.kind]} if slot.added_by else KINDS[slot.kind],
        "state": "now" if waits else DRAWN[slot.state],
        "held": slot.state == "held",
        "note": slot.note,
        "mark": _marked(mark, known) if mark else None,
        **(_waiting(slot, known) if waits else {}),
        "who": _who(known.seats[slot.post]) if waits or slot.state == "waiting" else [],
    }


def _waiting(slot, known):
    """Since when it waits, whether too long, and who acts where nobody is there."""
    manned = any(not seat.back_on for seat in known.seats[slot.post])
    deputy = None if manned else approvals.deputy_for(slot)
    return {
        "since": since_words(slot.opened_at),
        "late": approvals.is_late(slot),
        "deputy": approvals.title(deputy) if deputy else "",
        "stuck": "" if manned or deputy else _stuck(slot, known),
    }


def since_words(moment_opened):
    """Since when, as people say it: today, or the day and how many days of work ago."""
    day = moment_opened.astimezone(TOKYO).date()
    days = OFFICE.business_days(day, today())
    if not days:
        return _("今日から")
    return _("%(day)sから（%(days)s開庁日）") % {"day": day.isoformat(), "days": days}


def _stuck(slot, known):
    """Why nobody can mark now, and what can be done."""
    if slot.kind in approvals.UNBLOCKING:
        return ""
    if not known.seats[slot.post]:
        return _("この職には今、人がいません。後任が決まるのを待つか、文書管理担当にルート変更を頼んでください。")
    if not slot.round.deputies:
        return _("不在です。重要・異例の事項なので、代決はできません。戻るのを待つか、上の職に引上げを頼んでください。")
    return _("不在で、代わる人もいません。戻るのを待つか、文書管理担当にルート変更を頼んでください。")


def _who(seats):
    return [{"name": seat.name, "back": seat.back_on} for seat in seats]


def _marked(mark, known):
    return {
        "word": MARKS[mark.verb],
        "name": mark.by_name,
        "when": moment(mark.at),
        "deputy": known.titles[mark.post] if mark.on_behalf_of else "",
        "comment": mark.comment,
    }


def _marks(slots, known):
    """Everything that was marked in a round, as it happened."""
    marks = sorted((mark for slot in slots for mark in slot.marks.all()), key=lambda mark: mark.at)
    return [
        {
            **_marked(mark, known),
            "post": known.titles[mark.on_behalf_of or mark.post],
            "of_route": mark.verb in OF_ROUTE,
        }
        for mark in marks
    ]
