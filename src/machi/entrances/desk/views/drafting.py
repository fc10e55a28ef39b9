"""Applying at the desk: the catalogue of internal procedures, what I began, and what became of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.desk.commands import read
from machi.entrances.desk.drafting import DRAFTING, shelves
from machi.entrances.desk.frame import unit_titles
from machi.entrances.desk.words import DONE
from machi.entrances.filling.access import own_case, own_draft
from machi.entrances.filling.views.following import carry_out, show
from machi.entrances.filling.views.pages import opened
from machi.entrances.filling.words import state_chip
from machi.ground.calendar import TOKYO, era_date
from machi.ground.languages import pick

SHOWN = 100


@people.staff_required
@never_cache
def catalogue(request):
    """Internal procedures by shelf or by what one looks for, and what I have begun."""
    wish = request.GET.get("q", "").strip()[:100]
    asked = procedures.cases_drafted(people.actor_of(request)).filter(status="awaiting_applicant")
    context = {"wish": wish, "shelves": shelves(wish), "drafts": _drafts(request), "asked": _lines(asked)}
    return DRAFTING.render(request, "desk/drafting/catalogue.html", context)


@people.staff_required
@never_cache
def procedure(request, code):
    """What a person needs to read before starting."""
    version = DRAFTING.procedure_or_404(code)
    bundle = version.bundle
    facts = {name: pick(text, "ja") for name, text in bundle["facts"].items() if name != "ready"}
    context = {
        "code": code,
        "title": pick(bundle["title"], "ja"),
        "summary": pick(bundle["summary"], "ja"),
        "facts": [
            {"term": _("使える人"), "text": facts["who"], "icon": "users"},
            {"term": _("費用"), "text": facts["cost"], "icon": "yen"},
            {"term": _("かかる時間"), "text": facts["time"], "icon": "clock"},
            {"term": _("結果のお知らせ"), "text": facts["hear"], "icon": "inbox"},
        ],
        "ready": [pick(text, "ja") for text in bundle["facts"]["ready"]],
        "legal": [pick(law["text"], "ja") for law in bundle["legal"]],
        "owner": unit_titles(request).get(bundle["owner"], bundle["owner"]),
        "drafts": [line for line in _drafts(request) if line["code"] == code],
    }
    return DRAFTING.render(request, "desk/drafting/procedure.html", context)


@people.staff_required
@never_cache
def mine(request):
    """My own cases: what waits for me, what runs, what has ended."""
    cases = list(procedures.cases_drafted(people.actor_of(request))[:SHOWN])
    context = {
        "asked": _lines(case for case in cases if case.status == "awaiting_applicant"),
        "running": _lines(case for case in cases if case.is_open and case.status != "awaiting_applicant"),
        "ended": _lines(case for case in cases if not case.is_open),
        "drafts": _drafts(request),
    }
    return DRAFTING.render(request, "desk/drafting/mine.html", context)


@require_POST
@people.staff_required
@own_case
def recall(request, case, *, host):
    """Take a draft back that nobody has marked yet, to answer again (引戻し)."""
    try:
        carry_out(request, host, case, "recall", {})
    except procedures.Refused as refused:
        messages.error(request, refused.message)
        return redirect(host.address("case", case.id))
    messages.success(request, _("引き戻しました。直して、もう一度送ってください。"))
    return redirect(host.address("correct", case.id))


@require_POST
@people.staff_required
@own_case
def places(request, case, *, host):
    """Ask one more post to consent or to read, or let one go that was added."""
    verb, payload = read(request.POST)
    if verb not in ("add_place", "remove_place"):
        raise Http404
    try:
        carry_out(request, host, case, verb, payload)
    except procedures.Refused as refused:
        messages.error(request, refused.message)
        case.refresh_from_db()
        return show(request, case, host=host, status=422, typed={verb: payload})
    except procedures.NotAllowed:
        messages.error(request, _("この決裁はもう終わっています。"))
    else:
        messages.success(request, DONE[verb])
    return redirect(host.address("case", case.id))


@people.staff_required
@own_draft
def later(request, draft, *, host):
    """Leaving off: the draft is kept, and here is how to go on or to throw it away."""
    one = opened(request, draft)
    context = {
        "draft": draft,
        "title": pick(one.version.bundle["title"], "ja"),
        "page": draft.page if draft.page in one.sheet.pages else one.sheet.pages[0],
        "until": era_date(draft.expires_on),
    }
    return host.render(request, "desk/drafting/later.html", context)


def _drafts(request):
    """What this member of staff has begun and not sent."""
    lines = []
    for draft in questions.drafts_of(request.user.pk):
        if DRAFTING.offers(draft.version):
            page = ("page", draft.id, draft.page) if draft.page else ("review", draft.id)
            lines.append(
                {
                    "code": draft.code,
                    "href": DRAFTING.address(*page),
                    "label": pick(draft.version.bundle["title"], "ja"),
                    "meta": _("%(day)sまで残しておきます") % {"day": era_date(draft.expires_on)},
                }
            )
    return lines


def _lines(cases):
    return [
        {
            "href": reverse("drafting:case", args=[case.id]),
            "label": pick(case.definition.bundle["title"], "ja"),
            "text": case.subject,
            "meta": f"{case.number}　{era_date(case.submitted_at.astimezone(TOKYO).date())}",
            "chip": state_chip(case),
        }
        for case in cases
    ]
