"""What is mine: cases, unsent applications, the inbox. And what the city published of others' voices."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from machi.engines.definitions.public import current
from machi.engines.notices import public as notices
from machi.engines.people.public import resident_required, unit
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.words import state_chip
from machi.entrances.portal.doors import is_public
from machi.ground.calendar import TOKYO
from machi.ground.daywords import date_words, time_words
from machi.ground.languages import pick


@resident_required
@never_cache
def mine(request):
    """One list of what runs, in words, with the next step and by when."""
    language = request.LANGUAGE_CODE
    cases = list(procedures.cases_of(request.user.pk)[:100])
    drafts = questions.drafts_of(request.user.pk)
    context = {
        "running": [_line(case, language) for case in cases if case.is_open],
        "ended": [_line(case, language) for case in cases if not case.is_open],
        "drafts": [_draft_line(draft, language) for draft in drafts if _is_application(draft)],
        "plans": [_plan_line(draft, language) for draft in drafts if draft.kind == "guide"],
        "unread": notices.unread(request.user.pk),
    }
    return render(request, "portal/mine.html", context)


def _line(case, language):
    following = procedures.next_for_applicant(case, language) if case.is_open else None
    if following and following.asks:
        meta = _("%(day)sまでに答えてください") % {"day": _day(following.due, language)}
    else:
        meta = _("%(day)sに送信") % {"day": _day(case.submitted_at, language)}
    return {
        "href": reverse("portal:case", args=[case.id]),
        "label": pick(case.definition.bundle["title"], language),
        "text": following.title if following else "",
        "meta": f"{meta}　{case.reference}",
        "chip": state_chip(case),
    }


def _is_application(draft):
    return draft.kind == "procedure" and is_public(current("procedure", draft.code))


def _plan_line(draft, language):
    return {
        "href": reverse("portal:plan", args=[draft.id]),
        "label": pick(draft.version.bundle["title"], language),
        "meta": _("%(day)sまで残しておきます") % {"day": _day(draft.expires_on, language)},
    }


def _draft_line(draft, language):
    page = "portal:page" if draft.page else "portal:review"
    return {
        "href": reverse(page, args=[draft.id, draft.page] if draft.page else [draft.id]),
        "label": pick(current("procedure", draft.code).bundle["title"], language),
        "meta": _("%(day)sまで残しておきます") % {"day": _day(draft.expires_on, language)},
    }


def _day(moment, language):
    """A day, or the day of a moment in Japan, in words."""
    return date_words(moment.astimezone(TOKYO).date() if isinstance(moment, datetime) else moment, language)


@resident_required
@never_cache
def inbox(request):
    """Everything the city told me."""
    items = [
        {
            "href": reverse("portal:inbox_notice", args=[notice.id]),
            "label": notice.subject,
            "meta": time_words(notice.created_at, request.LANGUAGE_CODE),
            "unread": notice.opened_at is None,
        }
        for notice in notices.inbox(request.user.pk)
    ]
    return render(request, "portal/inbox.html", {"items": items})


@resident_required
@never_cache
def inbox_notice(request, notice_id):
    """One message."""
    notice = notices.open_notice(id=notice_id, account_id=request.user.pk)
    if notice is None:
        raise Http404
    when = time_words(notice.created_at, request.LANGUAGE_CODE)
    return render(request, "portal/inbox_notice.html", {"notice": notice, "when": when})


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
            "when": _day(one.at, language),
        }
        for one in procedures.publications("voice.citizen_voice")[:100]
    ]
    return render(request, "portal/voices.html", {"items": items})
