"""The approval inbox: what waits for my posts, and marking many at once."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.approvals import public as approvals
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page
from machi.entrances.desk.views.queue import carry_out, report
from machi.entrances.desk.words import title_of

TABS = ("waiting", "held", "read")
MARKS = ("approve", "disagree", "send_back", "hold", "reject", "acknowledge")
MOST = 100


@people.staff_required
def inbox(request):
    """Everything an approval asks of the posts I hold today, oldest first."""
    chosen = request.GET.get("tab") if request.GET.get("tab") in TABS else "waiting"
    slots = list(approvals.waiting_for(people.actor_of(request).posts))
    labels = {"waiting": _("承認待ち"), "held": _("保留"), "read": _("供覧・後閲")}
    tabs = [
        {
            "href": f"?tab={tab}",
            "label": labels[tab],
            "count": sum(_tab(slot) == tab for slot in slots),
            "current": tab == chosen,
        }
        for tab in TABS
    ]
    shown = [slot for slot in slots if _tab(slot) == chosen][:MOST]
    context = {"tabs": tabs, "chosen": chosen, "rows": _rows(request, shown)}
    return page(request, "desk/approvals.html", context, here="approvals")


def _tab(slot):
    if slot.kind in ("acknowledge", "afterwards"):
        return "read"
    return "held" if slot.state == "held" else "waiting"


def _rows(request, slots):
    cases = _cases(request, slots)
    return [_row(request, slot, cases[slot.round.owner]) for slot in slots if slot.round.owner in cases]


def _cases(request, slots):
    ids = [slot.round.owner.partition(":")[2] for slot in slots]
    found = procedures.visible_cases(people.actor_of(request)).filter(id__in=ids)
    return {case.owner: case for case in found.select_related("version")}


def _row(request, slot, case):
    ceiling = procedures.ceiling(people.actor_of(request), case)
    personal = is_at_least(ceiling, "internal", SENSITIVITIES)
    return {
        "slot": slot.id,
        "digest": slot.round.digest,
        "case": case,
        "subject": (personal and case.subject) or title_of(case),
        "title": title_of(case),
        "rule": slot.round.row["rule"],
        "post": approvals.title(slot.post),
        "since": slot.opened_at,
        "again": slot.round.n if slot.round.n > 1 else None,
        "note": slot.note if slot.state == "held" else "",
        "agree": slot.kind in ("agree", "review"),
    }


@require_POST
@people.staff_required
def mark(request):
    """The same mark on everything ticked: each is a command of its own, and what failed is said by number."""
    actor, post = people.actor_of(request), request.POST
    verb, chosen = post.get("verb", ""), post.getlist("slot")[:MOST]
    slots = [slot for slot in approvals.waiting_for(actor.posts) if str(slot.id) in chosen]
    cases, done, failed = _cases(request, slots), 0, []
    for slot in slots:
        case = cases.get(slot.round.owner)
        if case is None or verb not in MARKS:
            continue
        payload = {
            "slot": str(slot.id),
            "digest": post.get(f"digest-{slot.id}", ""),
            "comment": post.get("comment", ""),
        }
        case.refresh_from_db(fields=["revision"])
        reason = carry_out(case, verb, payload, actor)
        done, failed = (done, [*failed, f"{case}: {reason}"]) if reason else (done + 1, failed)
    gone = len(set(chosen)) - len(slots)
    if gone:
        failed.append(
            _("%(count)s件は、もう待っていません（ほかの人が決めたか、内容が変わりました）。") % {"count": gone}
        )
    report(request, done, failed, any_chosen=bool(chosen))
    tab = post.get("tab") if post.get("tab") in TABS else "waiting"
    return HttpResponseRedirect(f"{reverse('desk:approvals')}?tab={tab}")
