"""One document at the desk: its life, and what is done to it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from machi.engines.audit.public import saw
from machi.engines.files import public as files
from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.entrances.desk import filing_words as words
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.views.filing import FACTS, chosen_place, error_lines, is_uuid, places
from machi.ground.calendar import TOKYO, era_date, today
from machi.ground.ids import new_id

ISSUE = ("issued_on", "addressee", "sender", "seal", "way", "proofread_by")
CHOICES = {**words.PICKED, "seal": words.SEALS, "way": words.WAYS}
DONE = {
    "revise": gettext_lazy("変更しました。"),
    "issue": gettext_lazy("施行しました。"),
    "complete": gettext_lazy("完結にしました。"),
    "reopen": gettext_lazy("完結から戻しました。"),
    "extend": gettext_lazy("保存期間を延ばしました。"),
    "hold": gettext_lazy("廃棄を差し止めました。"),
    "lift": gettext_lazy("差止めを解きました。"),
    "remove_file": gettext_lazy("ファイルを外しました。"),
}


def document_or_404(request, document_id):
    """The document if this member of staff may read it."""
    shown = filing.documents(people.actor_of(request)).select_related("binder", "answers")
    found = shown.filter(id=document_id).first()
    if found is None:
        raise Http404
    return found


@people.staff_required
def document(request, document_id):
    """The document with the line of its life; reading it leaves a line in the access log."""
    found = document_or_404(request, document_id)
    saw(actor=people.actor_of(request), owner=found.stream, what="document")
    return _show(request, found)


@people.staff_required
def document_file(request, document_id, link_id):
    """A file of the document."""
    found = document_or_404(request, document_id)
    link = next((one for one in files.links(found.stream) if one.id == link_id), None)
    if link is None:
        raise Http404
    saw(actor=people.actor_of(request), owner=found.stream, what=f"file {link.id}")
    return files.response(link)


@require_POST
@people.staff_required
def act(request, document_id):
    """One thing done to the document; who was second is told, and what was typed is still there."""
    found = document_or_404(request, document_id)
    do = "remove_file" if request.POST.get("_remove") else request.POST.get("_do", "")
    if do not in DOING:
        raise Http404
    try:
        DOING[do](request, found, people.actor_of(request))
    except filing.NotAllowed:
        return _show(request, found, do=do, message=_("この操作をする権限がありません。"), status=403)
    except filing.Stale:
        said = _("ほかの人がこの文書を変えました。今の内容を確かめてから、もう一度変えてください。")
        return _show(request, found, do=do, message=said, status=409)
    except filing.Refused as refused:
        return _show(request, found, do=do, errors=refused.errors, message=refused.message, status=422)
    messages.success(request, DONE[do])
    return redirect("filing:document", document_id=document_id)


def _revise(request, found, actor):
    post = request.POST
    filing.revise(
        document_id=found.id,
        revision=int(post["_revision"]) if post.get("_revision", "").isdecimal() else -1,
        given=words.read(post, FACTS),
        into=chosen_place(post),
        actor=actor,
        uploads=request.FILES.getlist("files"),
    )


def _issue(request, found, actor):
    post = request.POST
    name = post.get("issue_id") if is_uuid(post.get("issue_id")) else new_id()
    filing.issue(document_id=found.id, issue_id=name, given=words.read(post, ISSUE), actor=actor)


def _complete(request, found, actor):
    filing.complete(document_id=found.id, on=words.read(request.POST, ["on"]).get("on"), actor=actor)


def _reopen(request, found, actor):
    filing.reopen(document_id=found.id, reason=request.POST.get("reason", ""), actor=actor)


def _extend(request, found, actor):
    until = words.read(request.POST, ["until"]).get("until")
    filing.extend(document_id=found.id, until=until, reason=request.POST.get("reason", ""), actor=actor)


def _hold(request, found, actor):
    filing.hold(document_id=found.id, reason=request.POST.get("reason", ""), actor=actor)


def _lift(request, found, actor):
    name = next((one.id for one in filing.held(found) if str(one.id) == request.POST.get("hold")), None)
    if name is None:
        raise filing.Refused(_("この差止めは、もう解かれています。"))
    filing.lift(hold_id=name, reason=request.POST.get("reason", ""), actor=actor)


def _remove_file(request, found, actor):
    filing.take_file_away(document_id=found.id, link_id=request.POST.get("_remove", ""), actor=actor)


DOING = {
    "revise": _revise, "issue": _issue, "complete": _complete, "reopen": _reopen, "extend": _extend, "hold": _hold,
    "lift": _lift, "remove_file": _remove_file,
}  # fmt: skip


def _show(request, found, *, do="", errors=None, message="", status=200):
    actor, held = people.actor_of(request), list(filing.held(found))
    context = _head(request, found, held) | {
        "holds": held,
        "story": words.story_items(found),
        "may": {verb: filing.may(actor, f"filing.{verb}", found) for verb in ("handle", "hold", "dispose")},
        "alive": found.state in ("open", "completed"),
        "errors": error_lines({f"{do}-{name}": said for name, said in (errors or {}).items()}),
        "wrong": {one: {} for one in DOING} | {do: errors or {}},
        "typed": {one: {} for one in DOING} | {do: request.POST.dict()},
        "message": message,
        "edit": {**_typed(found), **(request.POST.dict() if do == "revise" else {}), "revision": found.revision},
        "issue_id": new_id(),
        "day": era_date(today()),
        "into": places(actor, found.holder, today()),
        "choices": {name: words.options(known) for name, known in CHOICES.items()},
        "cases": [owner.partition(":")[2] for owner in filing.owners_of(found)],
    }
    return page(request, "desk/filing/document.html", context, here="filing", status=status)


def _head(request, found, held):
    titles = unit_titles(request)
    return {
        "document": found,
        "title": found.subject or _("（廃棄済み）"),
        "kind": words.KINDS[found.kind],
        "chip": words.state_chip(found, held=bool(held)),
        "unit": titles.get(found.unit, found.unit),
        "holder": titles.get(found.holder, found.holder),
        "facts": _facts(found),
        "life": [
            {"title": words.STAGES[stage], "when": words.day(day), "state": state}
            for stage, day, state in filing.life_of(found)
        ],
        "files": [_file(found, link) for link in files.links(found.stream)],
        "issues": [_issued(one) for one in found.issues.order_by("at")],
        "fresh": "new" in request.GET,
        "focus": {"autofocus": True},
        "case_id": (found.owner or "").removeprefix("case:"),
    }


def _facts(found):
    """What is written of a document, as lines: what is blank is left out."""
    plan = filing.plan()
    one = filing.class_of(plan, found.code) if plan else None
    shown = {
        **{words.FIELDS[name]: getattr(found, name) for name in ("correspondent", "their_number")},
        **{words.FIELDS[name]: words.day(getattr(found, name)) for name in ("dated_on", "received_on", "answer_by")},
        words.FIELDS["drafter"]: found.drafter,
        _("分類"): f"{filing.spelled(found.code)} {filing.class_title(one) if one else ''}",
        _("保存期間"): words.keep_words(found.keep),
        _("保存期限"): words.day(found.kept_until),
        _("満了後の措置"): words.THENS[found.binder.then],
        words.FIELDS["disclosure"]: f"{words.DISCLOSURES[found.disclosure]} {found.disclosure_basis}",
        words.FIELDS["sensitivity"]: words.SENSITIVITIES.get(found.sensitivity, ""),
        words.FIELDS["handling"]: words.HANDLINGS[found.handling],
        **{words.FIELDS[name]: getattr(found, name) for name in ("place", "note")},
        _("登録した人"): f"{found.registered_name} {words.day(found.registered_at.astimezone(TOKYO).date())}",
    }
    return [{"label": label, "value": value} for label, value in shown.items() if str(value).strip()]


def _file(found, link):
    return {
        "name": link.name,
        "size": link.blob.size,
        "href": words.file_address(found, link),
        "remove": str(link.id) if found.state == "open" else "",
    }


def _issued(one):
    return {"issue": one, "on": words.day(one.issued_on), "seal": words.SEALS[one.seal], "way": words.WAYS[one.way]}


def _typed(found):
    """A document as its own form shows it."""
    said = {name: getattr(found, name) for name in FACTS}
    shown = {name: words.day(value) if name in words.DAYS else value for name, value in said.items()}
    return {**shown, "into": str(found.binder_id), "revision": found.revision}
