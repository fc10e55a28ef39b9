"""Before sending: the person is asked whether what was typed is right, and agrees."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from machi.engines.procedures import public as procedures
from machi.entrances.counter import actions, queries
from machi.entrances.counter.host import agreement, receiving, sitting_of
from machi.entrances.filling.access import own_draft


@require_POST
@receiving
@own_draft
def ask(request, draft, *, host):
    """Show everything on the facing screen, with the place to sign."""
    errand = queries.errand_of(sitting_of(request), draft.id)
    if agreement(request, draft)["whole"]:
        actions.ask(errand=errand, draft=draft)
    return redirect("counter:review", draft.id)


@require_POST
@receiving
@own_draft
def on_paper(request, draft, *, host):
    """The person has signed the printed form."""
    errand = queries.errand_of(sitting_of(request), draft.id)
    if agreement(request, draft)["whole"]:
        try:
            actions.agree(errand=errand, draft=draft, seen=request.POST.get("digest", ""), way="paper")
        except procedures.Refused as refused:
            messages.warning(request, refused.message)
    return redirect("counter:review", draft.id)


@receiving
@own_draft
def state(request, draft, *, host):
    """The part of the page before sending that says how far the person is."""
    return host.render(request, "counter/agreement.html", agreement(request, draft))
