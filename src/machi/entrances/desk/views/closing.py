"""Closing a year of a book (年度の締め・出納閉鎖): what is still open, who asked for it, and who does it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger
from machi.engines.people import public as people
from machi.entrances.desk.frame import page, unit_titles
from machi.ground.calendar import era_date, fiscal_year_name, fiscal_year_start, today
from machi.ground.languages import pick

SHOWN = 200


@people.staff_required
def closing(request, code):
    """The year of a book that one may close: the list of what is open, and the buttons that are mine to press."""
    actor, bundle = people.actor_of(request), _bundle(code)
    if not people.can_anywhere(actor, "ledger.close"):
        raise Http404
    period = _period(request, code)
    if request.method == "POST":
        _do(request, bundle, period, actor)
        return redirect(f"{reverse('desk:book_closing', args=[code])}?period={period}")
    asked, left = ledger.closing_of(bundle, period), ledger.open_items(bundle, period)
    last = ledger.closing_day(bundle, period)
    context = {
        "title": pick(bundle["title"], "ja"),
        "code": code,
        "period": period,
        "year": fiscal_year_name(fiscal_year_start(int(period))),
        "facts": _facts(asked, left, last),
        "groups": _groups(request, left[:SHOWN]),
        "columns": [{"label": _("内容")}, {"label": _("状態")}, {"label": _("金額"), "end": True}],
        "asked": asked,
        "mine": bool(asked) and asked.by == actor.key,
        "ready": not left and today() > last,
    }
    return page(request, "desk/book_closing.html", context, here="books")


def _bundle(code):
    version = current("book", code)
    if version is None or not version.bundle["closing"]:
        raise Http404
    return version.bundle


def _period(request, code):
    """The year that is asked for; without a word, the oldest that is still open."""
    said = request.POST.get("period") or request.GET.get("period")
    years = ledger.periods(code)
    if said and said not in years:
        raise Http404
    return said or next(iter(years), str(today().year))


def _do(request, bundle, period, actor):
    acts = {"ask": ledger.ask_closing, "take_back": ledger.take_back_closing, "close": ledger.close_period}
    act = acts.get(request.POST.get("do"))
    if act is None:
        raise Http404
    try:
        done = act(book=bundle, period=period, actor=actor)
    except ledger.ClosingRefused as refused:
        messages.error(request, str(refused))
        return
    said = {"ask": _("締めを申し出ました。別の人が締めます。"), "take_back": _("申し出を取り下げました。")}
    closed = _("年度を締めました。閉じた科目は%(count)s件です。") % {"count": done}
    messages.success(request, said.get(request.POST["do"], closed))


def _facts(asked, left, last):
    state = _("締めました") if asked and asked.done_at else _("締めを待っています") if asked else _("開いています")
    found = [
        {"term": _("状態"), "text": state, "icon": "book"},
        {"term": _("出納の閉鎖"), "text": era_date(last), "icon": "calendar"},
        {"term": _("済んでいないもの"), "text": _("%(count)s件") % {"count": len(left)}, "icon": "list"},
    ]
    if asked:
        found.append({"term": _("申し出た人"), "text": f"{asked.by_name} {era_date(asked.at.date())}", "icon": "users"})
    if asked and asked.done_at:
        text = f"{asked.done_by_name} {era_date(asked.done_at.date())}"
        found.append({"term": _("締めた人"), "text": text, "icon": "users"})
    return found


def _groups(request, left):
    """What is open, book by book: [{"title", "rows"}]."""
    titles, groups = unit_titles(request), {}
    for one in left:
        book = current("book", one.account.book).bundle
        group = groups.setdefault(book["code"], {"title": pick(book["title"], "ja"), "rows": []})
        group["rows"].append(
            {
                "href": reverse("desk:book_account", args=[book["code"], one.account_id]),
                "label": one.account.title,
                "unit": titles.get(one.account.unit, one.account.unit),
                "place": pick(book["places"][one.place]["title"], "ja"),
                "amount": ledger.amount_words(book["count"], one.amount, one.account.about),
            }
        )
    return list(groups.values())
