"""Filling an application: page by page, saved without being asked, back never loses."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.definitions.public import current
from machi.engines.people import public as people
from machi.engines.people.define import is_at_least
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.portal import access, guided, posted
from machi.entrances.portal.showing import draft_file_address, linked
from machi.entrances.portal.views.finding import public_procedure_or_404
from machi.ground.calendar import parse_duration, today
from machi.ground.languages import pick
from machi.ui.middleware import remember_language


@require_POST
def start(request, code):
    """Begin an application, with what the city already knows filled in."""
    return begin(request, public_procedure_or_404(code))


def begin(request, version):
    """Begin an application where this visitor may; else lead to what must come first."""
    level = people.assurance(request)
    if version.bundle["assurance"] in ("account", "card") and not is_at_least(
        level, version.bundle["assurance"]
    ):
        messages.info(request, _("この手続には、先に本人確認が必要です。"))
        return redirect("portal:procedure", code=version.code)
    draft = questions.start_draft(
        kind="procedure",
        version=version,
        account_id=access.account_id(request),
        language=request.LANGUAGE_CODE,
        answers=_known(request, version),
        expires_on=parse_duration(version.bundle["drafts"]["keep"]).after(today()),
    )
    access.remember(request, access.DRAFTS, draft.id)
    guided.note_begun(request, draft)
    first = procedures.form_of(version).evaluate(draft.answers, today=today()).pages[0]
    return redirect("portal:page", draft_id=draft.id, page=first)


def _known(request, version):
    """Answers the city knows already: from the profile of a signed-in resident, and from the guide that led here."""
    bundle = version.bundle["form"]
    known = questions.prefilled(bundle, people.profile(request.user)) if request.user.is_authenticated else {}
    told = guided.answers(request, version)
    proved = {key: known[key] for key in known.get("_from", {})}
    sources = {**told.get("_from", {}), **known.get("_from", {})}
    return {**known, **told, **proved, **({"_from": sources} if sources else {})}


def opened(request, draft):
    """(version, form, sheet) of a draft, brought to the newest version of its procedure."""
    newest = current("procedure", draft.code)
    if newest is None:
        raise Http404
    if newest.id != draft.version_id:
        _carry(request, draft, newest)
    form = procedures.form_of(newest)
    return newest, form, form.evaluate(draft.answers, today=today())


def _carry(request, draft, newest):
    fell_away = questions.carry(draft=draft, version=newest)
    messages.info(
        request,
        _("この手続の内容が新しくなりました。入力したものは引き継ぎました。確かめながら進んでください。"),
    )
    if fell_away:
        messages.warning(request, _("引き継げなかった項目: %(fields)s") % {"fields": "、".join(fell_away)})


@access.own_draft
def page(request, draft, page):
    """One page of questions."""
    version, form, sheet = opened(request, draft)
    if page not in sheet.pages:
        return redirect("portal:review", draft_id=draft.id)
    if request.method == "POST":
        return _save(request, draft, version, form, page)
    return _show(request, draft, version, form, sheet, page)


def _show(request, draft, version, form, sheet, page, *, errors=None, status=200):
    language, errors = request.LANGUAGE_CODE, errors or {}
    number = sheet.pages.index(page) + 1
    context = {
        "draft": draft,
        "title": pick(version.bundle["title"], language),
        "page": form.page(page, language),
        "page_key": page,
        "number": number,
        "count": len(sheet.pages),
        "fields": questions.fields_for(
            form, page, sheet, language=language, errors=errors, owner=draft.owner,
            slots=_slots(draft, version, form, sheet, page), file_url=draft_file_address(draft),
        ),
        "errors": linked(errors),
        "back": sheet.pages[number - 2] if number > 1 else None,
        "live": reverse("portal:page", args=[draft.id, page]),
        "language_form": "page-form",
        "form_default": {"name": "_do", "value": "next"},
        "logic": questions.browser(form, sheet, page),
        "from_review": request.GET.get("from") == "review",
    }  # fmt: skip
    part = "#questions" if request.htmx and request.POST.get("_do") == "live" else ""
    return render(request, f"portal/page.html{part}", context, status=status)


def _slots(draft, version, form, sheet, page):
    """Free days for the slot fields of this page: {field key: [Free, …]}."""
    return {
        field["key"]: procedures.free_days(version, sheet, field["pool"], owner=draft.owner)
        for field in form.bundle["fields"]
        if field["type"] == "slot" and field["key"] in form.page_fields(page)
    }


def _save(request, draft, version, form, page):
    """Keep what was typed, whatever it is; then do what the pressed button says."""
    reading = questions.read_page(form, page, request.POST, request.FILES, draft.answers, owner=draft.owner)
    saved = questions.save_draft(
        draft=draft,
        answers=reading.answers,
        page=page,
        expected_revision=posted.revision(request),
        language=request.LANGUAGE_CODE,
    )
    if reading.did != "live":
        _say_if_stale(request, form, page, saved)
    sheet = form.evaluate(draft.answers, today=today())
    elsewhere = _elsewhere(request, draft, sheet, page, reading.did)
    if elsewhere:
        return elsewhere
    if reading.did == "next":
        errors = {**sheet.page_errors(page), **_hold(version, form, sheet, draft, page), **reading.refused}
        if errors:
            return _show(request, draft, version, form, sheet, page, errors=errors, status=422)
        return _go_on(request, draft, sheet, page)
    if reading.refused or request.htmx:
        status = 422 if reading.refused else 200
        return _show(request, draft, version, form, sheet, page, errors=reading.refused, status=status)
    return redirect(request.get_full_path() + _to(reading.focus))  # add, remove, upload: the page anew


def _elsewhere(request, draft, sheet, page, did):
    """Where a button leads that asks nothing of the answers, or None."""
    if did.startswith("lang:"):
        return remember_language(redirect(request.get_full_path()), did.removeprefix("lang:"))
    if did == "later":
        return redirect("portal:later", draft_id=draft.id)
    if did == "back":
        return redirect("portal:page", draft_id=draft.id, page=_before(sheet, page))
    return None


def _say_if_stale(request, form, page, saved):
    """Two windows on one page: the newer input counts, and the reader is told what it took the place of."""
    if not saved.stale:
        return
    changed = questions.difference(
        form, saved.before, saved.draft.answers, language=request.LANGUAGE_CODE, today=today()
    )
    keys = set(form.page_fields(page))
    lost = [
        (label, before) for path, label, before, _after in changed if path.split(".")[0] in keys and before
    ]
    if lost:
        words = _("「%(label)s」は「%(before)s」でした")
        listed = "、".join(words % {"label": label, "before": before} for label, before in lost)
        messages.warning(
            request,
            _(
                "ほかの画面でも入力されていたため、今の入力で保存しました。"
                "前の入力: %(listed)s。内容を確かめてください。"
            )
            % {"listed": listed},
        )


def _before(sheet, page):
    earlier = sheet.pages[: sheet.pages.index(page)] if page in sheet.pages else sheet.pages
    return earlier[-1] if earlier else sheet.pages[0]


def _to(path):
    """The part of an address that leads to a field."""
    return f"#{questions.control_id(path)}" if path else ""


def _go_on(request, draft, sheet, page):
    following = sheet.pages[sheet.pages.index(page) + 1 :]
    if following and request.GET.get("from") != "review":
        return redirect("portal:page", draft_id=draft.id, page=following[0])
    return redirect("portal:review", draft_id=draft.id)


def _hold(version, form, sheet, draft, page):
    """Hold the day chosen on this page while the rest is filled in; {field: sentence} when it is gone."""
    try:
        procedures.hold_chosen(version, sheet, owner=draft.owner, only=form.page_fields(page))
    except procedures.Refused as refused:
        return refused.errors
    return {}
