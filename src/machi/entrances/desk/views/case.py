"""One case at the desk: what was said, what happened, what may be done now."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.audit.public import saw
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.desk.frame import page
from machi.entrances.desk.words import due_chip, state_chip, step_title, timeline
from machi.ground.calendar import today
from machi.ground.ids import new_id
from machi.ground.languages import pick


def _case_or_404(request, case_id):
    """The case if this member of staff may see it; 404 says nothing about whether it exists."""
    found = procedures.visible_cases(people.actor_of(request)).filter(id=case_id).first()
    if found is None:
        raise Http404
    return found


@people.staff_required
def case(request, case_id):
    """The case; reading it leaves a line in the access log."""
    found = _case_or_404(request, case_id)
    saw(actor=people.actor_of(request), owner=found.owner, what="case")
    return _show(request, found)


def _show(request, case, *, answers=None, errors=None, message="", payload=None, status=200):
    actor = people.actor_of(request)
    bundle = case.definition.bundle
    ceiling = procedures.ceiling(actor, case)
    form, sheet = procedures.form_of(case.definition), procedures.sheet_of(case)
    groups = questions.summary(form, sheet, language="ja", ceiling=ceiling, before=_before(case, form))
    active = case.steps.filter(state="active").order_by("-opened_at").first()
    possible = {one.verb for one in procedures.possible(case, actor)}
    holds = procedures.what_it_holds(case)
    office = people.unit(case.unit)
    context = {
        "case": case,
        "title": pick(bundle["title"], "ja"),
        "chip": state_chip(case),
        "due": due_chip(case.due_on) if case.is_open else "",
        "office": pick(office.title, "ja") if office else case.unit,
        "groups": groups,
        "files": [row for group in groups for row in group.rows if row.files],
        "points": [row for group in groups for row in group.rows if row.map_point],
        "timeline": timeline(case, procedures.timeline(case)),
        "decisions": case.decisions.order_by("-at"),
        "active": active,
        "active_title": step_title(case, active.key) if active else "",
        "claimed": active.claimed_by.person.name if active and active.claimed_by_id else "",
        "possible": possible,
        "step": _step(case, active, actor, answers, errors) if possible & {"complete", "decide"} else None,
        "fields": [(q.key, q.label("ja")) for q in form.fields if q.asks],
        "units": [{"value": unit.code, "label": pick(unit.title, "ja")} for unit in people.units()],
        "human_steps": _human_steps(bundle),
        "holds": holds,
        "due_charges": [charge for charge in holds["charges"] if charge.state == "due"],
        "errors": [
            {"href": f"#{questions.control_id(path)}", "text": text} for path, text in (errors or {}).items()
        ],
        "message": message,
        "payload": payload or {},
        "command_id": new_id(),
        "version": case.definition.number,
    }
    return page(request, "desk/case.html", context, here="queue", status=status)


def _before(case, form):
    """The answers as first sent, when they were changed since: changes are marked."""
    first = case.answers.order_by("n").first()
    last = case.answers.order_by("-n").values_list("n", flat=True).first()
    return form.evaluate(first.answers, today=today()) if first and last != first.n else None


def _step(case, active, actor, answers, errors):
    """The form and the outcomes of the step that waits."""
    defined = case.definition.bundle["flow"]["steps"][active.key]
    form = procedures.step_form(case.definition, active.key)
    kept = answers if answers is not None else _begun(case, active, form)
    fields = []
    if form is not None:
        sheet = form.evaluate(kept, today=today())
        fields = questions.fields_for(
            form, "step", sheet, language="ja", errors=errors or {}, typed=kept.get("_typed")
        )
    return {
        "verb": "decide" if active.type == "decide" else "complete",
        "fields": fields,
        "checklist": [(line["key"], pick(line["label"], "ja")) for line in defined["checklist"]],
        "outcomes": [
            {
                "value": key,
                "label": pick(one["label"], "ja"),
                "tone": one["tone"],
                "reasons": one["reasons"] == "required",
            }
            for key, one in defined["outcomes"].items()
        ],
        "reasons": active.type == "decide"
        or any(o["reasons"] == "required" for o in defined["outcomes"].values()),
        "legal_basis": pick(defined.get("legal_basis"), "ja"),
    }


def _begun(case, active, form):
    """What was written at this step the last time round, or an empty form."""
    earlier = case.steps.filter(key=active.key, state__in=("done", "returned")).order_by("-round").first()
    if earlier and earlier.answers:
        return earlier.answers
    return questions.prefilled(form.bundle) if form else {}


def _human_steps(bundle):
    return [
        {"value": key, "label": pick(step["title"], "ja")}
        for key, step in bundle["flow"]["steps"].items()
        if step["type"] in ("check", "task", "decide")
    ]


@require_POST
@people.staff_required
def act(request, case_id):
    """One command on the case. When somebody else was first, the page says what changed and keeps what was typed."""
    found = _case_or_404(request, case_id)
    verb, post = request.POST.get("verb", ""), request.POST
    payload = {
        "step": post.get("step", ""),
        "outcome": post.get("outcome", ""),
        "reasons": post.get("reasons", ""),
        "text": post.get("text", ""),
        "message": post.get("message", ""),
        "reason": post.get("reason", ""),
        "unit": post.get("unit", ""),
        "fields": post.getlist("fields"),
        "checked": post.getlist("checked"),
        "charge": post.get("charge", ""),
        "method": post.get("method", "cash"),
    }
    reading = _read_step(request, found, verb, post)
    if reading is not None:
        payload["answers"] = reading.answers
        if reading.did != "next" or reading.refused:
            return _show(request, found, answers=reading.answers, errors=reading.refused, payload=payload)
    try:
        procedures.command(
            case_id=found.id,
            command_id=_uuid(post.get("command_id")),
            expected_revision=int(post.get("revision") or 0),
            verb=verb,
            payload=payload,
            actor=people.actor_of(request),
        )
    except procedures.Refused as refused:
        return _again(request, found, payload, refused.message, refused.errors, status=422)
    except procedures.Stale:
        return _again(
            request, found, payload, _what_changed(found, int(post.get("revision") or 0)), {}, status=409
        )
    except procedures.NotAllowed:
        return _again(request, found, payload, _("この操作をする権限がありません。"), {}, status=403)
    messages.success(request, _("記録しました。"))
    return redirect("desk:case", case_id=found.id)


def _again(request, case, payload, message, errors, *, status):
    case.refresh_from_db()
    return _show(
        request,
        case,
        answers=payload.get("answers"),
        errors=errors,
        message=message,
        payload=payload,
        status=status,
    )


def _read_step(request, case, verb, post):
    """What was filled in at the step, or None when the step has no form or this verb is about something else."""
    if verb not in ("complete", "decide"):
        return None
    form = procedures.step_form(case.definition, post.get("step", "")) if post.get("step") else None
    active = case.steps.filter(state="active", key=post.get("step", "")).first()
    if form is None or active is None:
        return None
    return questions.read_page(
        form, "step", post, request.FILES, _begun(case, active, form), owner=case.owner
    )


def _what_changed(case, revision):
    """The sentence for the clerk who was second."""
    entries = procedures.changes_since(case, revision)
    lines = [line["title"] + (f"（{line['by']}）" if line["by"] else "") for line in timeline(case, entries)]
    said = "、".join(dict.fromkeys(lines)) or _("別の人が更新しました")
    return _(
        "この間に案件が変わりました: %(changes)s。今の状態を確かめてから、もう一度してください。入力したものは残っています。"
    ) % {"changes": said}


@people.staff_required
def case_file(request, case_id, link_id):
    """A file of the case, if its sensitivity allows."""
    found = _case_or_404(request, case_id)
    actor = people.actor_of(request)
    link = files.link(link_id)
    if link is None or link.owner != found.owner:
        raise Http404
    if not is_at_least(procedures.ceiling(actor, found), link.sensitivity, SENSITIVITIES):
        raise Http404
    saw(actor=actor, owner=found.owner, what=f"file {link.field}")
    return files.response(link)


@people.staff_required
def case_document(request, case_id, document_id):
    """A document issued in the case."""
    found = _case_or_404(request, case_id)
    issued = next((d for d in documents.documents_of(found.owner) if d.id == document_id), None)
    if issued is None:
        raise Http404
    saw(actor=people.actor_of(request), owner=found.owner, what=f"document {issued.number}")
    response = HttpResponse(documents.pdf(issued), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{issued.verify_code}.pdf"'
    return response


def _uuid(text):
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()
