"""Filling an application: page by page, saved without being asked, back never loses."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.definitions.public import Version, current
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling import posted
from machi.entrances.filling.access import own_draft
from machi.entrances.filling.host import DRAFTS
from machi.entrances.filling.showing import draft_file_address, linked
from machi.ground.calendar import today
from machi.ground.languages import pick
from machi.ui.middleware import remember_language


@require_POST
def start(request, code, *, host):
    """Begin an application, with what the city already knows filled in."""
    return begin(request, host.procedure_or_404(code), host=host)


def begin(request, version, *, host):
    """Begin an application where this visitor may; else lead to what must come first."""
    hindrance = host.hindrance(request, version)
    if hindrance:
        messages.info(request, hindrance)
        return redirect(host.address("procedure", version.code))
    draft = questions.start_draft(**host.beginning(request, version))
    host.remember(request, DRAFTS, draft.id)
    host.begun(request, draft)
    first = procedures.form_of(version).evaluate(draft.answers, today=today()).pages[0]
    return redirect(host.address("page", draft.id, first))


class Opened(NamedTuple):
    """A draft with the form it fills in, and what that form makes of its answers."""

    draft: questions.Draft
    version: Version
    form: questions.Form
    sheet: questions.Sheet

    def anew(self):
        """The same with its answers as they are after saving."""
        return self._replace(sheet=self.form.evaluate(self.draft.answers, today=today()))


def opened(request, draft):
    """A draft as `Opened`, brought to the newest version of its procedure."""
    newest = current("procedure", draft.code)
    if newest is None:
        raise Http404
    if newest.id != draft.version_id:
        _carry(request, draft, newest)
    form = procedures.form_of(newest)
    return Opened(draft, newest, form, form.evaluate(draft.answers, today=today()))


def _carry(request, draft, newest):
    fell_away = questions.carry(draft=draft, version=newest)
    messages.info(
        request,
        _("この手続の内容が新しくなりました。入力したものは引き継ぎました。確かめながら進んでください。"),
    )
    if fell_away:
        messages.warning(request, _("引き継げなかった項目: %(fields)s") % {"fields": "、".join(fell_away)})


@own_draft
def page(request, draft, page, *, host):
    """One page of questions."""
    one = opened(request, draft)
    if page not in one.sheet.pages:
        return redirect(host.address("review", draft.id))
    if request.method == "POST":
        return _save(request, host, one, page)
    return _show(request, host, one, page)


def _show(request, host, one, page, *, errors=None, status=200):
    draft, version, form, sheet = one
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
            deciding=procedures.deciding(version, form.page_fields(page)),
            slots=_slots(draft, version, form, sheet, page), file_url=draft_file_address(host, draft),
            accounts=procedures.accounts_offered(version, form.page_fields(page), people.actor_of(request)),
            hours=procedures.free_hours(version, sheet, form.page_fields(page), owner=draft.owner),
            notes=procedures.account_notes(version, sheet, form.page_fields(page)),
        ),
        "errors": linked(errors),
        "back": sheet.pages[number - 2] if number > 1 else None,
        "live": host.address("page", draft.id, page),
        "language_form": "page-form",
        "form_default": {"name": "_do", "value": "next"},
        "logic": questions.browser(form, sheet, page),
        "from_review": request.GET.get("from") == "review",
    }  # fmt: skip
    part = "#questions" if request.htmx and request.POST.get("_do") == "live" else ""
    return host.render(request, f"filling/page.html{part}", context, status=status)


def _slots(draft, version, form, sheet, page):
    """Free days for the slot fields of this page: {field key: [Free, …]}."""
    return {
        field["key"]: procedures.free_days(version, sheet, field["pool"], owner=draft.owner)
        for field in form.bundle["fields"]
        if field["type"] == "slot" and field["key"] in form.page_fields(page)
    }


def _save(request, host, one, page):
    """Keep what was typed, whatever it is; then do what the pressed button says."""
    draft, version, form, _before_it = one
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
    one = one.anew()
    sheet = one.sheet
    elsewhere = _elsewhere(request, host, draft, sheet, page, reading.did)
    if elsewhere:
        return elsewhere
    if reading.did == "next":
        errors = {
            **procedures.account_errors(version, sheet, people.actor_of(request), only=form.page_fields(page)),
            **sheet.page_errors(page),
            **_hold(version, form, sheet, draft, page),
            **reading.refused,
        }
        if errors:
            return _show(request, host, one, page, errors=errors, status=422)
        return _go_on(request, host, draft, sheet, page)
    if reading.refused or request.htmx:
        status = 422 if reading.refused else 200
        return _show(request, host, one, page, errors=reading.refused, status=status)
    return redirect(request.get_full_path() + _to(reading.focus))  # add, remove, upload: the page anew


def _elsewhere(request, host, draft, sheet, page, did):
    """Where a button leads that asks nothing of the answers, or None."""
    if did.startswith("lang:"):
        return remember_language(redirect(request.get_full_path()), did.removeprefix("lang:"))
    if did == "later":
        return redirect(host.address("later", draft.id))
    if did == "back":
        return redirect(host.address("page", draft.id, _before(sheet, page)))
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


def _go_on(request, host, draft, sheet, page):
    following = sheet.pages[sheet.pages.index(page) + 1 :]
    if following and request.GET.get("from") != "review":
        return redirect(host.address("page", draft.id, following[0]))
    return redirect(host.address("review", draft.id))


def _hold(version, form, sheet, draft, page):
    """Hold the day chosen on this page while the rest is filled in; {field: sentence} when it is gone."""
    try:
        procedures.hold_chosen(version, sheet, owner=draft.owner, only=form.page_fields(page))
    except procedures.Refused as refused:
        return refused.errors
    return {}
