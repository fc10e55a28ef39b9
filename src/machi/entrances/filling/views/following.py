"""Following a case: what happened, what came out of it, taking it back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.audit.public import saw
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.people.public import unit
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling import posted, showing
from machi.entrances.filling.access import own_case, own_draft
from machi.entrances.filling.words import result_chip, state_chip, timeline_items
from machi.ground.calendar import TOKYO
from machi.ground.daywords import date_words
from machi.ground.ids import new_id
from machi.ground.languages import pick


@own_case
def case(request, case, *, host):
    """One case as its applicant sees it."""
    return show(request, case, host=host)


def show(request, case, *, host, status=200, **more):
    """The page of a case, with what the place where it is read has to say."""
    return host.render(request, "filling/case.html", {**_context(request, host, case), **more}, status=status)


def _context(request, host, case):
    language = request.LANGUAGE_CODE
    next_step = procedures.next_for_applicant(case, language) if case.is_open else None
    why_not = procedures.reason_not_to_withdraw(case, host.applicant(request, case)) if case.is_open else ""
    return {
        "case": case,
        "sent": "sent" in request.GET,
        **host.back(request),
        "title": pick(case.definition.bundle["title"], language),
        "chip": state_chip(case),
        "next": next_step,
        "due_words": date_words(next_step.due, language) if next_step and next_step.due else "",
        "timeline": timeline_items(procedures.public_timeline(case), language),
        **_held(host, case, language),
        "signers": showing.signer_lines(case, language),
        **_office(case, language),
        **_decision(case, language),
        "groups": _answers(host, case, language),
        "may_withdraw": case.is_open and not why_not,
        "why_not": why_not,
        "command_id": new_id(),
        **host.following(request, case),
    }


def _held(host, case, language):
    holds = procedures.what_it_holds(case)
    return {
        "bookings": showing.booking_lines(case, holds["bookings"], language),
        "charges": showing.charge_lines(case, holds["charges"], language),
        "documents": showing.document_lines(host, case, holds["documents"], language),
    }


def _office(case, language):
    office = unit(case.unit)
    return {
        "office": pick(office.title, language) if office else "",
        "office_phone": office.phone if office else "",
    }


def _decision(case, language):
    decision = case.decisions.order_by("-at").first()
    if decision is None:
        return {}
    return {
        "decision": decision,
        "decided_on": date_words(decision.at.astimezone(TOKYO).date(), language),
        "decided_chip": result_chip(decision.result),
    }


def _answers(host, case, language):
    form, sheet = procedures.form_of(case.definition), procedures.sheet_of(case)
    groups = questions.summary(form, sheet, language=language, owner=case.owner)
    return showing.answer_groups(groups, showing.case_file_address(host, case))


def carry_out(request, host, case, verb, payload):
    """A command of the applicant. Raises procedures.Refused, also when the case has moved on meanwhile."""
    try:
        return procedures.command(
            case_id=case.id,
            command_id=posted.command_id(request),
            expected_revision=posted.revision(request) or case.revision,
            verb=verb,
            payload=payload,
            actor=host.applicant(request, case),
        )
    except procedures.Stale as stale:
        raise procedures.Refused(
            _("この間に市役所で手続が進みました。今の状態を確かめてください。")
        ) from stale


@require_POST
@own_case
def withdraw(request, case, *, host):
    """Take the application back, within the rule."""
    try:
        carry_out(request, host, case, "withdraw", {})
    except procedures.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("取り下げました。"))
    return redirect(host.address("case", case.id))


@require_POST
@own_case
def readdress(request, case, *, host):
    """Another mail address for a co-signer, or the same once more."""
    try:
        asked = {"party": request.POST.get("party", ""), "email": request.POST.get("email", "")}
        carry_out(request, host, case, "readdress", asked)
    except procedures.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("同意のお願いを送りました。"))
    return redirect(host.address("case", case.id))


@own_case
def case_file(request, case, link_id, *, host):
    """A file the applicant sent with the case."""
    return _file_of(request, case.owner, link_id)


@own_draft
def draft_file(request, draft, link_id, *, host):
    """A file of an application that is not sent yet."""
    return _file_of(request, draft.owner, link_id)


def _file_of(request, owner, link_id):
    sent = next((one for one in files.links(owner) if one.id == link_id), None)
    if sent is None:
        raise Http404
    return showing.file_response(request, sent)


@own_case
def document(request, case, document_id, *, host):
    """A document issued in the case, as PDF."""
    issued = next((one for one in documents.documents_of(case.owner) if one.id == document_id), None)
    if issued is None:
        raise Http404
    saw(actor=host.applicant(request, case), owner=case.owner, what=f"document {issued.number}")
    try:
        paper = documents.pdf(issued)
    except documents.DocumentFault:
        words = _("この文書はまだ用意できていません。少し待ってから開くか、担当の課に連絡してください。")
        messages.error(request, words)
        return redirect(host.address("case", case.id))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{issued.verify_code}.pdf"'
    return response
