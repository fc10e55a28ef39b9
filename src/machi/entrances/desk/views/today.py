"""Today: what waits for me, what is late, what changed."""

from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page
from machi.entrances.desk.rows import HIDDEN, reads_names, step_rows
from machi.entrances.desk.words import CHANGES, moment, title_of
from machi.ground.calendar import era_date
from machi.ground.calendar import today as day_of_today

SHOWN = 10


@people.staff_required
def today(request):
    """The first page of the desk; every count is a link to what it counts."""
    actor = people.actor_of(request)
    waiting = procedures.queue(actor)
    context = {
        "date": era_date(day_of_today()),
        "counts": _counts(procedures.waiting_counts(actor)),
        "mine": step_rows(request, waiting.filter(claimed_by=actor.account)[:SHOWN]),
        "urgent": step_rows(request, waiting.filter(claimed_by=None)[:SHOWN]),
        "changes": [_change(one, actor) for one in procedures.recent_changes(actor)],
        "columns": columns(),
    }
    return page(request, "desk/today.html", context, here="today")


def _counts(counts):
    awaiting = "/desk/cases/?status=awaiting_applicant"
    return [
        {"href": "/desk/queue/?view=mine", "label": _("自分の担当"), "count": counts["mine"]},
        {"href": "/desk/queue/?view=unclaimed", "label": _("担当者なし"), "count": counts["unclaimed"]},
        {"href": "/desk/queue/?view=late", "label": _("期限超過"), "count": counts["late"], "late": True},
        {"href": "/desk/queue/?view=soon", "label": _("2日以内"), "count": counts["soon"]},
        {"href": awaiting, "label": _("申請者待ち"), "count": counts["awaiting"]},
    ]


def _change(command, actor):
    case = command.case
    readable = reads_names(actor, Scope(unit=case.unit, code=case.code))
    return {
        "case": case,
        "title": title_of(case),
        "what": CHANGES[command.verb],
        "who": (case.applicant if readable else HIDDEN),
        "when": moment(command.at),
    }


def columns():
    """The columns of a queue, without sorting."""
    return [
        {"label": _("番号")},
        {"label": _("手続と段階")},
        {"label": _("申請者・件名")},
        {"label": _("担当")},
        {"label": _("期限")},
        {"label": _("受付日")},
    ]
