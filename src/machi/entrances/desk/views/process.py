"""The way of approvals across the hall: how long each unit and level takes, and where it waits now."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.approvals import public as approvals
from machi.engines.definitions.public import current_all
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.route import since_words
from machi.ground.calendar import now
from machi.ground.languages import pick

PERIODS = (30, 90, 365)
USUAL = 90
MOST = 10


@people.staff_required
def process(request):
    """Numbers of all units; what a draft is about stands only beside those one may see."""
    said = request.GET
    asked = {name: said.get(name, "") for name in ("procedure", "unit", "days")}
    days = int(asked["days"]) if asked["days"].isdecimal() and int(asked["days"]) in PERIODS else USUAL
    owners = procedures.owners_of(asked["procedure"]) if asked["procedure"] else None
    ever = approvals.rounds_in(owners=owners, unit=asked["unit"])
    rounds = approvals.rounds_in(owners=owners, unit=asked["unit"], since=now() - timedelta(days=days))
    context = {
        "selects": _selects(request, asked, days),
        "whole": _whole(rounds),
        "pictures": [_waiting(ever), _units(request, rounds), _levels(rounds)],
        "longest": _longest(request, ever),
    }
    return page(request, "desk/process.html", context, here="approvals")


def _selects(request, asked, days):
    approved = [
        {"value": one.code, "label": pick(one.bundle["title"], "ja")}
        for one in current_all("procedure")
        if any(step["type"] == "approve" for step in one.bundle["flow"]["steps"].values())
    ]
    units = [{"value": code, "label": title} for code, title in unit_titles(request).items()]
    periods = [{"value": str(one), "label": _("この%(days)s日") % {"days": one}} for one in PERIODS]
    return [
        {"name": "procedure", "label": _("手続"), "options": approved, "value": asked["procedure"]},
        {"name": "unit", "label": _("起案した課"), "options": units, "value": asked["unit"]},
        {"name": "days", "label": _("期間"), "options": periods, "value": str(days)},
    ]


def _days(number):
    """Days with one figure behind the point, as people compare them."""
    return _("%(days)s日") % {"days": f"{number:.1f}"} if number is not None else "—"


def _whole(rounds):
    found = approvals.whole(rounds)
    return [
        (_("決裁中"), _("%(count)s件") % {"count": found["open"]}),
        (_("決裁が済んだもの"), _("%(count)s件") % {"count": found["decided"]}),
        (_("起案から決裁まで（中央値）"), _days(found["median"])),
        (_("10件のうち9件が済むまで"), _days(found["slow"])),
    ]


def _waiting(rounds):
    found = approvals.waiting_now(rounds)
    titles = people.post_titles([one["post"] for one in found])
    rows = [
        {"name": titles[one["post"]], "size": one["count"], "said": _("%(count)s件") % {"count": one["count"]},
         "cells": [one["count"], since_words(one["oldest"])]}
        for one in found
    ]  # fmt: skip
    return _picture(_("いまどこで待っているか"), [_("職"), _("件数"), _("いちばん古いもの")], rows)


def _units(request, rounds):
    titles = unit_titles(request)
    rows = [_timed(titles.get(one["unit"], one["unit"]), one) for one in approvals.by_unit(rounds)]
    return _picture(_("課ごとにかかった日数（中央値）"), _columns(_("課")), rows)


def _levels(rounds):
    rows = [_timed(_("%(level)s段目") % {"level": one["level"]}, one) for one in approvals.by_level(rounds)]
    return _picture(_("段ごとにかかった日数（中央値）"), _columns(_("段")), rows)


def _columns(first):
    return [first, _("件数"), _("中央値"), _("10件のうち9件"), _("最も長いもの")]


def _timed(name, one):
    median, slow, longest = (_days(one[key]) for key in ("median", "slow", "longest"))
    return {"name": name, "size": one["median"], "said": median, "cells": [one["count"], median, slow, longest]}


def _picture(title, columns, rows):
    """Bars with a sentence for who does not see them, and the numbers as a table."""
    most = max((row["size"] for row in rows), default=0) or 1
    return {
        "title": title,
        "columns": [{"label": label, "end": number > 0} for number, label in enumerate(columns)],
        "rows": [{**row, "share": round(100 * row["size"] / most, 1)} for row in rows],
        "sentence": "、".join(f"{row['name']} {row['said']}" for row in rows),
    }


def _longest(request, rounds):
    """What has waited longest; its subject only for who may see the case."""
    slots = approvals.longest_waiting(rounds, limit=MOST)
    titles = people.post_titles([slot.post for slot in slots])
    ids = [slot.round.owner.partition(":")[2] for slot in slots]
    seen = {case.owner: case for case in procedures.visible_cases(people.actor_of(request)).filter(id__in=ids)}
    return [_line(slot, titles, seen.get(slot.round.owner)) for slot in slots]


def _line(slot, titles, case):
    return {
        "post": titles[slot.post],
        "since": since_words(slot.opened_at),
        "label": f"{case.number} {case.subject}" if case else "",
        "href": reverse("desk:case", args=[case.id]) if case else "",
    }
