"""The public catalogue of binders (ファイル管理簿): what kinds of documents the city keeps, never what is in them."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.engines.definitions.public import current
from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.ground.calendar import fiscal_year_name, fiscal_year_start
from machi.ground.languages import pick

PER_PAGE = 100


def binders(request):
    """Binders by unit and fiscal year, with how long they are kept and what becomes of them then."""
    said, language = request.GET, request.LANGUAGE_CODE
    titles = {one.code: pick(one.title, language) for one in people.Unit.objects.all()}
    year = int(said["year"]) if said.get("year", "").isdecimal() and len(said["year"]) == 4 else None
    shown = filing.catalogue(unit=said.get("unit", "")[:60], year=year)
    listed = Paginator(shown, PER_PAGE).get_page(said.get("page"))
    labels = (_("簿冊"), _("課と年度"), _("保存期間と、そのあと"))
    context = {
        "page": listed,
        "rows": [_row(one, titles) for one in listed],
        "columns": [{"label": label} for label in labels],
        "selects": _selects(said, titles),
        "request_href": "/procedures/general.disclosure/" if current("procedure", "general.disclosure") else "",
    }
    return render(request, "portal/binders.html", context)


def _row(one, titles):
    plan = filing.plan()
    found = filing.class_of(plan, one.code) if plan else None
    then = {"destroy": _("廃棄"), "transfer": _("保存のため移管")}
    special = {"permanent": _("永年"), "standing": _("使う間")}
    return {
        "binder": one,
        "year": _year(one.year),
        "unit": titles.get(one.holder, one.holder),
        "class": filing.class_title(found) if found else filing.spelled(one.code),
        "keep": special.get(one.keep) or _("%(years)s年") % {"years": one.keep},
        "then": then[one.then] if one.keep.isdecimal() else "",
    }


def _year(year):
    """A fiscal year in the reader's way: 令和8年度, or 2026."""
    return fiscal_year_name(fiscal_year_start(year)) if get_language() in ("ja", "ja-easy") else str(year)


def _selects(said, titles):
    units, years = filing.catalogued()
    return [
        {
            "name": "unit",
            "label": _("課"),
            "options": [{"value": code, "label": titles.get(code, code)} for code in units],
            "value": said.get("unit", ""),
        },
        {
            "name": "year",
            "label": _("年度"),
            "options": [{"value": str(year), "label": _year(year)} for year in years],
            "value": said.get("year", ""),
        },
    ]
