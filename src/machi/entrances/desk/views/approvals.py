"""The approval inbox: what waits for me, what I hold, what I must read, what I did; and marking many at once."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.approvals import public as approvals
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page
from machi.entrances.desk.route import MARKS as MARKED
from machi.entrances.desk.route import since_words
from machi.entrances.desk.rows import HIDDEN
from machi.entrances.desk.views.queue import carry_out, report
from machi.entrances.desk.words import due_chip, moment, state_chip, title_of

TABS = ("waiting", "held", "read", "done")
MARKS = ("approve", "disagree", "send_back", "hold", "reject", "acknowledge")
MOST = 100


@people.staff_required
def inbox(request):
    """Everything an approval asks of me today, oldest first; and what I marked, newest first."""
    chosen = _tab_of(request.GET)
    slots = approvals.inbox(people.actor_of(request))
    labels = {"waiting": _("待ち"), "held": _("保留"), "read": _("後閲・供覧"), "done": _("済み")}
    tabs = [
        {
            "href": f"?tab={tab}",
            "label": labels[tab],
            "count": None if tab == "done" else sum(_tab(slot) == tab for slot in slots),
            "current": tab == chosen,
        }
        for tab in TABS
    ]
    shown = [slot for slot in slots if _tab(slot) == chosen][:MOST]
    context = {
        "tabs": tabs,
        "chosen": chosen,
        "sum": _sum(slots),
        "rows": _rows(request, shown),
        "done": _done(request) if chosen == "done" else [],
    }
    return page(request, "desk/approvals.html", context, here="approvals")


def _tab_of(said):
    return said.get("tab") if said.get("tab") in TABS else "waiting"


def _tab(slot):
    if slot.kind in approvals.UNBLOCKING:
        return "read"
    return "held" if slot.state == "held" else "waiting"


def _sum(slots):
    """Today in one sentence: how many wait for me, since when, and how many for too long."""
    waiting = [slot for slot in slots if _tab(slot) == "waiting"]
    if not waiting:
        return ""
    late = sum(approvals.is_late(slot) for slot in waiting)
    names = {"count": len(waiting), "since": since_words(waiting[0].opened_at), "late": late}
    if late:
        return _("%(count)s件が待っています。いちばん古いものは%(since)s。%(late)s件が期限を過ぎています。") % names
    return _("%(count)s件が待っています。いちばん古いものは%(since)s。期限を過ぎたものはありません。") % names


def _rows(request, slots):
    cases = _cases(request, slots)
    titles = people.post_titles({post for slot in slots for post in (slot.post, slot.acting) if post})
    return [_row(request, slot, cases[slot.round.owner], titles) for slot in slots if slot.round.owner in cases]


def _cases(request, slots):
    ids = [slot.round.owner.partition(":")[2] for slot in slots]
    found = procedures.visible_cases(people.actor_of(request)).filter(id__in=ids)
    return {case.owner: case for case in found.select_related("version")}


def _row(request, slot, case, titles):
    inputs = slot.round.row.get("inputs") or {}
    return {
        "slot": slot.id,
        "digest": slot.round.digest,
        **_about(request, case),
        "amount": inputs.get("amount") or None,
        "rule": slot.round.row["rule"],
        "post": titles[slot.post],
        "acting": titles.get(slot.acting, ""),
        "since": since_words(slot.opened_at),
        "due": due_chip(slot.due_on),
        "again": slot.round.n if slot.round.n > 1 else None,
        "changed": procedures.changed_since_last_round(case, slot.round),
        "note": slot.note if slot.state == "held" or slot.added_by else "",
        "agree": slot.kind in ("agree", "review"),
        "grave": not slot.round.deputies,
    }


def _about(request, case):
    """What a draft is about and whose it is, as far as this actor may read it."""
    ceiling = procedures.ceiling(people.actor_of(request), case)
    drafter = f"{case.drafter['name']}（{case.drafter['title']}）" if case.drafter else ""
    personal = case.applicant if is_at_least(ceiling, "personal", SENSITIVITIES) else HIDDEN
    return {
        "case": case,
        "title": title_of(case),
        "subject": (is_at_least(ceiling, "internal", SENSITIVITIES) and case.subject) or title_of(case),
        "drafter": drafter or personal,
    }


def _done(request):
    """What I marked lately, and what became of it."""
    marks = approvals.marked_by(people.actor_of(request), limit=MOST)
    cases = _cases(request, [mark.slot for mark in marks])
    return [
        {
            **_about(request, cases[mark.slot.round.owner]),
            "word": MARKED[mark.verb],
            "when": moment(mark.at),
            "deputy": bool(mark.on_behalf_of),
            "chip": state_chip(cases[mark.slot.round.owner]),
        }
        for mark in marks
        if mark.slot.round.owner in cases
    ]


@require_POST
@people.staff_required
def mark(request):
    """The same mark on everything ticked: each is a command of its own, and what failed is said by number."""
    actor, post = people.actor_of(request), request.POST
    verb, chosen = post.get("verb", ""), post.getlist("slot")[:MOST]
    slots = [slot for slot in approvals.inbox(actor) if str(slot.id) in chosen]
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
    return HttpResponseRedirect(f"{reverse('desk:approvals')}?tab={_tab_of(post)}")
