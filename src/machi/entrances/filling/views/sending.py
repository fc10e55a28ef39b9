"""Before an application is sent: everything once more, and throwing it away."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling import posted
from machi.entrances.filling.access import own_draft
from machi.entrances.filling.showing import answer_groups, draft_file_address
from machi.entrances.filling.views.pages import opened
from machi.ground.ids import new_id
from machi.ground.languages import pick
from machi.ui.middleware import remember_language


@own_draft
def review(request, draft, *, host):
    """Everything once more, with links to change it, and the button that sends it."""
    one = opened(request, draft)
    language = posted.asked_language(request)
    if language:
        return remember_language(redirect(request.path), language)
    if request.method == "POST":
        return _send(request, host, one)
    short = procedures.account_errors(one.version, one.sheet, people.actor_of(request))
    return _review(request, host, one, errors={**short, **one.sheet.errors})


def _review(request, host, one, *, errors, message="", status=200):
    draft, version, form, sheet = one
    language = request.LANGUAGE_CODE
    groups = questions.summary(form, sheet, language=language, owner=draft.owner)
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], language),
        "groups": answer_groups(groups, draft_file_address(host, draft)),
        "errors": [{"href": _to_field(host, draft, form, path), "text": text} for path, text in errors.items()],
        "message": message,
        "total": sheet.values.get("total"),
        "total_label": _label(form, "total", language),
        "command_id": new_id(),
        "complete": not sheet.errors,
        "last": sheet.pages[-1],
        "language_form": "page-form",
        **host.reviewing(request, draft),
    }
    return host.render(request, "filling/review.html", context, status=status)


def _to_field(host, draft, form, path):
    page = form.page_of(path)
    if not page:
        return ""
    return host.address("page", draft.id, page) + f"?from=review#{questions.control_id(path)}"


def _label(form, key, language):
    return form.questions[key].label(language) if key in form.questions else ""


def _send(request, host, one):
    """Send the application once, however often the button is pressed."""
    draft = one.draft
    try:
        case = procedures.submit(
            version=one.version,
            answers=draft.answers,
            sender=host.sender(request, draft),
            command_id=posted.command_id(request),
            from_owner=draft.owner,
        )
    except procedures.Refused as refused:
        return _review(request, host, one, message=refused.message, errors=refused.errors, status=422)
    questions.drop_draft(draft=draft, sent_as=case.owner)
    return redirect(host.sent(request, case))


@require_POST
@own_draft
def discard(request, draft, *, host):
    """Throw an unsent application away."""
    questions.drop_draft(draft=draft)
    messages.success(request, _("入力の途中だったものを消しました。"))
    return redirect(host.home())
