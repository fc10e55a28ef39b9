"""Answering again what the city asked about."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.access import own_case
from machi.entrances.filling.showing import case_file_address, linked
from machi.entrances.filling.views.following import carry_out
from machi.ground.calendar import today
from machi.ground.daywords import date_words
from machi.ground.ids import new_id
from machi.ground.languages import pick
from machi.ui.middleware import remember_language


@own_case
def correct(request, case, *, host):
    """Only the fields that were asked about, with what was said before."""
    asked = procedures.asked_step(case)
    if asked is None:
        messages.info(request, _("いま直すところはありません。"))
        return redirect(host.address("case", case.id))
    form = procedures.form_of(case.definition)
    answers = request.session.get(_kept(asked)) or procedures.answers_of(case)
    if request.method == "POST":
        return _read(request, host, case, asked, form, answers)
    return _show(request, host, case, asked, form, answers)


def _kept(asked):
    """Where the session keeps a correction that is not yet sent."""
    return f"correction:{asked.id}"


def _show(request, host, case, asked, form, answers, *, errors=None, status=200):
    language, errors = request.LANGUAGE_CODE, errors or {}
    sheet = form.evaluate(answers, today=today(), asked=asked.fields)
    context = {
        "case": case,
        "title": pick(case.definition.bundle["title"], language),
        "asked": asked,
        "message": procedures.next_for_applicant(case, language).message,
        "due_words": date_words(asked.due_on, language) if asked.due_on else "",
        "fields": questions.fields_for(
            form, None, sheet, language=language, only=asked.fields, errors=errors, owner=case.owner,
            slots=_slots(case, form, sheet, asked), file_url=case_file_address(host, case),
            accounts=procedures.accounts_offered(case.definition, asked.fields, host.applicant(request, case)),
            hours=procedures.free_hours(case.definition, sheet, asked.fields, owner=case.owner),
            notes=procedures.account_notes(case.definition, sheet, asked.fields),
        ),
        "errors": linked(errors),
        "command_id": new_id(),
        "language_form": "page-form",
        "form_default": {"name": "_do", "value": "next"},
    }  # fmt: skip
    part = "#questions" if request.htmx and request.POST.get("_do") == "live" else ""
    return host.render(request, f"filling/correct.html{part}", context, status=status)


def _slots(case, form, sheet, asked):
    return {
        field["key"]: procedures.free_days(case.definition, sheet, field["pool"], owner=case.owner)
        for field in form.bundle["fields"]
        if field["type"] == "slot" and field["key"] in asked.fields
    }


def _read(request, host, case, asked, form, answers):
    """Keep what was typed; then do what the pressed button says."""
    reading = questions.read_page(
        form, None, request.POST, request.FILES, answers, owner=case.owner, only=asked.fields
    )
    request.session[_kept(asked)] = reading.answers
    if reading.did.startswith("lang:"):
        return remember_language(redirect(request.path), reading.did.removeprefix("lang:"))
    if reading.did != "next" or reading.refused:
        status = 422 if reading.refused else 200
        return _show(request, host, case, asked, form, reading.answers, errors=reading.refused, status=status)
    try:
        _send(request, host, case, asked, form, reading.answers)
    except procedures.Refused as refused:
        errors = refused.errors or {"": refused.message}
        return _show(request, host, case, asked, form, reading.answers, errors=errors, status=422)
    request.session.pop(_kept(asked), None)
    messages.success(request, _("直した内容を受け取りました。"))
    return redirect(host.address("case", case.id))


def _send(request, host, case, asked, form, answers):
    sheet = form.evaluate(answers, today=today(), asked=asked.fields)
    procedures.hold_chosen(case.definition, sheet, owner=case.owner, only=asked.fields)
    carry_out(request, host, case, "correct", {"answers": answers})
