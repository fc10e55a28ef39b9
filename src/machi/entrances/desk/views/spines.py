"""Spine labels (背表紙) of binders, to be printed and put on their backs."""

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.entrances.desk import filing_words as words
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.views.filing import seers_only
from machi.ground.calendar import era_date, fiscal_year_name, fiscal_year_start

MOST = 200


@people.staff_required
def of_binder(request, binder_id):
    """The label of one binder."""
    return _shown(request, filing.binders(seers_only(request)).filter(id=binder_id), back=binder_id)


@people.staff_required
def of_year(request, unit, year):
    """The labels of all binders of a unit in a fiscal year."""
    return _shown(request, filing.binders(seers_only(request)).filter(holder=unit, year=year))


def _shown(request, binders, back=None):
    found = list(binders.order_by("code", "title")[:MOST])
    if not found:
        raise Http404
    titles = unit_titles(request)
    context = {"labels": [_label(one, titles) for one in found], "back": back}
    return page(request, "desk/filing/spines.html", context, here="filing")


def _label(binder, titles):
    until = filing.kept_until(date(binder.year + 1, 3, 31), binder.keep)
    return {
        "year": fiscal_year_name(fiscal_year_start(binder.year)),
        "code": filing.spelled(binder.code),
        "title": binder.title,
        "keep": words.keep_words(binder.keep),
        "until": _("%(day)sまで") % {"day": era_date(until)} if until else "",
        "then": words.THENS[binder.then],
        "unit": titles.get(binder.unit, binder.unit),
    }
