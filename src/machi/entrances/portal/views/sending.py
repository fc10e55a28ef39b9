"""Before an application is sent: everything once more, continuing later, throwing it away."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.portal import access, posted
from machi.entrances.portal.showing import answer_groups, draft_file_address
from machi.entrances.portal.views.filling import opened
from machi.ground.ids import new_id
from machi.ground.languages import pick
from machi.ui.middleware import remember_language


@access.own_draft
def review(request, draft):
    """Everything once more, with links to change it, and the button that sends it."""
    version, form, sheet = opened(request, draft)
    language = posted.asked_language(request)
    if language:
        return remember_language(redirect(request.path), language)
    if request.method == "POST":
        return _send(request, draft, version, form, sheet)
    return _review(request, draft, version, form, sheet, errors=sheet.errors)


def _review(request, draft, version, form, sheet, *, errors, message="", status=200):
    language = request.LANGUAGE_CODE
    groups = questions.summary(form, sheet, language=language, owner=draft.owner)
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], language),
        "groups": answer_groups(groups, draft_file_address(draft)),
        "errors": [{"href": _to_field(draft, form, path), "text": text} for path, text in errors.items()],
        "message": message,
        "total": sheet.values.get("total"),
        "total_label": _label(form, "total", language),
        "command_id": new_id(),
        "complete": not sheet.errors,
        "last": sheet.pages[-1],
        "language_form": "page-form",
    }
    return render(request, "portal/review.html", context, status=status)


def _to_field(draft, form, path):
    page = form.page_of(path)
    if not page:
        return ""
    return reverse("portal:page", args=[draft.id, page]) + f"?from=review#{questions.control_id(path)}"


def _label(form, key, language):
    return form.questions[key].label(language) if key in form.questions else ""


def _send(request, draft, version, form, sheet):
    """Send the application once, however often the button is pressed."""
    try:
        case = procedures.submit(
            version=version,
            answers=draft.answers,
            sender=_sender(request),
            command_id=posted.command_id(request),
            from_owner=draft.owner,
        )
    except procedures.Refused as refused:
        return _review(
            request, draft, version, form, sheet, message=refused.message, errors=refused.errors, status=422
        )
    questions.drop_draft(draft=draft, sent_as=case.owner)
    access.remember(request, access.CASES, case.id)
    return redirect(reverse("portal:case", args=[case.id]) + "?sent=1")


def _sender(request):
    return procedures.Sender(
        actor=people.actor_of(request),
        account_id=access.account_id(request),
        assurance=people.assurance(request),
        email=request.user.email if request.user.is_authenticated else "",
        language=request.LANGUAGE_CODE,
    )


@access.own_draft
def later(request, draft):
    """Continue later: a link by mail that opens this application on any device."""
    version, _form, sheet = opened(request, draft)
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], request.LANGUAGE_CODE),
        "page": draft.page or sheet.pages[0],
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
    access.remember(request, access.DRAFTS, draft.id)
    if draft.page:
        return redirect("portal:page", draft_id=draft.id, page=draft.page)
    return redirect("portal:review", draft_id=draft.id)


@require_POST
@access.own_draft
def discard(request, draft):
    """Throw an unsent application away."""
    questions.drop_draft(draft=draft)
    messages.success(request, _("入力の途中だったものを消しました。"))
    return redirect("portal:home")
