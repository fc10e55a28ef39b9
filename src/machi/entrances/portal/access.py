"""What this visitor may open: their account's own things, and what their browser or a mailed link has proved."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect

from machi.engines.audit.define import Actor
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

    So the second click of a double click, and the back button after sending, end at the receipt.
    """

    @wraps(view)
    def opened(request, draft_id, **rest):
        known = str(draft_id) in request.session.get(DRAFTS, [])
        draft = questions.draft_of(draft_id)
        if draft and (known or (draft.account_id and draft.account_id == account_id(request))):
            return view(request, draft, **rest)
        case = procedures.case_sent_from(f"draft:{draft_id}") if draft is None else None
        if case and (known or (case.account_id and case.account_id == account_id(request))):
            remember(request, CASES, case.id)
            return redirect("portal:case", case_id=case.id)
        raise Http404

    return opened


def case_or_404(request, case_id):
    """The case if it is this visitor's."""
    case = procedures.Case.objects.filter(id=case_id).first()
    known = str(case_id) in request.session.get(CASES, [])
    if case is None or not (known or (case.account_id and case.account_id == account_id(request))):
        raise Http404
    return case


def applicant(request, case):
    """The actor behind what a visitor does to a case they may open."""
    if case.account_id and case.account_id == account_id(request):
        return people.actor_of(request)
    return Actor(kind="resident", person=case.owner, name=case.applicant)
