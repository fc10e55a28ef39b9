"""What is mine: cases, unsent applications, the inbox."""

from django.http import Http404
from django.shortcuts import render

from machi.engines.definitions.public import current
from machi.engines.notices import public as notices
from machi.engines.people.public import resident_required, unit
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.portal.words import state_chip
from machi.ground.daywords import date_words
from machi.ground.languages import pick


@resident_required
def mine(request):
    """One list of what runs, in words, with the next step and by when."""
    language = request.LANGUAGE_CODE
    cases = list(procedures.cases_of(request.user.pk)[:100])
    drafts = questions.drafts_of(request.user.pk)
    context = {
        "running": [_line(case, language) for case in cases if case.is_open],
        "ended": [_line(case, language) for case in cases if not case.is_open],
        "drafts": [_draft_line(draft, language) for draft in drafts if current("procedure", draft.code)],
        "unread": notices.unread(request.user.pk),
    }
    return render(request, "portal/mine.html", context)


def _line(case, language):
    following = procedures.next_for_applicant(case, language) if case.is_open else None
    due = following and following.due
    return {
        "href": f"/cases/{case.id}/",
        "label": pick(case.definition.bundle["title"], language),
        "text": following.title if following else "",
        "meta": date_words(due or case.submitted_at.date(), language),
        "chip": state_chip(case),
    }


def _draft_line(draft, language):
    return {
        "href": f"/drafts/{draft.id}/{draft.page}/" if draft.page else f"/drafts/{draft.id}/review/",
        "label": pick(current("procedure", draft.code).bundle["title"], language),
        "meta": date_words(draft.expires_on, language),
    }


@resident_required
def inbox(request):
    """Everything the city told me."""
    items = [
        {
            "href": f"/my/inbox/{notice.id}/",
            "label": notice.subject,
            "meta": date_words(notice.created_at.date(), request.LANGUAGE_CODE),
            "unread": notice.opened_at is None,
        }
        for notice in notices.inbox(request.user.pk)
    ]
    return render(request, "portal/inbox.html", {"items": items})


@resident_required
def inbox_notice(request, notice_id):
    """One message."""
    notice = notices.open_notice(id=notice_id, account_id=request.user.pk)
    if notice is None:
        raise Http404
    return render(request, "portal/inbox_notice.html", {"notice": notice})


def voices(request):
    """Voices of citizens with the city's answers: only what was written for the public."""
    language = request.LANGUAGE_CODE
    version = current("procedure", "voice.citizen_voice")
    topics = {}
    if version:
        tables = version.bundle["form"].get("tables", {})
        topics = {
            row["key"]: pick(row["label"], language) for row in tables.get("topics", {}).get("options", [])
        }
    items = [
        {
            "question": one.question,
            "answer": one.answer,
            "topic": topics.get(one.topic, ""),
            "unit": pick(unit(one.unit).title, language) if unit(one.unit) else "",
            "when": date_words(one.at.date(), language),
        }
        for one in procedures.publications("voice.citizen_voice")[:100]
    ]
    return render(request, "portal/voices.html", {"items": items})
