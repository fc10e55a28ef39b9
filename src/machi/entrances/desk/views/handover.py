"""Lists for other systems (引渡し): what waits, handing it over once, and the files that were handed over before."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page
from machi.ground.calendar import OFFICE, UnreadableDate, era_date, parse_date, today
from machi.ground.languages import pick
from machi.ground.money import yen_words

SHOWN = 100


@people.staff_required
def handover(request, code, key):
    """What waits to be handed over, and what was; the button that hands over all that waits."""
    actor = people.actor_of(request)
    version, defined = _chosen(actor, code, key)
    context, status = {}, 200
    if request.method == "POST":
        try:
            made = procedures.hand_over(version=version, key=key, actor=actor, day=_day(request, defined))
        except procedures.Refused as refused:
            context, status = {"error": str(refused)}, 422
        else:
            messages.success(request, _("%(count)s件を渡しました。") % {"count": made.count})
            return redirect("desk:handover", code, key)
    waiting = procedures.waiting_at(version, key, actor)
    context |= {
        "title": pick(defined["title"], "ja"),
        "waiting": [
            {"href": reverse("desk:case", args=[one.case_id]), "label": one.case.number, "text": one.case.subject}
            for one in waiting[:SHOWN]
        ],
        "count": len(waiting),
        "asks_day": bool(defined["transfer"]),
        "day": request.POST.get("day") or OFFICE.add_business_days(today(), 1).isoformat(),
        "rows": [_row(one) for one in procedures.handings(version, key)[:SHOWN]],
        "columns": [
            *({"label": label} for label in (_("渡した日"), _("渡した人"))),
            *({"label": label, "end": True} for label in (_("件数"), _("合計"))),
            {"label": _("ファイルの指紋（SHA-256）")},
        ],
        "address": reverse("desk:handover", args=[code, key]),
    }
    return page(request, "desk/handover.html", context, here="books", status=status)


@people.staff_required
def handed(request, code, key, handing_id):
    """A file that was handed over, byte for byte as it was."""
    actor = people.actor_of(request)
    version, defined = _chosen(actor, code, key)
    found = procedures.handed_file(version, key, handing_id, actor)
    if found is None:
        raise Http404
    made, data = found
    ending, mime = ("txt", "application/octet-stream") if defined["transfer"] else ("csv", "text/csv")
    name = f"{code}-{key}-{made.at:%Y%m%d}-{made.digest[:8]}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=mime, headers=headers)


def _chosen(actor, code, key):
    """(version, what is defined) of a list this member of staff may take out; 404 for others."""
    found = next((one for one in procedures.handovers(actor) if (one[0].code, one[1]) == (code, key)), None)
    if found is None:
        raise Http404
    return found[0], found[2]


def _day(request, defined):
    """The day on which the bank shall pay; None where there is none, or it cannot be read."""
    try:
        return parse_date(request.POST.get("day", "")) if defined["transfer"] else None
    except UnreadableDate:
        return None


def _row(one):
    return {
        "id": one.id,
        "day": era_date(one.at.date()),
        "who": one.by_name,
        "count": one.count,
        "total": "" if one.total is None else yen_words(one.total),
        "digest": one.digest,
    }
