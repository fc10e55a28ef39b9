"""Finding a service: home, search, doors, the page of a procedure."""

from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.notices.public import unread
from machi.engines.people import public as people
from machi.engines.people.public import unit
from machi.engines.procedures.public import ENDED, cases_of, form_pdf, not_taken, period_words
from machi.engines.search.public import find
from machi.entrances.filling.views.printing import pdf
from machi.entrances.portal.doors import (
    DOORS,
    behind,
    behind_all_doors,
    door_items,
    found_items,
    often_used,
    procedure_items,
)
from machi.entrances.portal.host import PORTAL
from machi.ground.languages import BY_CODE, pick

KEPT = 24 * 3600  # seconds


def home(request):
    """The first page: one search box, six doors, and what waits for me."""
    language = request.LANGUAGE_CODE
    account = request.user.pk if request.user.is_authenticated else None
    context = {
        "doors": door_items(),
        "services": procedure_items(often_used(), language),
        "tries": [
            {"href": f"{reverse('portal:search')}?{urlencode({'q': word})}", "label": word}
            for word in _tries(language)
        ],
    }
    if account:
        running = cases_of(account).exclude(status__in=ENDED)
        context["waiting"] = running.filter(status="awaiting_applicant").count()
        context["running"] = running.count()
        context["unread"] = unread(account)
    return render(request, "portal/home.html", context)


def _tries(language):
    """A few words to try: what people call the services, in the reader's language."""
    tag = BY_CODE[language].tag
    words = (version.bundle["words"].get(tag) or version.bundle["words"].get("ja") for version in often_used())
    return [said[0] for said in words if said][:4]


def search(request):
    """Results for what somebody wishes, in their own words."""
    wish = request.GET.get("q", "").strip()[:200]
    hits = find(wish, language=request.LANGUAGE_CODE, kinds=["procedure", "guide"]) if wish else []
    items = found_items(hits, request.LANGUAGE_CODE)
    return render(request, "portal/search.html", {"wish": wish, "items": items, "doors": door_items()})


def door(request, key):
    """The procedures behind one door."""
    if key not in DOORS:
        raise Http404
    title, text = DOORS[key]
    items = behind(key, request.LANGUAGE_CODE)
    return render(request, "portal/door.html", {"title": title, "text": text, "items": items})


def procedures(request):
    """Everything that can be done here, door by door."""
    return render(request, "portal/procedures.html", {"groups": behind_all_doors(request.LANGUAGE_CODE)})


def procedure(request, code):
    """One procedure on one screen: who, how much, how long, what to have ready, when one hears."""
    version = PORTAL.procedure_or_404(code)
    bundle, language = version.bundle, request.LANGUAGE_CODE
    facts = bundle["facts"]
    ready = [pick(text, language) for text in facts["ready"]]
    items = [
        {"term": _("使える人"), "text": pick(facts["who"], language), "icon": "users"},
        {"term": _("費用"), "text": pick(facts["cost"], language), "icon": "yen"},
        {"term": _("かかる時間"), "text": pick(facts["time"], language), "icon": "clock"},
        {"term": _("結果のお知らせ"), "text": pick(facts["hear"], language), "icon": "inbox"},
    ]
    if period := period_words(bundle):
        items.insert(1, {"term": _("受付期間"), "text": period, "icon": "calendar"})
    context = {
        "code": code,
        "title": pick(bundle["title"], language),
        "summary": pick(bundle["summary"], language),
        "facts": items,
        "ready": ready,
        "legal": [pick(law["text"], language) for law in bundle["legal"]],
        "unit": unit(bundle["owner"]),
        "unit_name": pick(unit(bundle["owner"]).title, language) if unit(bundle["owner"]) else "",
        "assurance": bundle["assurance"],
        "closed": not_taken(bundle),
        "enough": not PORTAL.hindrance(request, version),
        "card_ready": people.card_is_on(),
    }
    return render(request, "portal/procedure.html", context)


def blank_form(request, code):
    """The form of a procedure on paper, to be filled in by hand. Made once for each version and language."""
    version, language = PORTAL.procedure_or_404(code), request.LANGUAGE_CODE
    key = f"portal:form:{version.digest}:{language}"
    made = cache.get(key) or form_pdf(version, language=language)
    cache.set(key, made, KEPT)
    return pdf(made, pick(version.bundle["title"], "ja"))
