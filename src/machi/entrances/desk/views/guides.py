"""Guides at the desk: a clerk does the interview for somebody at the counter or on the phone, or opens their list."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.audit.public import saw
from machi.engines.guides import public as engine
from machi.engines.people import public as people
from machi.engines.questions import public as questions
from machi.entrances.desk.frame import page
from machi.ground.calendar import today
from machi.ground.languages import pick


def _clerk(request):
    """The member of staff, if they deal with residents' cases at all; else 404."""
    actor = people.actor_of(request)
    if not people.can_anywhere(actor, "procedures.handle"):
        raise Http404
    return actor


@people.staff_required
def guides(request):
    """The guides, and the box for the code on a resident's list."""
    _clerk(request)
    code = request.GET.get("code", "").strip()
    if code:
        found = engine.plan_of_code(code)
        if found:
            return redirect("desk:plan", code=found.code)
        messages.warning(request, _("このコードの一覧は見つかりません。一覧に印刷されたコードを確かめてください。"))
    items = [(version.code, pick(version.bundle["title"], "ja")) for version in engine.guides()]
    return page(request, "desk/guides.html", {"items": items, "typed": code}, here="guides")


@require_POST
@people.staff_required
def start(request, code):
    """Begin the interview for somebody."""
    _clerk(request)
    version = engine.guide(code)
    if version is None:
        raise Http404
    return redirect("desk:plan_answers", code=engine.start(version=version, language="ja").code)


def _plan(request, code):
    """The Plan behind a code, with a line in the access log: its answers may say much about a person."""
    actor, plan = _clerk(request), engine.plan_of_code(code)
    if plan is None or engine.renew(plan=plan) is None:
        raise Http404
    saw(actor=actor, owner=plan.draft.owner, what=request.resolver_match.view_name, purpose=_("窓口での案内"))
    form = questions.form_of(plan.draft.version)
    return plan, form, form.evaluate(plan.draft.answers, today=today())


@people.staff_required
def answers(request, code):
    """All questions on one screen."""
    plan, form, sheet = _plan(request, code)
    if request.method != "POST":
        return _ask(request, plan, form, sheet)
    found, refused = plan.draft.answers, {}
    for key in sheet.pages:
        reading = questions.read_page(form, key, request.POST, request.FILES, found, owner=plan.draft.owner)
        found, refused = reading.answers, {**refused, **reading.refused}
    questions.save_draft(draft=plan.draft, answers=found, page="", expected_revision=None)
    sheet = form.evaluate(found, today=today())
    errors = {**sheet.errors, **refused}
    if errors:
        return _ask(request, plan, form, sheet, errors=errors, status=422)
    return redirect("desk:plan", code=plan.code)


def _ask(request, plan, form, sheet, *, errors=None, status=200):
    errors = errors or {}
    context = {
        "plan": plan,
        "title": pick(plan.draft.version.bundle["title"], "ja"),
        "pages": [
            {
                "title": form.page(key, "ja").title,
                "fields": questions.fields_for(
                    form, key, sheet, language="ja", errors=errors, owner=plan.draft.owner
                ),
            }
            for key in sheet.pages
        ],
        "errors": [{"href": f"#{questions.control_id(path)}", "text": text} for path, text in errors.items()],
    }
    return page(request, "desk/guide_answers.html", context, here="guides", status=status)


@people.staff_required
def plan(request, code):
    """The list, for the clerk to read out or to print."""
    plan, form, sheet = _plan(request, code)
    if sheet.errors:
        return redirect("desk:plan_answers", code=plan.code)
    bundle = plan.draft.version.bundle
    tasks = engine.task_views(bundle, engine.todos_of(plan, plan.draft.version), "ja", done=plan.done)
    labels = (_("すること"), _("期限"), _("窓口・行き先"), _("持ち物"))
    context = {
        "plan": plan,
        "receives": people.can_anywhere(people.actor_of(request), "procedures.receive"),
        "title": pick(bundle["title"], "ja"),
        "tasks": tasks,
        "columns": [{"label": label} for label in labels],
        "things": engine.things(tasks),
        "visits": engine.visits(bundle, tasks, "ja"),
        "checks": [task for task in tasks if task.check],
        "said": [row for group in questions.summary(form, sheet, language="ja") for row in group.rows if not row.blank],
    }
    return page(request, "desk/guide_plan.html", context, here="guides")
