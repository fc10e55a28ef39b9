"""The screen that faces people: what the clerk types, in their language; at the end they sign. Nothing of the desk."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.counter import actions, queries, rules
from machi.entrances.counter.models import Errand
from machi.entrances.filling import posted
from machi.ground.calendar import now, today
from machi.ground.ids import secret_token
from machi.ground.languages import BY_CODE, pick
from machi.ui.middleware import remember_language

COOKIE, LASTS = "screen", 12 * 3600
SEEN_EVERY = 5  # seconds


def facing(view):
    """Give the view the Screen behind this browser (None without) and the sitting it faces, in that person's words."""

    @never_cache
    @wraps(view)
    def opened(request, **rest):
        screen = queries.screen_of(request.COOKIES.get(COOKIE, ""))
        sitting = queries.served_at(screen) if screen else None
        if screen and screen.sitting and not sitting:
            actions.release(screen=screen)
        if screen and (now() - screen.seen_at).total_seconds() > SEEN_EVERY:
            actions.note_seen(screen=screen)
        if sitting:
            translation.activate(sitting.language)
            request.LANGUAGE_CODE = sitting.language
        response = view(request, screen, sitting, **rest)
        response.headers["Content-Language"] = BY_CODE[request.LANGUAGE_CODE].html
        return response

    return opened


@require_GET
@facing
def screen(request, screen, sitting):
    """The whole screen."""
    return render(request, "counter/screen/screen.html", _face(request, screen, sitting))


@require_GET
@facing
def now_shown(request, screen, sitting):
    """What has changed since the screen asked last: its part anew, or nothing (204)."""
    stamp = _stamp(screen, sitting)
    if request.GET.get("at") == stamp:
        return HttpResponse(status=204)
    return render(request, "counter/screen/screen.html#face", _face(request, screen, sitting))


def _stamp(screen, sitting):
    """What tells whether the screen must be drawn anew."""
    if screen is None or sitting is None:
        return screen.code if screen else "none"
    _errand, draft, case = _shown(sitting)
    about = case.revision if case else draft.revision if draft else 0
    return f"{sitting.pk.hex[-8:]}.{sitting.clock}.{about}.{int(case is not None)}"


def _shown(sitting):
    errand = Errand.objects.filter(sitting=sitting, id=sitting.shown).first() if sitting.shown else None
    return (errand, *queries.draft_and_case(errand)) if errand else (None, None, None)


def _face(request, screen, sitting, **more):
    known = {"screen": screen, "stamp": _stamp(screen, sitting), "face": _which(screen, sitting), **more}
    if sitting is None:
        return known
    errand, draft, case = _shown(sitting)
    if draft is None and case is None:
        return known
    stage, version = queries.stage_of(errand, draft, case), case.definition if case else draft.version
    known |= {
        "face": stage,
        "errand": errand,
        "title": pick(version.bundle["title"], sitting.language),
        "language_form": "screen-language",
    }
    if case:
        return {**known, "case": case, "address": procedures.link_to(case)}
    return known | _answers(sitting, errand, draft, stage)


def _which(screen, sitting):
    if screen is None:
        return "none"
    return "ready" if sitting else "waiting"


def _answers(sitting, errand, draft, stage):
    """While typing, the page the clerk is at; while asking, everything."""
    form, language = questions.form_of(draft.version), sitting.language
    sheet = form.evaluate(draft.answers, today=today())
    groups = questions.summary(form, sheet, language=language, owner=draft.owner)
    if stage == "typing":
        here = errand.page if errand.page in sheet.pages else ""
        groups = [group for group in groups if not here or group.page_key == here]
    number = sheet.pages.index(errand.page) + 1 if errand.page in sheet.pages else 0
    return {
        "groups": groups,
        "number": number,
        "count": len(sheet.pages),
        "digest": procedures.digest_of(draft.version, draft.answers) if stage == "asking" else "",
    }


@require_POST
def begin(request):
    """Make this browser a screen."""
    token = secret_token()
    actions.add_screen(token=token)
    response = redirect("counter:screen")
    response.set_cookie(
        COOKIE, token, max_age=LASTS, path="/counter/screen/", httponly=True, samesite="Strict",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


@require_POST
@facing
def language(request, _screen, sitting):
    """The person chooses their language."""
    said = posted.asked_language(request)
    if sitting and said:
        actions.set_language(sitting=sitting, language=said)
    response = redirect("counter:screen")
    return remember_language(response, said) if said and not sitting else response


@require_POST
@facing
def answer(request, screen, sitting):
    """The person agrees and signs, or says that something is wrong."""
    errand, draft, _case = _shown(sitting) if sitting else (None, None, None)
    if draft is None or str(errand.id) != request.POST.get("errand"):
        return redirect("counter:screen")
    if request.POST.get("_do") == "wrong":
        actions.object_(errand=errand)
        return redirect("counter:screen")
    lines, name = rules.strokes(request.POST.get("ink", "")), request.POST.get("name", "").strip()[:100]
    try:
        _need_tick(request)
        actions.agree(
            errand=errand, draft=draft, seen=request.POST.get("digest", ""), lines=lines, name=name,
            way="glass" if lines else "name",
        )  # fmt: skip
    except procedures.Refused as refused:
        told = {"problem": refused.message, "name": name}
        return render(request, "counter/screen/screen.html", _face(request, screen, sitting, **told), status=422)
    return redirect("counter:screen")


def _need_tick(request):
    if request.POST.get("agreed") != "1":
        raise procedures.Refused(_("内容が正しければ、「内容を確認しました」に印をつけてください。"))
