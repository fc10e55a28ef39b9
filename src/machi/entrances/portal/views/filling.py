"""Filling an application: page by page, saved without being asked, back never loses."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.definitions.public import current
from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.people import public as people
from machi.engines.people.define import is_at_least
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.portal import access
from machi.entrances.portal.views.finding import public_procedure_or_404
from machi.ground.calendar import parse_duration, today
from machi.ground.ids import new_id
from machi.ground.languages import pick
from machi.ui.middleware import remember_language


@require_POST
def start(request, code):
    """Begin an application, with what the city already knows filled in."""
    version = public_procedure_or_404(code)
    level = people.assurance(request)
    if version.bundle["assurance"] in ("account", "card") and not is_at_least(
        level, version.bundle["assurance"]
    ):
        messages.info(request, _("この手続には、先に本人確認が必要です。"))
        return redirect("portal:procedure", code=code)
    draft = questions.start_draft(
        kind="procedure",
        version=version,
        account_id=access.account_id(request),
        language=request.LANGUAGE_CODE,
        answers=_known(request, version),
        expires_on=parse_duration(version.bundle["drafts"]["keep"]).after(today()),
    )
    access.remember(request, access.DRAFTS, draft.id)
    first = procedures.form_of(version).evaluate(draft.answers, today=today()).pages[0]
    return redirect("portal:page", draft_id=draft.id, page=first)


def _known(request, version):
    """Answers the city knows already, from the profile of a signed-in resident."""
    if not request.user.is_authenticated:
        return {}
    return questions.prefilled(version.bundle["form"], people.profile(request.user))


def _open(request, draft):
    """The draft, brought to the newest version of its procedure, with its form and evaluated sheet."""
    newest = current("procedure", draft.code)
    if newest is None:
        raise Http404
    if newest.id != draft.version_id:
        fell_away = questions.carry(draft=draft, version=newest)
        messages.info(
            request,
            _("この手続の内容が新しくなりました。入力したものは引き継ぎました。確かめながら進んでください。"),
        )
        if fell_away:
            messages.warning(
                request, _("引き継げなかった項目: %(fields)s") % {"fields": "、".join(fell_away)}
            )
    form = procedures.form_of(newest)
    return newest, form, form.evaluate(draft.answers, today=today())


@access.own_draft
def page(request, draft, page):
    """One page of questions."""
    version, form, sheet = _open(request, draft)
    if page not in sheet.pages:
        return redirect("portal:review", draft_id=draft.id)
    if request.method == "POST":
        return _save(request, draft, version, form, page)
    return _show(request, draft, version, form, sheet, page)


def _show(request, draft, version, form, sheet, page, *, errors=None, refused=None, status=200):
    language = request.LANGUAGE_CODE
    number = sheet.pages.index(page) + 1
    views = questions.fields_for(
        form, page, sheet, language=language, errors={**(errors or {}), **(refused or {})}, slots=_slots(version, form, sheet, page),
        owner=draft.owner,
    )  # fmt: skip
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], language),
        "page": form.page(page, language),
        "page_key": page,
        "number": number,
        "count": len(sheet.pages),
        "fields": views,
        "errors": _linked(errors, refused),
        "back": sheet.pages[number - 2] if number > 1 else None,
        "live": reverse("portal:page", args=[draft.id, page]),
        "language_form": "page-form",
        "form_default": {"name": "_do", "value": "next"},
        "from_review": request.GET.get("from") == "review",
    }
    template = (
        "portal/page.html#questions"
        if request.htmx and request.POST.get("_do") == "live"
        else "portal/page.html"
    )
    return render(request, template, context, status=status)


def _linked(errors, refused):
    """Faults as the summary at the top shows them, each leading to its field."""
    return [
        {"href": f"#{questions.control_id(path)}", "text": text}
        for path, text in {**(errors or {}), **(refused or {})}.items()
    ]


def _slots(version, form, sheet, page):
    """Free days for the slot fields of this page: {field key: [Free, …]}."""
    return {
        field["key"]: procedures.free_days(version, sheet, field["pool"])
        for field in form.bundle["fields"]
        if field["type"] == "slot" and field["key"] in form.page_fields(page)
    }


def _save(request, draft, version, form, page):
    """Keep what was typed, whatever it is; then do what the pressed button says."""
    reading = questions.read_page(form, page, request.POST, request.FILES, draft.answers, owner=draft.owner)
    saved = questions.save_draft(
        draft=draft, answers=reading.answers, page=page, expected_revision=_int(request.POST.get("_revision"))
    )
    if saved.stale:
        messages.warning(
            request, _("ほかの画面でも入力されていたため、新しい入力で保存しました。内容を確かめてください。")
        )
    sheet = form.evaluate(draft.answers, today=today())
    did = reading.did
    if did.startswith("lang:"):
        return remember_language(redirect(request.path), did.removeprefix("lang:"))
    if did == "later":
        return redirect("portal:later", draft_id=draft.id)
    if did == "back":
        before = sheet.pages[: sheet.pages.index(page)] if page in sheet.pages else sheet.pages
        return redirect("portal:page", draft_id=draft.id, page=before[-1] if before else sheet.pages[0])
    if did != "next":
        return _stay(request, draft, version, form, sheet, page, reading)
    errors = {**sheet.page_errors(page), **_hold(version, sheet, draft)}
    if errors or reading.refused:
        return _show(
            request, draft, version, form, sheet, page, errors=errors, refused=reading.refused, status=422
        )
    return _go_on(request, draft, form, sheet, page)


def _stay(request, draft, version, form, sheet, page, reading):
    """A button that changes the page itself (add, remove, upload): show it again, nothing lost."""
    if reading.refused or request.htmx:
        return _show(
            request,
            draft,
            version,
            form,
            sheet,
            page,
            refused=reading.refused,
            status=422 if reading.refused else 200,
        )
    return redirect(request.get_full_path())


def _go_on(request, draft, form, sheet, page):
    if request.GET.get("from") == "review":
        return redirect("portal:review", draft_id=draft.id)
    following = sheet.pages[sheet.pages.index(page) + 1 :]
    if following:
        return redirect("portal:page", draft_id=draft.id, page=following[0])
    return redirect("portal:review", draft_id=draft.id)


def _hold(version, sheet, draft):
    """Hold the chosen day while the rest is filled in; {field: sentence} when it has just been taken."""
    try:
        procedures.hold_chosen(version, sheet, owner=draft.owner)
    except procedures.Refused as refused:
        return refused.errors
    return {}


@access.own_draft
def review(request, draft):
    """Everything once more, with links to change it, and the button that sends it."""
    version, form, sheet = _open(request, draft)
    if request.method == "POST" and "_lang" not in request.POST:
        return _send(request, draft, version, form, sheet)
    if request.method == "POST":
        return remember_language(redirect(request.path), request.POST["_lang"])
    return _review(request, draft, version, form, sheet)


def _review(request, draft, version, form, sheet, *, message="", errors=None, status=200):
    language = request.LANGUAGE_CODE
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], language),
        "groups": questions.summary(form, sheet, language=language),
        "errors": [
            {
                "href": reverse("portal:page", args=[draft.id, form.page_of(path)]) + "?from=review",
                "text": text,
            }
            for path, text in (errors or sheet.errors).items()
        ],
        "message": message,
        "total": sheet.values.get("total"),
        "command_id": new_id(),
        "complete": not sheet.errors,
        "last": sheet.pages[-1],
        "language_form": "page-form",
    }
    return render(request, "portal/review.html", context, status=status)


def _send(request, draft, version, form, sheet):
    """Send the application once, however often the button is pressed."""
    try:
        case = procedures.submit(
            version=version,
            answers=draft.answers,
            sender=_sender(request, draft),
            command_id=_uuid(request.POST.get("command_id")),
            from_owner=draft.owner,
        )
    except procedures.Refused as refused:
        return _review(
            request, draft, version, form, sheet, message=refused.message, errors=refused.errors, status=422
        )
    questions.drop_draft(draft=draft, sent_as=case.owner)
    access.remember(request, access.CASES, case.id)
    return redirect(reverse("portal:case", args=[case.id]) + "?sent=1")


def _sender(request, draft):
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
    version, _form, sheet = _open(request, draft)
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], request.LANGUAGE_CODE),
        "page": draft.page or sheet.pages[0],
    }
    typed = request.POST.get("email", "").strip() if request.method == "POST" else _mail_known(request, draft)
    if request.method == "POST":
        error = questions.mail_fault(typed)
        if not error:
            _mail_link(request, draft, version, typed)
            return render(request, "portal/later_sent.html", {**context, "email": typed})
        context["error"] = error
    return render(
        request, "portal/later.html", {**context, "email": typed}, status=422 if context.get("error") else 200
    )


def _mail_known(request, draft):
    return (
        draft.email
        or (request.user.email if request.user.is_authenticated else "")
        or draft.answers.get("email")
        or ""
    )


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


def _int(text):
    return int(text) if text and text.isdigit() else None


def _uuid(text):
    """The command id of the form; without a good one a fresh one, so that nothing is lost."""
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()
