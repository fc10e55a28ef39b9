"""Guides: what to do when something happens in a life. A short interview, then one list in order of time."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from machi.engines.guides import public as engine
from machi.engines.people import public as people
from machi.engines.questions import public as questions
from machi.entrances.filling import posted
from machi.entrances.filling.host import CASES, DRAFTS
from machi.entrances.filling.showing import linked
from machi.entrances.filling.views.pages import begin as begin_application
from machi.entrances.filling.words import state_chip
from machi.entrances.portal import guided
from machi.entrances.portal.doors import guide_items
from machi.entrances.portal.host import PORTAL, account_id
from machi.entrances.portal.plans import own_plan
from machi.ground.calendar import now, today
from machi.ground.icalendar import calendar as calendar_file
from machi.ground.languages import pick
from machi.ui.middleware import remember_language

PHASES = {
    "before": gettext_lazy("その日の前に"),
    "first": gettext_lazy("はじめに"),
    "within_14_days": gettext_lazy("2週間ほどの間に"),
    "later": gettext_lazy("そのあとで"),
}


def guides(request):
    """The events of a life, as doors."""
    return render(request, "portal/guides.html", {"doors": guide_items(request.LANGUAGE_CODE)})


def _guide_or_404(code):
    version = engine.guide(code)
    if version is None:
        raise Http404
    return version


def guide(request, code):
    """What a guide is for, before its first question."""
    version, language = _guide_or_404(code), request.LANGUAGE_CODE
    context = {
        "code": code,
        "title": pick(version.bundle["title"], language),
        "summary": pick(version.bundle["summary"], language),
        "pages": len(version.bundle["form"]["pages"]),
    }
    return render(request, "portal/guide.html", context)


@require_POST
def start(request, code):
    """Begin the interview, with what the city already knows filled in."""
    plan = engine.start(
        version=_guide_or_404(code),
        language=request.LANGUAGE_CODE,
        account_id=account_id(request),
        profile=people.profile(request.user) if request.user.is_authenticated else None,
    )
    PORTAL.remember(request, DRAFTS, plan.draft_id)
    _form, sheet = _evaluated(plan)
    return redirect("portal:plan_page", draft_id=plan.draft_id, page=sheet.pages[0])


def _evaluated(plan):
    form = questions.form_of(plan.draft.version)
    return form, form.evaluate(plan.draft.answers, today=today())


# The interview


@own_plan
def page(request, plan, page):
    """One page of the interview."""
    form, sheet = _evaluated(plan)
    if page not in sheet.pages:
        return redirect("portal:plan", draft_id=plan.draft_id)
    if request.method == "POST":
        return _save(request, plan, form, page)
    return _show(request, plan, form, sheet, page)


def _show(request, plan, form, sheet, page, *, errors=None, status=200):
    language, errors, draft = request.LANGUAGE_CODE, errors or {}, plan.draft
    number = sheet.pages.index(page) + 1
    context = {
        "draft": draft,
        "title": pick(draft.version.bundle["title"], language),
        "page": form.page(page, language),
        "page_key": page,
        "number": number,
        "count": len(sheet.pages),
        "fields": questions.fields_for(form, page, sheet, language=language, errors=errors, owner=draft.owner),
        "errors": linked(errors),
        "back": sheet.pages[number - 2] if number > 1 else None,
        "live": reverse("portal:plan_page", args=[draft.id, page]),
        "language_form": "page-form",
        "form_default": {"name": "_do", "value": "next"},
    }
    part = "#questions" if request.htmx and request.POST.get("_do") == "live" else ""
    return render(request, f"portal/guide_page.html{part}", context, status=status)


def _save(request, plan, form, page):
    """Keep what was answered, whatever it is; then do what the pressed button says."""
    draft = plan.draft
    reading = questions.read_page(form, page, request.POST, request.FILES, draft.answers, owner=draft.owner)
    questions.save_draft(
        draft=draft,
        answers=reading.answers,
        page=page,
        expected_revision=posted.revision(request),
        language=request.LANGUAGE_CODE,
    )
    sheet = form.evaluate(draft.answers, today=today())
    if reading.did.startswith("lang:"):
        return remember_language(redirect(request.get_full_path()), reading.did.removeprefix("lang:"))
    if reading.did == "back":
        return redirect("portal:plan_page", draft_id=draft.id, page=_before(sheet, page))
    if reading.did == "next":
        errors = {**sheet.page_errors(page), **reading.refused}
        if errors:
            return _show(request, plan, form, sheet, page, errors=errors, status=422)
        return _go_on(draft, sheet, page)
    if request.htmx:
        return _show(request, plan, form, sheet, page)
    return redirect(request.get_full_path())


def _before(sheet, page):
    earlier = sheet.pages[: sheet.pages.index(page)] if page in sheet.pages else sheet.pages
    return earlier[-1] if earlier else sheet.pages[0]


def _go_on(draft, sheet, page):
    following = sheet.pages[sheet.pages.index(page) + 1 :] if page in sheet.pages else []
    if following:
        return redirect("portal:plan_page", draft_id=draft.id, page=following[0])
    return redirect("portal:plan", draft_id=draft.id)


# The list


@own_plan
def plan(request, plan):
    """The list: what, by when, with what, where, and how far one is."""
    _form, sheet = _evaluated(plan)
    unanswered = next((key for key in sheet.pages if sheet.page_errors(key)), None)
    if unanswered:
        return redirect("portal:plan_page", draft_id=plan.draft_id, page=unanswered)
    bundle, language = plan.draft.version.bundle, request.LANGUAGE_CODE
    tasks = _tasks(request, plan)
    context = {
        "draft": plan.draft,
        "plan": plan,
        "title": pick(bundle["title"], language),
        "phases": [(PHASES[phase], inside) for phase, inside in engine.phases(tasks)],
        "left": sum(not task.done for task in tasks),
        "count": len(tasks),
        "things": engine.things(tasks),
        "visits": engine.visits(bundle, [task for task in tasks if not task.begun], language),
        "has_days": any(task.due for task in tasks),
        "address": request.build_absolute_uri(reverse("portal:plan_code", args=[plan.code])),
        "first": sheet.pages[0],
    }
    return render(request, "portal/plan.html", context)


def _tasks(request, plan):
    version = plan.draft.version
    begun = engine.begun(
        plan, account_id=account_id(request), cases=request.session.get(CASES, [])
    )
    views = engine.task_views(
        version.bundle, engine.todos_of(plan, version), request.LANGUAGE_CODE, done=plan.done, begun=begun
    )
    for view in views:
        view.begun = _state(view.begun) if view.begun else None
    return views


def _state(begun):
    """What became of a task, as the list shows it: {"href", "chip" of a case or None for what is not sent}."""
    if isinstance(begun, questions.Draft):
        where = ("portal:page", [begun.id, begun.page]) if begun.page else ("portal:review", [begun.id])
        return {"href": reverse(where[0], args=where[1]), "chip": None}
    return {"href": reverse("portal:case", args=[begun.id]), "chip": state_chip(begun)}


@require_POST
@own_plan
def mark(request, plan):
    """Tick a task off, or put it back."""
    task, done = request.POST.get("task", ""), request.POST.get("done") == "1"
    if task in {one["key"] for one in plan.draft.version.bundle["tasks"]}:
        engine.mark(plan=plan, task=task, done=done)
    return redirect(reverse("portal:plan", args=[plan.draft_id]) + f"#task-{task}")


@require_POST
@own_plan
def begin(request, plan, task):
    """Start the procedure of a task with what was answered here; one that was begun is gone on with."""
    found = next((view for view in _tasks(request, plan) if view.key == task and view.online), None)
    if found is None:
        raise Http404
    if found.begun:
        return redirect(found.begun["href"])
    guided.lead(request, plan, task, found.procedure)
    return begin_application(request, PORTAL.procedure_or_404(found.procedure), host=PORTAL)


@own_plan
def calendar(request, plan):
    """The last days of the list, for the calendar of a phone."""
    title = pick(plan.draft.version.bundle["title"], request.LANGUAGE_CODE)
    events = [
        (f"{view.key}-{plan.id}@machi", view.due, view.title, view.why)
        for view in _tasks(request, plan)
        if view.due and not view.done
    ]
    answer = HttpResponse(
        calendar_file(events, made=now(), name=title), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="machi.ics"'
    return answer


@never_cache
def by_code(request, code):
    """The code on the list opens it: for staff at the desk, for the resident on any phone."""
    found = engine.plan_of_code(code)
    if found is None:
        messages.warning(request, _("このコードの一覧は見つかりません。コードを確かめるか、もう一度作ってください。"))
        return redirect("portal:guides")
    if people.can_anywhere(people.actor_of(request), "procedures.handle"):
        return redirect("desk:plan", code=found.code)
    PORTAL.remember(request, DRAFTS, found.draft_id)
    return redirect("portal:plan", draft_id=found.draft_id)
