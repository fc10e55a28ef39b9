"""Upkeep: definitions and their versions, and what did not get out of the house."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.definitions import public as definitions
from machi.engines.effects import public as effects
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page
from machi.ground.languages import pick


def _needed(request, verb):
    """404 unless this member of staff has the right somewhere."""
    if not people.can_anywhere(people.actor_of(request), verb):
        raise Http404


@people.staff_required
def definition_list(request):
    """All procedures and lists in force, and the drafts that wait for a second person."""
    _needed(request, "definitions.see")
    waiting = [
        {
            "version": draft,
            "title": pick(draft.title, "ja"),
            "changes": definitions.difference(definitions.current(draft.kind, draft.code), draft),
            "open_cases": procedures.open_cases(draft.code) if draft.kind == "procedure" else 0,
        }
        for draft in definitions.drafts()
    ]
    kinds = ("procedure", "choices", "notice", "document", "calendar")
    rows = [
        {"version": version, "title": pick(version.title, "ja")}
        for kind in kinds
        for version in definitions.current_all(kind)
    ]
    context = {
        "waiting": waiting,
        "rows": rows,
        "columns": [{"label": label} for label in (_("名前"), _("種類"), _("コード"), _("版"), _("公開日"))],
        "may_publish": people.can_anywhere(people.actor_of(request), "definitions.publish"),
    }
    return page(request, "desk/definitions.html", context, here="definitions")


@require_POST
@people.staff_required
def publish(request, version_id):
    """Put a draft into force, as the second person."""
    _needed(request, "definitions.publish")
    try:
        version = definitions.publish(
            version_id=version_id, actor=people.actor_of(request), note=request.POST.get("note", "")
        )
    except definitions.PublishRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(title)sの第%(number)s版を公開しました。")
            % {"title": pick(version.title, "ja"), "number": version.number},
        )
    return redirect("desk:definitions")


@people.staff_required
def outside(request):
    """Mails and calls that failed, or of which nobody knows whether they arrived."""
    _needed(request, "effects.manage")
    rows = [
        {
            "effect": effect,
            "port": {"mail": _("メール"), "procedures.timer": _("期限")}.get(effect.port, effect.port),
        }
        for effect in effects.stuck()
    ]
    context = {
        "rows": rows,
        "columns": [
            {"label": label} for label in (_("何を"), _("状態"), _("回数"), _("理由"), _("どうするか"))
        ],
    }
    return page(request, "desk/outside.html", context, here="outside")


@require_POST
@people.staff_required
def settle(request, effect_id):
    """Try again, or note that it has arrived, with the evidence."""
    _needed(request, "effects.manage")
    actor = people.actor_of(request)
    if request.POST.get("do") == "retry":
        effects.retry(effect_id=effect_id, actor=actor)
        messages.success(request, _("もう一度送ります。"))
    elif request.POST.get("evidence", "").strip():
        effects.settle(effect_id=effect_id, actor=actor, evidence=request.POST["evidence"].strip())
        messages.success(request, _("届いたものとして記録しました。"))
    else:
        messages.error(request, _("届いたことをどう確かめたかを書いてください。"))
    return redirect("desk:outside")
