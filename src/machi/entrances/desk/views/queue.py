"""Today, the queue and the list of cases: what waits, what is late, and doing the same to many."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.definitions.public import current_all
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk.export import as_csv, as_xlsx
from machi.entrances.desk.frame import page
from machi.entrances.desk.words import STATES, due_chip, state_chip, step_title
from machi.ground.calendar import today
from machi.ground.ids import new_id
from machi.ground.languages import pick

PER_PAGE = 50
SORTS = {"due": "due_on", "-due": "-due_on", "sent": "case__submitted_at", "-sent": "-case__submitted_at"}
EXPORT_MOST = 10_000


@people.staff_required
def today_page(request):
    """What waits for me, what is late, what changed."""
    actor = people.actor_of(request)
    counts = procedures.waiting_counts(actor)
    items = [
        {"href": "/desk/queue/?mine=1", "label": _("自分の担当"), "count": counts["mine"]},
        {"href": "/desk/queue/?state=unclaimed", "label": _("担当者なし"), "count": counts["unclaimed"]},
        {"href": "/desk/queue/?state=late", "label": _("期限超過"), "count": counts["late"], "late": True},
        {"href": "/desk/queue/?state=soon", "label": _("2日以内"), "count": counts["soon"]},
        {
            "href": "/desk/cases/?status=awaiting_applicant",
            "label": _("申請者待ち"),
            "count": counts["awaiting"],
        },
    ]
    mine = [_row(step) for step in procedures.queue(actor).filter(claimed_by=actor.account)[:10]]
    urgent = [_row(step) for step in procedures.queue(actor).filter(claimed_by=None)[:10]]
    context = {"counts": items, "mine": mine, "urgent": urgent, "columns": _columns(request, sortable=False)}
    return page(request, "desk/today.html", context, here="today")


@people.staff_required
def queue(request):
    """Everything that waits for staff, filtered and sorted."""
    actor = people.actor_of(request)
    steps = _filtered(procedures.queue(actor), request)
    if request.GET.get("as") in ("csv", "xlsx"):
        return _export(request, [step.case for step in steps[:EXPORT_MOST]])
    shown = Paginator(steps, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(step) for step in shown],
        "page": shown,
        "columns": _columns(request, sortable=True),
        "selects": _selects(request, actor),
        "chips": _chips(request),
        "q": request.GET.get("q", ""),
        "export": request.GET.urlencode(),
        "command_seed": new_id(),
    }
    return page(request, "desk/queue.html", context, here="queue")


def _filtered(steps, request):
    said = request.GET
    if said.get("mine"):
        steps = steps.filter(claimed_by=request.user.pk)
    if said.get("state") == "unclaimed":
        steps = steps.filter(claimed_by=None)
    if said.get("state") == "late":
        steps = steps.filter(due_on__lt=today())
    if said.get("state") == "soon":
        steps = steps.filter(due_on__range=(today(), today().fromordinal(today().toordinal() + 2)))
    if said.get("unit"):
        steps = steps.filter(unit=said["unit"])
    if said.get("procedure"):
        steps = steps.filter(case__code=said["procedure"])
    if said.get("q"):
        steps = steps.filter(_words(said["q"].strip(), "case__"))
    return steps.order_by(SORTS[said["sort"]], "id") if said.get("sort") in SORTS else steps


def _words(text, prefix=""):
    """Cases whose number, receipt number, applicant or subject contains the words."""
    found = Q()
    for name in ("number", "reference", "applicant", "subject"):
        found |= Q(**{f"{prefix}{name}__icontains": text})
    return found


def _row(step):
    case = step.case
    return {
        "id": case.id,
        "number": case.number or case.reference,
        "title": pick(case.definition.bundle["title"], "ja"),
        "step": step_title(case, step.key),
        "applicant": case.applicant,
        "subject": case.subject if case.subject != case.applicant else "",
        "unit": _unit(step.unit),
        "claimed": step.claimed_by.person.name if step.claimed_by_id and step.claimed_by.person else "",
        "free": step.claimed_by_id is None,
        "due_on": step.due_on,
        "due": due_chip(step.due_on),
        "sent": case.submitted_at,
        "sample": case.sample,
    }


def _unit(code):
    found = people.unit(code)
    return pick(found.title, "ja") if found else code


def _columns(request, *, sortable):
    def sort(name):
        if not sortable:
            return {}
        now = request.GET.get("sort", "due")
        query = request.GET.copy()
        query["sort"] = f"-{name}" if now == name else name
        kind = {name: "ascending", f"-{name}": "descending"}.get(now, "")
        return {"sort_href": f"?{query.urlencode()}", "sorted": kind}

    return [
        {"label": _("番号")},
        {"label": _("手続と段階")},
        {"label": _("申請者・件名")},
        {"label": _("担当")},
        {"label": _("期限"), **sort("due")},
        {"label": _("受付日"), **sort("sent")},
    ]


def _selects(request, actor):
    units = [{"value": unit.code, "label": pick(unit.title, "ja")} for unit in people.units_of(actor)]
    kinds = [{"value": v.code, "label": pick(v.bundle["title"], "ja")} for v in current_all("procedure")]
    states = [
        {"value": "unclaimed", "label": _("担当者なし")},
        {"value": "late", "label": _("期限超過")},
        {"value": "soon", "label": _("2日以内")},
    ]
    said = request.GET
    return [
        {"name": "procedure", "label": _("手続"), "options": kinds, "value": said.get("procedure", "")},
        {"name": "unit", "label": _("課"), "options": units, "value": said.get("unit", "")},
        {"name": "state", "label": _("状態"), "options": states, "value": said.get("state", "")},
    ]


def _chips(request):
    """What is in force, each with the address without it."""
    labels = {
        "q": _("言葉"),
        "procedure": _("手続"),
        "unit": _("課"),
        "state": _("状態"),
        "mine": _("自分の担当"),
    }
    said = {key: request.GET[key] for key in labels if request.GET.get(key)}
    return [
        {
            "label": labels[key] if key == "mine" else f"{labels[key]}: {_chip_value(key, value)}",
            "href": "?" + urlencode({other: kept for other, kept in said.items() if other != key}),
        }
        for key, value in said.items()
    ]


def _chip_value(key, value):
    if key == "unit":
        return _unit(value)
    if key == "procedure":
        return next(
            (pick(v.bundle["title"], "ja") for v in current_all("procedure") if v.code == value), value
        )
    states = {"unclaimed": _("担当者なし"), "late": _("期限超過"), "soon": _("2日以内")}
    return states.get(value, value)


@people.staff_required
def cases(request):
    """All cases this member of staff may see, newest first."""
    actor = people.actor_of(request)
    found = procedures.visible_cases(actor).order_by("-submitted_at")
    said = request.GET
    if said.get("q"):
        found = found.filter(_words(said["q"].strip()))
    if said.get("status") in STATES:
        found = found.filter(status=said["status"])
    if said.get("procedure"):
        found = found.filter(code=said["procedure"])
    if said.get("as") in ("csv", "xlsx"):
        return _export(request, list(found[:EXPORT_MOST]))
    shown = Paginator(found, PER_PAGE).get_page(said.get("page"))
    rows = [
        {
            "id": case.id,
            "number": case.number or case.reference,
            "title": pick(case.definition.bundle["title"], "ja"),
            "applicant": case.applicant,
            "subject": case.subject if case.subject != case.applicant else "",
            "unit": _unit(case.unit),
            "chip": state_chip(case),
            "sent": case.submitted_at,
            "sample": case.sample,
        }
        for case in shown
    ]
    statuses = [{"value": key, "label": label} for key, (label, _kind) in STATES.items()]
    selects = [
        {**_selects(request, actor)[0]},
        {"name": "status", "label": _("状態"), "options": statuses, "value": said.get("status", "")},
    ]
    columns = [
        {"label": label}
        for label in (_("番号"), _("手続"), _("申請者・件名"), _("課"), _("状態"), _("受付日"))
    ]
    context = {
        "rows": rows,
        "page": shown,
        "columns": columns,
        "selects": selects,
        "q": said.get("q", ""),
        "export": said.urlencode(),
    }
    return page(request, "desk/cases.html", context, here="cases")


def _export(request, found):
    """The list as a file, for those who may export; every row's reading is noted."""
    actor = people.actor_of(request)
    allowed = [case for case in found if procedures.may_export(actor, case)]
    if len(allowed) < len(found):
        messages.warning(request, _("書き出す権限のない案件は入っていません。"))
    return (as_csv if request.GET["as"] == "csv" else as_xlsx)(allowed, actor)


@require_POST
@people.staff_required
def bulk(request):
    """The same verb on many cases: each stands alone, and what failed is said by number."""
    actor, verb = people.actor_of(request), request.POST.get("verb")
    done, failed = 0, []
    for case in procedures.visible_cases(actor).filter(id__in=request.POST.getlist("case")[:200]):
        try:
            if verb not in ("claim", "release"):
                raise procedures.NotAllowed(verb)
            procedures.command(
                case_id=case.id,
                command_id=new_id(),
                expected_revision=case.revision,
                verb=verb,
                payload={},
                actor=actor,
            )
            done += 1
        except (procedures.Refused, procedures.NotAllowed, procedures.Stale) as reason:
            failed.append(f"{case}: {getattr(reason, 'message', '') or _('いまはできません')}")
    if done:
        messages.success(request, _("%(count)s件を処理しました。") % {"count": done})
    for line in failed:
        messages.error(request, line)
    return HttpResponseRedirect(request.POST.get("back") or "/desk/queue/")
