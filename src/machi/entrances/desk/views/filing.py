"""Documents at the desk: finding them, and registering what arrives."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.entrances.desk import filing_words as words
from machi.entrances.desk.frame import page, unit_titles
from machi.ground.calendar import TOKYO, UnreadableDate, era_date, fiscal_year, parse_date, today
from machi.ground.ids import new_id

PER_PAGE = 50
RECEIVED = ("subject", "correspondent", "their_number", "dated_on", "received_on", "answer_by")
FACTS = (*RECEIVED, "disclosure", "disclosure_basis", "sensitivity", "handling", "place", "note")


def tabs(here):
    """The three parts of document management."""
    places = (
        ("documents", reverse("filing:documents"), _("文書")),
        ("binders", reverse("filing:binders"), _("簿冊")),
        ("disposal", reverse("filing:disposals"), _("廃棄・移管")),
    )
    return [{"href": href, "label": label, "current": key == here} for key, href, label in places]


def is_uuid(text):
    """Whether this is the id of anything."""
    try:
        return bool(UUID(text or ""))
    except ValueError:
        return False


def seers_only(request):
    """The member of staff, if documents are theirs to see at all; else 404."""
    actor = people.actor_of(request)
    if not people.can_anywhere(actor, "filing.see"):
        raise Http404
    return actor


# finding


@people.staff_required
def documents(request):
    """The documents this member of staff may read, as the address asks for them."""
    actor = seers_only(request)
    shown = _filtered(filing.documents(actor).select_related("binder"), request)
    shown = Paginator(shown.order_by("-registered_at", "-id"), PER_PAGE).get_page(request.GET.get("page"))
    labels = (_("番号"), _("件名・相手先"), _("簿冊"), _("日付"), _("保存期限"), _("状態"))
    context = {
        "tabs": tabs("documents"),
        "page": shown,
        "rows": [document_row(one, request) for one in shown],
        "columns": [{"label": label} for label in labels],
        "selects": _selects(request, actor),
        "q": request.GET.get("q", ""),
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "may_register": bool(filing.units_where(actor, "filing.handle")),
    }
    return page(request, "desk/filing/documents.html", context, here="filing")


def _filtered(shown, request):
    said = request.GET
    columns = {"unit": "holder", "kind": "kind", "state": "state", "section": "code__startswith", "year": "year"}
    for name, column in columns.items():
        if said.get(name) and (name != "year" or said[name].isdecimal()):
            shown = shown.filter(**{column: said[name][:60]})
    if is_uuid(said.get("binder")):
        shown = shown.filter(binder=said["binder"])
    for name, column in (("since", "registered_at__date__gte"), ("until", "registered_at__date__lte")):
        day = _day(said.get(name, ""))
        shown = shown.filter(**{column: day}) if day else shown
    return filing.found(shown, said["q"]) if said.get("q", "").strip() else shown


def _day(text):
    try:
        return parse_date(text) if text.strip() else None
    except UnreadableDate:
        return None


def document_row(document, request):
    """A document as a row of a list."""
    return {
        "document": document,
        "anchor": f"row-{document.id}",
        "label": document.number or words.KINDS[document.kind],
        "kind": words.KINDS[document.kind],
        "unit": unit_titles(request).get(document.holder, document.holder),
        "subject": document.subject or _("（廃棄済み）"),
        "chip": words.state_chip(document),
        "on": document.received_on or document.registered_at.astimezone(TOKYO).date(),
        "until": document.kept_until,
    }


def _selects(request, actor):
    plan = filing.plan() or {"sections": {}}
    year = fiscal_year(today())
    units = [(unit.code, unit_titles(request)[unit.code]) for unit in filing.units_where(actor, "filing.see")]
    offered = (
        ("unit", _("課"), units),
        ("kind", _("種類"), words.KINDS.items()),
        ("section", _("大分類"), [(key, one["title"]["ja"]) for key, one in plan["sections"].items()]),
        ("year", _("年度"), [(str(one), str(one)) for one in range(year, year - 6, -1)]),
        ("state", _("状態"), [(key, label) for key, (label, _kind) in words.STATES.items()]),
    )
    return [
        {"name": name, "label": label, "options": words.options(dict(pairs)), "value": request.GET.get(name, "")}
        for name, label, pairs in offered
    ]


# receiving


@people.staff_required
def receive(request):
    """Receive a document (収受), or register one of our own (資料), with the keyboard alone."""
    actor = seers_only(request)
    units = filing.units_where(actor, "filing.handle")
    if not units:
        raise Http404
    said = request.POST or request.GET
    kind = "material" if said.get("kind") == "material" else "received"
    unit = next((one for one in units if one.code == said.get("unit")), units[0])
    typed = request.POST or {
        "received_on": era_date(today()), "sensitivity": "internal", "handling": "ordinary",
        "into": filing.last_binder(actor, unit.code),
    }  # fmt: skip
    errors, message = {}, ""
    if request.method == "POST" and "_unit" not in request.POST:
        try:
            return _registered(request, actor, kind)
        except filing.Refused as refused:
            errors, message = refused.errors, refused.message
    context = {
        "kind": kind,
        "unit": unit,
        "units": [{"value": one.code, "label": unit_titles(request)[one.code]} for one in units],
        "into": places(actor, unit.code, today()),
        "typed": typed,
        "errors": error_lines(errors),
        "wrong": errors,
        "message": message,
        "focus": {"autofocus": True},
        "document_id": request.POST.get("document_id") or new_id(),
        "choices": {name: words.options(known) for name, known in words.PICKED.items()},
    }
    return page(request, "desk/filing/receive.html", context, here="filing", status=422 if errors else 200)


def _registered(request, actor, kind):
    post = request.POST
    try:
        document = filing.register(
            document_id=post.get("document_id") if is_uuid(post.get("document_id")) else new_id(),
            kind=kind,
            into=chosen_place(post),
            given=_given(post),
            actor=actor,
            uploads=request.FILES.getlist("files"),
        )
    except filing.NotAllowed:
        raise Http404 from None
    if document.number:
        messages.success(request, _("%(number)sとして受け付けました。") % {"number": document.number})
    else:
        messages.success(request, _("登録しました。"))
    return redirect(f"{reverse('filing:document', args=[document.id])}?new=1")


def _given(post):
    """What was written; the disclosure is the binder's where nobody chose one."""
    given = words.read(post, FACTS)
    if not given.get("disclosure"):
        given.pop("disclosure", None)
    return given


