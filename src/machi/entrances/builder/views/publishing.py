"""Before publishing: what is still to do, what changes and whom it touches; and asking a second person."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from machi.engines.definitions import public as definitions
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.builder import rights
from machi.entrances.builder.operations.words import Refused
from machi.entrances.builder.showing.trials import kept
from machi.entrances.builder.views.access import bench, clock, drafting, overtaken


@drafting
@require_GET
def publishing(request, actor, manuscript):
    """Everything that is to be known before a second person publishes."""
    return _publishing(request, actor, manuscript)


def _publishing(request, actor, manuscript, *, error="", status=200):
    compat = {
        "new": _("新しい手続です。"),
        "none": _("言葉や金額だけの変更です。答えの形は変わりません。"),
        "additive": _("項目や段階が増えます。今までの答えはそのまま使えます。"),
        "breaking": _("項目や段階がなくなるか、形が変わります。書きかけの申請では、その答えが消えます。"),
    }
    foreseen = definitions.foresee(manuscript)
    tests = kept(manuscript)
    context = {
        "foreseen": foreseen,
        "compat": compat[foreseen.compat] if foreseen else "",
        "drafts": questions.waiting_drafts("procedure", manuscript.code),
        "cases": procedures.open_cases(manuscript.code),
        "tests": tests,
        "failed": sum(not one["well"] for one in tests),
        "history": manuscript.revisions.order_by("-number")[:12],
        "handed": manuscript.handed if manuscript.handed and manuscript.handed.status == "draft" else None,
        "changed_since": manuscript.handed_at != manuscript.at,
    }
    return bench(request, actor, manuscript, "publishing", context, error=error, status=status)


@require_POST
@drafting
def propose(request, actor, manuscript):
    """Ask a second person to publish."""
    way = {"manuscript_id": manuscript.id, "clock": clock(request), "actor": actor}
    try:
        base = manuscript.base.source if manuscript.base else {"owner": manuscript.revision.source.get("owner")}
        rights.check(actor, base, manuscript.revision.source, manuscript.code)
        definitions.propose(**way)
    except (Refused, definitions.PublishRefused) as refused:
        return _publishing(request, actor, manuscript, error=getattr(refused, "message", str(refused)), status=422)
    except definitions.Overtaken as late:
        manuscript.refresh_from_db()
        if manuscript.handed is None or manuscript.handed.author != actor.key or manuscript.handed_at != manuscript.at:
            messages.error(request, overtaken(late))
        return redirect("builder:publishing", manuscript.id)
    messages.success(request, _("公開を頼みました。ほかの職員が「手続の定義」で確かめて公開します。"))
    return redirect("builder:publishing", manuscript.id)


@require_POST
@drafting
def catch_up(request, actor, manuscript):
    """Go on from the version that somebody published meanwhile."""
    keep = request.POST.get("keep")
    if keep not in ("both", "mine", "theirs") or not definitions.meanwhile(manuscript):
        return redirect("builder:publishing", manuscript.id)
    try:
        clashes = definitions.catch_up(manuscript_id=manuscript.id, clock=clock(request), keep=keep, actor=actor)
    except definitions.Overtaken as late:
        messages.error(request, overtaken(late))
        return redirect("builder:publishing", manuscript.id)
    for clash in clashes:
        place = ".".join(map(str, clash.path))
        messages.warning(
            request, _("「%(place)s」は両方で変わっていました。あなたの内容を残しました。") % {"place": place}
        )
    if not clashes:
        messages.success(request, _("公開された版に追いつきました。"))
    return redirect("builder:publishing", manuscript.id)
