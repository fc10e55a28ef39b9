"""The queue and the list of all cases: finding, choosing, doing the same to many, taking out as a file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk import filters
from machi.entrances.desk.export import download
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.rows import case_rows, step_rows
from machi.entrances.desk.views import today
from machi.ground.calendar import era_date
from machi.ground.calendar import today as day_of_today
from machi.ground.ids import new_id

PER_PAGE = 50
EXPORT_MOST = 10_000
BULK_MOST = 200


@people.staff_required
def queue(request):
    """Everything that waits for staff, filtered and sorted."""
    actor = people.actor_of(request)
    waiting = procedures.queue(actor)
    steps = filters.filtered_steps(waiting, request)
    if request.GET.get("as") in ("csv", "xlsx"):
        return _export(request, [step.case for step in steps[: EXPORT_MOST + 1]])
    counts, paginator = procedures.waiting_counts(actor), Paginator(steps, PER_PAGE)
    known = filters.known_count(request, counts)
    if known is not None:
        paginator.count = known
    shown = paginator.get_page(request.GET.get("page"))
    context = _frame_of_list(request, ("procedure", "step", "unit")) | {
        "rows": step_rows(request, shown),
        "page": shown,
        "columns": _columns(request),
        "views": filters.views(request, counts),
        "outcomes": filters.bulk_outcomes(request),
    }
    return page(request, "desk/queue.html", context, here="queue")


@people.staff_required
def cases(request):
    """All cases this member of staff may see, newest first."""
    found = procedures.visible_cases(people.actor_of(request)).order_by("-submitted_at", "-id")
    found = filters.filtered_cases(found, request)
    if request.GET.get("as") in ("csv", "xlsx"):
        return _export(request, list(found[: EXPORT_MOST + 1]))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    labels = (_("番号"), _("手続"), _("申請者・件名"), _("課"), _("状態"), _("期限"), _("受付日"))
    context = _frame_of_list(request, ("procedure", "unit", "status")) | {
        "rows": case_rows(request, shown),
        "page": shown,
        "columns": [{"label": label} for label in labels],
    }
    return page(request, "desk/cases.html", context, here="cases")


def _frame_of_list(request, names):
    may_export = people.can_anywhere(people.actor_of(request), "procedures.export")
    return {
        "selects": filters.selects(request, names),
        "chips": filters.chips(request),
        "kept": filters.kept(request),
        "q": request.GET.get("q", ""),
        "exports": [(label, filters.address(request, **{"as": kind})) for label, kind in EXPORTS if may_export],
    }


EXPORTS = (("CSV", "csv"), ("XLSX", "xlsx"))


def _columns(request):
    now = request.GET.get("sort", "due")
    columns = today.columns()
    for column, name in zip(columns[-2:], ("due", "sent"), strict=True):
        column["sort_href"] = filters.address(request, sort=f"-{name}" if now == name else name)
        column["sorted"] = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    return columns


def _export(request, found):
    """The list as a file, for those who may take it out; refused where it would not be whole."""
    actor = people.actor_of(request)
    allowed = [case for case in found if procedures.may_export(actor, case)]
    if len(found) > EXPORT_MOST:
        text = _("一度に書き出せるのは%(most)s件までです。条件でしぼってから書き出してください。")
        messages.error(request, text % {"most": f"{EXPORT_MOST:,}"})
        return HttpResponseRedirect(filters.address(request))
    if len(allowed) < len(found):
        messages.warning(request, _("書き出す権限のない案件は、ファイルに入っていません。"))
    return download(allowed, unit_titles(request), actor=actor, form=request.GET["as"])


@require_POST
@people.staff_required
def bulk(request):
    """The same verb on many cases: each stands alone, and what failed is said by number.

    `claim_one` (a case) is the button of one row; else `verb` (claim, release) or `outcome` for all ticked.
    """
    actor, post = people.actor_of(request), request.POST
    one = post.get("claim_one")
    ids = [one] if one else post.getlist("case")[:BULK_MOST]
    chosen = procedures.visible_cases(actor).filter(id__in=[found for found in ids if _is_uuid(found)])
    if post.get("verb") == "group":
        return _grouped(request, chosen, actor)
    verb, payload = _asked(post)
    done, failed = 0, []
    for case in chosen:
        reason = _do(case, verb, payload, actor)
        done, failed = (done, [*failed, f"{case}: {reason}"]) if reason else (done + 1, failed)
    report(request, done, failed, any_chosen=bool(ids))
    return HttpResponseRedirect(_way_back(post.get("back", ""), one))


def _grouped(request, chosen, actor):
    """What is ticked becomes a group; its page asks for a better name."""
    try:
        title = _("%(day)sのまとまり") % {"day": era_date(day_of_today())}
        group = procedures.make_group(title=title, kind="other", cases=chosen, actor=actor)
    except procedures.Refused as refused:
        messages.warning(request, refused.message)
        return HttpResponseRedirect(_way_back(request.POST.get("back", ""), None))
    return redirect("desk:group", group_id=group.id)


def _asked(post):
    if post.get("outcome"):
        return "complete", {"step": post.get("step", ""), "outcome": post["outcome"], "answers": {}}
    return ("claim" if post.get("claim_one") else post.get("verb", "")), {}


def _do(case, verb, payload, actor):
    """Carry it out; the sentence that says why not, or ""."""
    if verb not in ("claim", "release", "complete"):
        return _("いまはできません。")
    return carry_out(case, verb, payload, actor)


def carry_out(case, verb, payload, actor):
    """One command on one case of many; the sentence that says why not, or ""."""
    try:
        procedures.command(
            case_id=case.id,
            command_id=new_id(),
            expected_revision=case.revision,
            verb=verb,
            payload=payload,
            actor=actor,
        )
    except procedures.Refused as refused:
        return refused.message
    except procedures.NotAllowed:
        return _("この操作をする権限がありません。")
    except procedures.Stale:
        return _("ほかの人が先に変えました。")
    return ""


def report(request, done, failed, *, any_chosen):
    """Say how many were done, and of the others why not."""
    if not any_chosen:
        messages.warning(request, _("案件を選んでから、もう一度押してください。"))
    if done:
        messages.success(request, _("%(count)s件を処理しました。") % {"count": done})
    for line in failed[:20]:
        messages.error(request, line)


def _is_uuid(text):
    return len(text) == 36 and set(text) <= set("0123456789abcdef-")


def _way_back(back, row):
    """The list one came from, at the row one was on; never another site."""
    back = back if back.startswith("/desk/") else "/desk/queue/"
    return f"{back}#row-{row}" if row and _is_uuid(row) else back
