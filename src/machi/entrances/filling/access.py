"""What a visitor may open: the drafts and cases that their entrance lets them have."""

from functools import wraps

from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.host import CASES, DRAFTS


def own_draft(view):
    """Give the view the visitor's unsent application; one that was sent meanwhile leads to its case.

    So the second click of a double click, and the back button after sending, end at the receipt.
    """

    @wraps(view)
    @never_cache
    def opened(request, draft_id, *, host, **rest):
        draft = questions.draft_of(draft_id)
        case = procedures.case_sent_from(f"draft:{draft_id}") if draft is None else None
        found = draft or case
        if found and not host.offers(found.version):
            return host.not_here(request, None)
        if not (found and host.may_open(request, DRAFTS, draft_id, found)):
            return host.not_here(request, found)
        if case:
            host.remember(request, CASES, case.id)
            return redirect(host.address("case", case.id))
        host.opened(request, draft)
        return view(request, draft, host=host, **rest)

    return opened


def own_case(view):
    """Give the view the visitor's case."""

    @wraps(view)
    @never_cache
    def opened(request, case_id, *, host, **rest):
        case = procedures.Case.objects.filter(id=case_id).first()
        if case and not host.offers(case.definition):
            return host.not_here(request, None)
        if not (case and host.may_open(request, CASES, case_id, case)):
            return host.not_here(request, case)
        return view(request, case, host=host, **rest)

    return opened
