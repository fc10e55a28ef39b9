"""Groups of cases at the desk: one page with all that is handled together, and what all of it allows."""

from collections import Counter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk import filters
from machi.entrances.desk.frame import page
from machi.entrances.desk.rows import case_rows
from machi.entrances.desk.views.case import case_or_404
from machi.entrances.desk.words import GROUPS, STATES, chip, step_title, title_of


def group_or_404(request, group_id):
    """The group, if this member of staff may see one of its cases."""
    found = procedures.visible_groups(people.actor_of(request)).filter(id=group_id).first()
    if found is None:
        raise Http404
    return found


@people.staff_required
def groups(request):
    """All groups in which one may see a case."""
    found = procedures.visible_groups(people.actor_of(request))[:100]
    rows = [{"group": one, "kind": GROUPS[one.kind], "count": one.cases.count()} for one in found]
    return page(request, "desk/groups.html", {"rows": rows}, here="cases")


@people.staff_required
def group(request, group_id):
    """One group: its cases, how they stand, and what can be done with all that allow it."""
    return _show(request, group_or_404(request, group_id))


def _show(request, found, *, errors=None, status=200):
    visible = list(_cases(request, found))
    counts = Counter(case.status for case in visible)
    context = {
        "group": found,
        "kind": GROUPS[found.kind],
        "kinds": [{"value": key, "label": label} for key, label in GROUPS.items()],
        "chips": [(chip(STATES[status]), count) for status, count in counts.items()],
        "rows": case_rows(request, visible),
        "columns": [{"label": label} for label in _labels()],
        "hidden": found.cases.count() - len(visible),
        "together": _together(visible),
        "errors": errors or {},
    }
    return page(request, "desk/group.html", context, here="cases", status=status)


def _cases(request, found):
    mine = procedures.visible_cases(people.actor_of(request))
    return mine.filter(groups=found).order_by("submitted_at")


def _labels():
    return (_("番号"), _("手続"), _("申請者・件名"), _("課"), _("状態"), _("期限"), _("受付日"))


def _together(cases):
    """Steps at which cases of the group wait and that need nothing filled in: what may be answered for all at once."""
    steps = {}
    for case in cases:
        for step in case.steps.filter(state="active", type__in=("check", "task")):
            steps.setdefault((case.version_id, step.key), []).append(case)
    return [
        {
            "step": key,
            "title": f"{title_of(found[0])}: {step_title(found[0], key)}",
            "cases": found,
            "outcomes": outcomes,
        }
        for (_version, key), found in steps.items()
        if (outcomes := filters.simple_outcomes(found[0].definition, key))
    ]


@require_POST
@people.staff_required
def change(request, group_id):
    """Another name; or a case out of the group."""
    found, actor, case_id = group_or_404(request, group_id), people.actor_of(request), request.POST.get("out")
    try:
        if case_id:
            case = next((one for one in _cases(request, found) if str(one.id) == case_id), None)
            if case:
                procedures.take_out(group=found, case=case, actor=actor)
        else:
            said = {"title": request.POST.get("title", ""), "kind": request.POST.get("kind", "")}
            procedures.name_group(group=found, **said, actor=actor)
    except procedures.Refused as refused:
        messages.error(request, refused.message)
        return _show(request, found, errors=refused.errors, status=422)
    messages.success(request, _("まとまりを変えました。"))
    if procedures.visible_groups(actor).filter(id=found.id).exists():
        return redirect("desk:group", group_id=found.id)
    return redirect("desk:groups")


@require_POST
@people.staff_required
def put_in(request, case_id):
    """Put a case into a group that there is, or into a new one."""
    case, actor = case_or_404(request, case_id), people.actor_of(request)
    try:
        if request.POST.get("group"):
            found = procedures.visible_groups(actor).filter(id=request.POST["group"]).first()
            if found:
                procedures.put_in(group=found, case=case, actor=actor)
        else:
            said = {"title": request.POST.get("title", ""), "kind": request.POST.get("kind", "other")}
            found = procedures.make_group(**said, cases=[case], actor=actor)
    except procedures.Refused as refused:
        messages.error(request, refused.message)
        return redirect("desk:case", case_id=case.id)
    return redirect("desk:group", group_id=found.id) if found else redirect("desk:case", case_id=case.id)
