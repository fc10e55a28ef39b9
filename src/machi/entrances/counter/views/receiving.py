"""Receiving somebody: their code or a new procedure, the screen they look at, and the end of the visit."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from machi.engines.guides import public as guides
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.counter import actions, queries
from machi.entrances.counter.host import COUNTER, receiving, sitting_of
from machi.entrances.counter.models import Screen
from machi.entrances.filling.access import own_draft
from machi.entrances.filling.views.pages import opened
from machi.ground.calendar import era_date
from machi.ground.ids import code_within
from machi.ground.languages import BY_CODE, LANGUAGES, pick

STAGES = {
    "typing": (gettext_lazy("入力中"), "progress"),
    "asking": (gettext_lazy("確認してもらっています"), "asked"),
    "agreed": (gettext_lazy("確認と署名が済みました"), "new"),
    "sent": (gettext_lazy("送りました"), "done"),
}
MOST = 60


@receiving
@never_cache
def home(request):
    """Nobody here yet: how to begin. Somebody is here: what they came for."""
    sitting, wish = sitting_of(request), request.GET.get("q", "").strip()[:100]
    found = queries.offered(people.actor_of(request), wish)
    context = {
        "wish": wish,
        "typed": request.GET.get("code", ""),
        "first": {"autofocus": True},
        "offers": [
            {"code": version.code, "label": pick(version.bundle["title"], "ja")} for version in found[:MOST]
        ],
        "more": max(0, len(found) - MOST),
        "languages_spoken": [{"value": one.code, "label": one.name} for one in LANGUAGES],
    }
    if sitting is None:
        left = queries.tray(people.actor_of(request)).count()
        return COUNTER.render(request, "counter/home.html", {**context, "tray": left})
    return COUNTER.render(request, "counter/sitting.html", {**context, **_errands(request, sitting)})


def _errands(request, sitting):
    """What the person came for, and what their guide's list still holds."""
    lines = [_line(request, *one) for one in queries.errands(sitting)]
    plan = guides.plan_of_code(sitting.plan_code) if sitting.plan_code else None
    tasks = queries.todos(plan, {line["code"] for line in lines}) if plan else []
    allowed = {version.code for version in queries.offered(people.actor_of(request))} if tasks else ()
    return {
        "errands": lines,
        "plan": plan,
        "tasks": [(task, task.procedure in allowed) for task in tasks],
        "unsent": sum(line["case"] is None for line in lines),
        "facing": request.build_absolute_uri(reverse("counter:screen")),
        "sent": request.GET.get("sent", ""),
    }


def _line(request, errand, draft, case):
    stage = queries.stage_of(errand, draft, case)
    version = case.definition if case else draft.version
    label, kind = STAGES[stage]
    page = (errand.page or draft.page) if draft and stage == "typing" else ""
    address = ("counter:page", [draft.id, page]) if page else ("counter:review", [errand.draft_id])
    return {
        "code": version.code,
        "title": pick(version.bundle["title"], "ja"),
        "case": case,
        "case_href": queries.case_address(people.actor_of(request), case) if case else "",
        "draft": draft,
        "href": "" if case else reverse(address[0], args=address[1]),
        "stage": {"label": label, "kind": kind},
        "objected": errand.objected and stage == "typing",
    }


@require_POST
@receiving
def open_code(request):
    """Open what a code names: an unsent form or the list of a guide. Whatever is wrong is said, and stays typed."""
    typed = request.POST.get("code", "").strip()[:200]
    plan = guides.plan_of_code(code_within(typed) or "")
    if plan:
        return _open_plan(request, plan)
    draft_id = questions.recalled(typed)
    draft = questions.draft_of(draft_id) if draft_id else None
    problem = _problem(request, typed, draft_id, draft)
    if problem:
        messages.warning(request, problem)
        return redirect(f"{reverse('counter:home')}?code={code_within(typed) or ''}")
    sitting = actions.open_sitting(actor=people.actor_of(request), language=draft.language)
    actions.take_up(sitting=sitting, draft=draft, actor=people.actor_of(request))
    where = ("counter:page", draft.id, draft.page) if draft.page else ("counter:review", draft.id)
    return redirect(*where)


def _problem(request, typed, draft_id, draft):
    """Why this code opens nothing here, in a sentence; "" when it opens a draft."""
    if code_within(typed) is None:
        return _("コードが違います。12文字を、画面や紙のとおりに入力してください。")
    if draft is None:
        case = procedures.case_sent_from(f"draft:{draft_id}") if draft_id else None
        case = case or procedures.case_of_reference(code_within(typed))
        if case:
            return _("この申込みは、もう送信されています（受付番号 %(number)s）。") % {"number": case.reference}
        return _("このコードの入力は見つかりません。保存の期限が過ぎたか、消されています。新しく始めてください。")
    if not COUNTER.offers(draft.version):
        return _("この手続は、窓口では受け付けません。")
    return COUNTER.hindrance(request, draft.version) or _elsewhere(request, draft)


def _elsewhere(request, draft):
    """Who has this form open at another counter now, in a sentence: a person stands at one only."""
    other = queries.served_by(draft.id, apart_from=people.actor_of(request).account)
    return _("いま、ほかの窓口（%(name)s）で開いています。") % {"name": other} if other else ""


def _open_plan(request, plan):
    """A guide's list: what was begun from it comes along, as far as this clerk may take it in."""
    actor = people.actor_of(request)
    sitting = actions.open_sitting(actor=actor, language=plan.draft.language, plan_code=plan.code)
    for draft in queries.begun_for(plan):
        if queries.may_receive(actor, draft.version):
            actions.take_up(sitting=sitting, draft=draft, actor=actor)
    return redirect("counter:home")


@require_POST
@receiving
def language(request):
    """The language of the person, on their screen."""
    sitting, said = sitting_of(request), request.POST.get("language", "")
    if sitting and said in BY_CODE:
        actions.set_language(sitting=sitting, language=said)
    return redirect("counter:home")


@require_POST
@receiving
def pair(request):
    """The screen that shows this code faces the person of the sitting now."""
    sitting = sitting_of(request) or actions.open_sitting(actor=people.actor_of(request))
    try:
        actions.pair(sitting=sitting, code=request.POST.get("screen", ""))
    except procedures.Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("住民側の画面がつながりました。"))
    return redirect("counter:home")


@require_POST
@receiving
def free(request):
    """The screen faces nobody any more."""
    for screen in Screen.objects.filter(sitting=sitting_of(request) or 0):
        actions.release(screen=screen)
    return redirect("counter:home")


@require_POST
@receiving
def close(request):
    """The visit is over."""
    sitting = sitting_of(request)
    if sitting:
        actions.close_sitting(sitting=sitting)
        messages.success(request, _("応対を終えました。住民側の画面には、もう何も出ていません。"))
    return redirect("counter:home")


@receiving
@own_draft
def later(request, draft, *, host):
    """Leaving off: the form is kept, and this code opens it again at any counter."""
    one = opened(request, draft)
    context = {
        "draft": draft,
        "title": pick(one.version.bundle["title"], "ja"),
        "code": questions.recall_code(draft=draft),
        "page": draft.page if draft.page in one.sheet.pages else one.sheet.pages[0],
        "until": era_date(draft.expires_on),
    }
    return host.render(request, "counter/later.html", context)


@receiving
def lead_home(_request, **_which):
    """Pages that the counter has no own of lead to the sitting."""
    return redirect("counter:home")