def chosen_place(post):
    """Where the form says the document goes, or None."""
    into = post.get("into", "")
    return into if is_uuid(into) or "/" in into else None


def places(actor, unit, day):
    """Where a document of the unit may be filed: its binders, and classes that have none yet."""
    plan = filing.plan()
    if plan is None:
        return []
    classes = {one["key"]: one for one in filing.classes_for(plan, unit)}
    open_now = list(filing.open_binders(actor, unit, day))
    have = {one.code for one in open_now if one.year == fiscal_year(day)}
    group = _("簿冊")
    binders = [
        {"value": str(one.id), "label": f"{one.title} ({one.year}, {words.keep_words(one.keep)})", "group": group}
        for one in open_now
    ]
    fresh = [
        {
            "value": f"{unit}/{key}",
            "label": f"{one['label']['ja']}（{words.keep_words(one['keep'])}）",
            "group": _("%(class)s（簿冊を新しく作る）") % {"class": f"{one['section']['ja']} > {one['middle']['ja']}"},
        }
        for key, one in classes.items()
        if key not in have and filing.may_file(actor, unit, key)
    ]
    return [*binders, *fresh]


def error_lines(errors):
    """The faults of a form as links to their controls."""
    return [{"href": f"#{name}", "text": text} for name, text in (errors or {}).items()]
