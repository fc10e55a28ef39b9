"""Who may open a plan: the list that a guide made, whose answers are a draft."""

from functools import wraps

from django.views.decorators.cache import never_cache

from machi.engines.guides import public as guides
from machi.engines.questions import public as questions
from machi.entrances.filling.host import DRAFTS
from machi.entrances.portal.host import PORTAL, account_id


def own_plan(view):
    """Give the view the visitor's plan."""

    @wraps(view)
    @never_cache
    def opened(request, draft_id, **rest):
        draft = questions.draft_of(draft_id)
        plan = guides.plan_of(draft) if draft else None
        if plan is None or not PORTAL.may_open(request, DRAFTS, draft_id, draft):
            return PORTAL.not_here(request, draft)
        if draft.account_id is None and account_id(request):
            questions.claim_draft(draft=plan.draft, account_id=account_id(request))
        if guides.renew(plan=plan) is None:
            return PORTAL.not_here(request, None)
        return view(request, plan, **rest)

    return opened
