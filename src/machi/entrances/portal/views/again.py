"""Coming back: continuing later by a mailed link, and finding a case again without an account."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling import posted
from machi.entrances.filling.access import own_draft
from machi.entrances.filling.host import CASES, DRAFTS
from machi.entrances.filling.views.pages import opened
from machi.entrances.portal.host import PORTAL
from machi.ground.languages import pick


@own_draft
def later(request, draft, *, host):
    """Continue later: a link by mail that opens this application on any device."""
    _draft, version, _form, sheet = opened(request, draft)
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], request.LANGUAGE_CODE),
        "page": draft.page or sheet.pages[0],
        "code": questions.recall_code_of(draft),
        "language_form": "page-form",
    }
    if request.method != "POST":
        return render(request, "portal/later.html", {**context, "email": _mail_known(request, draft)})
    typed, language = request.POST.get("email", "").strip(), posted.asked_language(request)
    if language:
        context["title"] = pick(version.bundle["title"], language)
        return posted.in_language(
            request, language, lambda: render(request, "portal/later.html", {**context, "email": typed})
        )
    error = questions.mail_fault(typed)
    if error:
        return render(request, "portal/later.html", {**context, "email": typed, "error": error}, status=422)
    _mail_link(request, draft, version, typed)
    return render(request, "portal/later_sent.html", {**context, "email": typed, "language_form": ""})


@require_POST
@own_draft
def counter_code(request, draft, *, host):
    """A code by which a clerk goes on with this application at the counter."""
    questions.recall_code(draft=draft)
    return redirect(host.address("later", draft.id) + "#counter")


def _mail_known(request, draft):
    known = request.user.email if request.user.is_authenticated else ""
    return draft.email or known or draft.answers.get("email") or ""


def _mail_link(request, draft, version, email):
    token = questions.mail_token(draft=draft, email=email)
    tell(
        notice="general.resume_link",
        to=Recipient(account_id=None, email=email, language=request.LANGUAGE_CODE),
        data={
            "title": pick(version.bundle["title"], request.LANGUAGE_CODE),
            "link": request.build_absolute_uri(reverse("portal:resume", args=[token])),
            "due": draft.expires_on,
        },
        owner=draft.owner,
        key=f"{draft.owner}:resume:{token[:12]}",
    )


def resume(request, token):
    """The mailed link: this browser may now open the application, where it was left."""
    draft = questions.draft_of_token(token)
    if draft is None:
        return render(request, "portal/link_old.html", status=404)
    PORTAL.remember(request, DRAFTS, draft.id)
    if draft.page:
        return redirect("portal:page", draft_id=draft.id, page=draft.page)
    return redirect("portal:review", draft_id=draft.id)


def link(request, token):
    """The mailed link: this browser may now open the case."""
    found = procedures.case_of_token(token)
    if found is None:
        return render(request, "portal/link_old.html", status=404)
    PORTAL.remember(request, CASES, found.id)
    return redirect("portal:case", case_id=found.id)


def find_by_number(request):
    """Somebody who has only the receipt number and the mail address gets the link mailed again."""
    if request.method != "POST":
        return _find(request)
    language = posted.asked_language(request)
    if language:
        return posted.in_language(request, language, lambda: _find(request))
    reference, email = (request.POST.get(name, "").strip()[:200] for name in ("reference", "email"))
    error = questions.mail_fault(email)
    if error or not reference:
        return _find(request, error=error, missing=not reference, status=422)
    procedures.mail_link_again(reference=reference, email=email)
    return render(request, "portal/find_sent.html")


def _find(request, *, error="", missing=False, status=200):
    context = {
        "reference": request.POST.get("reference", ""),
        "email": request.POST.get("email", ""),
        "error": error,
        "missing": _("受付番号を入力してください。") if missing else "",
        "language_form": "page-form",
    }
    return render(request, "portal/find.html", context, status=status)
