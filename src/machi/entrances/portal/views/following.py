"""Following a case: what happened, what is asked, what came out of it, taking it back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.audit.public import saw
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.people.public import unit
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.portal import access
from machi.entrances.portal.views.filling import _int, _uuid
from machi.entrances.portal.words import state_chip, timeline_items
from machi.ground.calendar import today
from machi.ground.daywords import date_words
from machi.ground.ids import new_id
from machi.ground.languages import pick


def case(request, case_id):
    """One case as its applicant sees it."""
    found = access.case_or_404(request, case_id)
    return render(request, "portal/case.html", _context(request, found))


def _context(request, case):
    language = request.LANGUAGE_CODE
    bundle = case.definition.bundle
    form = procedures.form_of(case.definition)
    sheet = procedures.sheet_of(case)
    holds = procedures.what_it_holds(case)
    office = unit(case.unit)
    why_not = procedures.reason_not_to_withdraw(case, access.applicant(request, case)) if case.is_open else ""
    return {
        "case": case,
        "sent": "sent" in request.GET,
        "title": pick(bundle["title"], language),
        "chip": state_chip(case),
        "next": procedures.next_for_applicant(case, language) if case.is_open else None,
        "timeline": timeline_items(procedures.public_timeline(case), language),
        "groups": questions.summary(form, sheet, language=language),
        "office": pick(office.title, language) if office else "",
        "office_phone": office.phone if office else "",
        "decision": case.decisions.order_by("-at").first(),
        "documents": [d for d in holds["documents"] if d.state == "valid"],
        "charges": holds["charges"],
        "may_withdraw": case.is_open and not why_not,
        "why_not": why_not,
        "command_id": new_id(),
        "due_words": date_words(case.due_on, language) if case.due_on else "",
    }


def link(request, token):
    """The mailed link: this browser may now open the case."""
    found = procedures.case_of_token(token)
    if found is None:
        return render(request, "portal/link_old.html", status=404)
    access.remember(request, access.CASES, found.id)
    return redirect("portal:case", case_id=found.id)


def correct(request, case_id):
    """Answer again what the city asked about: only those fields, with what was said before."""
    found = access.case_or_404(request, case_id)
    asked = procedures.asked_step(found)
    if asked is None:
        messages.info(request, _("いま直すところはありません。"))
        return redirect("portal:case", case_id=found.id)
    form = procedures.form_of(found.version)
    answers = request.session.get(_kept(asked), procedures.answers_of(found))
    if request.method == "POST":
        return _corrected(request, found, asked, form, answers)
    return _show_correction(request, found, asked, form, answers)


def _kept(asked):
    """Where the session keeps a correction that is not yet sent."""
    return f"correction:{asked.id}"


def _show_correction(request, case, asked, form, answers, *, errors=None, status=200):
    language = request.LANGUAGE_CODE
    sheet = form.evaluate(answers, today=today())
    context = {
        "case": case,
        "title": pick(case.definition.bundle["title"], language),
        "asked": asked,
        "due_words": date_words(asked.due_on, language) if asked.due_on else "",
        "fields": questions.fields_for(
            form, None, sheet, language=language, only=asked.fields, errors=errors or {}, owner=case.owner,
            slots=_slots(case, form, sheet, asked),
        ),
        "errors": [{"href": f"#{questions.control_id(path)}", "text": text} for path, text in (errors or {}).items()],
        "command_id": new_id(),
        "language_form": "page-form",
        "form_default": {"name": "_do", "value": "next"},
    }  # fmt: skip
    return render(request, "portal/correct.html", context, status=status)


def _slots(case, form, sheet, asked):
    return {
        field["key"]: procedures.free_days(case.definition, sheet, field["pool"])
        for field in form.bundle["fields"]
        if field["type"] == "slot" and field["key"] in asked.fields
    }


def _corrected(request, case, asked, form, answers):
    reading = questions.read_page(
        form, None, request.POST, request.FILES, answers, owner=case.owner, only=asked.fields
    )
    request.session[_kept(asked)] = reading.answers
    if reading.did.startswith("lang:"):
        return redirect(f"{request.path}?lang={reading.did.removeprefix('lang:')}")
    if reading.did != "next" or reading.refused:
        return _show_correction(
            request,
            case,
            asked,
            form,
            reading.answers,
            errors=reading.refused,
            status=422 if reading.refused else 200,
        )
    try:
        _hold_days(case, form, reading.answers)
        _command(request, case, "correct", {"answers": reading.answers})
    except procedures.Refused as refused:
        return _show_correction(
            request,
            case,
            asked,
            form,
            reading.answers,
            errors=refused.errors or {"": refused.message},
            status=422,
        )
    request.session.pop(_kept(asked), None)
    messages.success(request, _("直した内容を受け取りました。"))
    return redirect("portal:case", case_id=case.id)


def _hold_days(case, form, answers):
    procedures.hold_chosen(case.definition, form.evaluate(answers, today=today()), owner=case.owner)


def _command(request, case, verb, payload):
    """A command of the applicant; a case that has moved on says so."""
    try:
        return procedures.command(
            case_id=case.id,
            command_id=_uuid(request.POST.get("command_id")),
            expected_revision=_int(request.POST.get("revision")) or case.revision,
            verb=verb,
            payload=payload,
            actor=access.applicant(request, case),
        )
    except procedures.Stale as stale:
        raise procedures.Refused(
            _("この間に市役所で手続が進みました。今の状態を確かめてください。")
        ) from stale


@require_POST
def withdraw(request, case_id):
    """Take the application back, within the rule."""
    found = access.case_or_404(request, case_id)
    try:
        _command(request, found, "withdraw", {})
    except procedures.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("取り下げました。"))
    return redirect("portal:case", case_id=found.id)


def case_file(request, case_id, link_id):
    """A file the applicant sent with the case."""
    found = access.case_or_404(request, case_id)
    sent = files.link(link_id)
    if sent is None or sent.owner != found.owner:
        raise Http404
    return files.response(sent)


@access.own_draft
def draft_file(request, draft, link_id):
    """A file of an application that is not sent yet."""
    sent = files.link(link_id)
    if sent is None or sent.owner != draft.owner:
        raise Http404
    return files.response(sent)


def document(request, case_id, document_id):
    """A document issued in the case, as PDF."""
    found = access.case_or_404(request, case_id)
    issued = next((d for d in documents.documents_of(found.owner) if str(d.id) == str(document_id)), None)
    if issued is None:
        raise Http404
    saw(actor=access.applicant(request, found), owner=found.owner, what=f"document {issued.number}")
    response = HttpResponse(documents.pdf(issued), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{issued.verify_code}.pdf"'
    return response


def find_by_number(request):
    """Somebody who has only the receipt number and the mail address gets the link mailed again."""
    if request.method == "POST":
        procedures.mail_link_again(
            reference=request.POST.get("reference", ""), email=request.POST.get("email", "")
        )
        return render(request, "portal/find_sent.html")
    return render(request, "portal/find.html", {"home": reverse("portal:home")})
