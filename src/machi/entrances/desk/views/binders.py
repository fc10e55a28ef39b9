"""Binders at the desk: those of a unit and year, a new one, one binder with what is in it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.entrances.desk import filing_words as words
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.views.filing import PER_PAGE, document_row, error_lines, seers_only, tabs
from machi.ground.calendar import fiscal_year, today


@people.staff_required
def binders(request):
    """The binders of a unit in a fiscal year; a new one; and the end of a year."""
    actor = seers_only(request)
    said, this = request.POST or request.GET, fiscal_year(today())
    offered = filing.units_where(actor, "filing.see")
    unit = next((one for one in offered if one.code == said.get("unit")), offered[0] if offered else None)
    if unit is None:
        raise Http404
    year = int(said["year"]) if said.get("year", "").isdecimal() and len(said["year"]) == 4 else this
    errors, message, status = {}, "", 200
    if request.method == "POST":
        try:
            return _changed(request, actor, unit.code, year)
        except filing.Refused as refused:
            errors, message, status = refused.errors, refused.message, 422
        except filing.NotAllowed:
            raise Http404 from None
    shown = filing.binders(actor).filter(holder=unit.code, year=year).order_by("code", "title")
    context = {
        "tabs": tabs("binders"),
        "unit": unit,
        "year": year,
        "selects": _selects(request, offered, unit, year),
        "rows": [_row(one) for one in filing.binder_rows(shown)],
        "columns": [{"label": label} for label in _labels()],
        "classes": _classes(actor, unit.code),
        "errors": error_lines(errors),
        "wrong": errors,
        "typed": request.POST,
        "message": message,
        "over": year < this and shown.filter(closed_on=None).exists(),
        "may": bool(_classes(actor, unit.code)),
    }
    return page(request, "desk/filing/binders.html", context, here="filing", status=status)


def _labels():
    return (_("分類"), _("簿冊"), _("文書"), _("保存期間"), _("満了後の措置"), _("状態"))


def _changed(request, actor, unit, year):
    post = request.POST
    if post.get("_do") == "close_year":
        count = filing.close_year(unit=unit, year=year, actor=actor)
        messages.success(request, _("%(count)s冊の簿冊を閉じました。") % {"count": count})
    else:
        made = filing.open_binder(
            unit=unit, code=post.get("code", "")[:6], title=post.get("title", ""), year=year, actor=actor,
            listed="listed" in post, place=post.get("place", ""),
        )  # fmt: skip
        messages.success(request, _("簿冊「%(title)s」を作りました。") % {"title": made.title})
    return redirect(f"{request.path}?unit={unit}&year={year}")


def _selects(request, offered, unit, year):
    this = fiscal_year(today())
    units = {one.code: unit_titles(request)[one.code] for one in offered}
    years = {str(one): f"{one}" for one in range(this + 1, this - 12, -1)}
    return [
        {"name": "unit", "label": _("課"), "options": words.options(units), "value": unit.code},
        {"name": "year", "label": _("年度"), "options": words.options(years), "value": str(year)},
    ]


def _row(one):
    return {
        "binder": one,
        "anchor": f"row-{one.id}",
        "code": filing.spelled(one.code),
        "keep": words.keep_words(one.keep),
        "then": words.THENS[one.then],
        "chip": words.binder_chip(one),
    }


def _classes(actor, unit):
    """The classes under which this actor may make binders of the unit."""
    plan = filing.plan()
    return [
        {
            "value": one["key"],
            "label": f"{filing.spelled(one['key'])} {one['label']['ja']}（{words.keep_words(one['keep'])}）",
            "group": f"{one['section']['ja']} > {one['middle']['ja']}",
        }
        for one in (filing.classes_for(plan, unit) if plan else ())
        if filing.may_file(actor, unit, one["key"])
    ]


@people.staff_required
def binder(request, binder_id):
    """One binder: what is in it, and what is done to it as a whole."""
    actor = seers_only(request)
    found = filing.binders(actor).filter(id=binder_id).first()
    if found is None:
        raise Http404
    errors, message, status = {}, "", 200
    if request.method == "POST":
        try:
            return _done(request, actor, found)
        except filing.Refused as refused:
            errors, message, status = refused.errors, refused.message, 422
        except filing.NotAllowed:
            message, status = _("この操作をする権限がありません。"), 403
    inside = filing.documents(actor).filter(binder=found).order_by("registered_at", "id")
    shown = Paginator(inside, PER_PAGE).get_page(request.GET.get("page"))
    context = _head(request, found) | {
        "page": shown,
        "rows": [document_row(one, request) for one in shown],
        "columns": [{"label": label} for label in (_("番号"), _("件名・相手先"), _("日付"), _("保存期限"), _("状態"))],
        "may": {verb: filing.may(actor, f"filing.{verb}", found) for verb in ("handle", "hold")},
        "errors": error_lines(errors),
        "wrong": errors,
        "message": message,
        "typed": request.POST,
    }
    return page(request, "desk/filing/binder.html", context, here="filing", status=status)


def _head(request, found):
    titles = unit_titles(request)
    plan = filing.plan()
    one = filing.class_of(plan, found.code) if plan else None
    facts = {
        _("課"): titles.get(found.unit, found.unit),
        _("引継ぎ先"): titles.get(found.holder, found.holder) if found.holder != found.unit else "",
        _("年度"): found.year,
        _("分類"): f"{filing.spelled(found.code)} {filing.class_title(one) if one else ''}",
        _("保存期間"): words.keep_words(found.keep),
        _("満了後の措置"): words.THENS[found.then],
        _("置き場所"): found.place,
        _("公開の簿冊目録"): _("載せる") if found.listed else _("載せない"),
    }
    return {
        "binder": found,
        "chip": words.binder_chip(found),
        "facts": [{"label": label, "value": value} for label, value in facts.items() if value],
        "holds": list(found.holds.filter(lifted_at=None).order_by("at")),
        "units": [{"value": one.code, "label": titles[one.code]} for one in people.units() if one.code != found.holder],
    }


def _done(request, actor, found):
    post, do = request.POST, request.POST.get("_do", "")
    if do == "close":
        filing.close_binder(binder_id=found.id, actor=actor)
        said = _("簿冊を閉じました。")
    elif do == "hand_over":
        filing.hand_over(binder_id=found.id, to=post.get("to", ""), place=post.get("place", ""), actor=actor)
        said = _("簿冊を引き継ぎました。")
    elif do == "hold":
        filing.hold(binder_id=found.id, reason=post.get("reason", ""), actor=actor)
        said = _("廃棄を差し止めました。")
    elif do == "lift":
        kept = next((one for one in found.holds.filter(lifted_at=None) if str(one.id) == post.get("hold")), None)
        if kept is None:
            raise filing.Refused(_("この差止めは、もう解かれています。"))
        filing.lift(hold_id=kept.id, reason=post.get("lift_reason", ""), actor=actor)
        said = _("差止めを解きました。")
    else:
        filing.change(
            binder_id=found.id, title=post.get("title", ""), listed="listed" in post, place=post.get("place", ""),
            actor=actor,
        )  # fmt: skip
        said = _("変更しました。")
    messages.success(request, said)
    if filing.binders(actor).filter(id=found.id).exists():
        return redirect("filing:binder", binder_id=found.id)
    return redirect("filing:binders")
