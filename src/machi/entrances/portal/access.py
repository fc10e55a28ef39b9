"""What this visitor may open: what is their account's, and what their browser or a mailed link has proved."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache

from machi.engines.audit.define import Actor
from machi.engines.guides import public as guides
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions

DRAFTS, CASES, MOST = "drafts", "cases", 30


def remember(request, kind, key):
    """Let this browser session open a draft or a case again."""
    known = [one for one in request.session.get(kind, []) if one != str(key)]
    request.session[kind] = [*known, str(key)][-MOST:]


def account_id(request):
    """The id of the signed-in account, or None."""
    return request.user.pk if request.user.is_authenticated else None


def own_draft(view):
    """Give the view the visitor's unsent application; one that was sent meanwhile leads to its case.

    So the second click of a double click, and the back button after sending, end at the receipt. A draft
    begun before signing in becomes the account's, unless a link to it is on its way by mail.
    """

    @wraps(view)
    @never_cache
    def opened(request, draft_id, **rest):
        draft = questions.draft_of(draft_id)
        case = procedures.case_sent_from(f"draft:{draft_id}") if draft is None else None
        if not may_open(request, DRAFTS, draft_id, draft or case):
            return _not_here(request, draft or case)
        if case:
            remember(request, CASES, case.id)
            return redirect("portal:case", case_id=case.id)
        if draft.account_id is None and account_id(request) and not draft.token_hash:
            questions.claim_draft(draft=draft, account_id=account_id(request))
        return view(request, draft, **rest)

    return opened


def own_plan(view):
    """Give the view the visitor's plan: the list a guide made, whose answers are a draft."""

    @wraps(view)
    @never_cache
    def opened(request, draft_id, **rest):
        draft = questions.draft_of(draft_id)
        plan = guides.plan_of(draft) if draft else None
        if plan is None or not may_open(request, DRAFTS, draft_id, draft):
            return _not_here(request, draft)
        if draft.account_id is None and account_id(request):
            questions.claim_draft(draft=plan.draft, account_id=account_id(request))
        if guides.renew(plan=plan) is None:
            return _not_here(request, None)
        return view(request, plan, **rest)

    return opened


def own_case(view):
    """Give the view the visitor's case."""

    @wraps(view)
    @never_cache
    def opened(request, case_id, **rest):
        case = procedures.Case.objects.filter(id=case_id).first()
        if not may_open(request, CASES, case_id, case):
            return _not_here(request, case)
        return view(request, case, **rest)

    return opened


def may_open(request, kind, key, found):
    """Whether `found`, a draft or a case, is open to this visitor."""
    if found is None:
        return False
    known = str(key) in request.session.get(kind, [])
    return known or (found.account_id is not None and found.account_id == account_id(request))


def _not_here(request, found):
    """Ask whom it may belong to to sign in; say to others how their things are opened."""
    if found is not None and found.account_id and not request.user.is_authenticated:
        return redirect_to_login(request.path, resolve_url("account_login"))
    return render(request, "portal/not_here.html", status=404)


def applicant(request, case):
    """The actor behind what a visitor does to a case they may open."""
    if case.account_id and case.account_id == account_id(request):
        return people.actor_of(request)
    return Actor(kind="resident", person=case.owner, name=case.applicant)
