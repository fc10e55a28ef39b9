"""Lists as files: CSV that Excel opens (UTF-8 with BOM) and XLSX. A cell never becomes a formula."""

import csv
import io

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

from machi.engines.audit.public import saw
from machi.engines.people import public as people
from machi.entrances.desk.words import RESULTS, STATES
from machi.ground.calendar import TOKYO, today
from machi.ground.languages import pick

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def _head():
    return [
        _("番号"),
        _("受付番号"),
        _("手続"),
        _("状態"),
        _("結果"),
        _("課"),
        _("申請者"),
        _("件名"),
        _("受付日"),
        _("期限"),
        _("終了日"),
    ]


def _cells(case):
    unit = people.unit(case.unit)
    ended = case.closed_at.astimezone(TOKYO).date().isoformat() if case.closed_at else ""
    return [
        case.number,
        case.reference,
        pick(case.definition.bundle["title"], "ja"),
        str(STATES[case.status][0]),
        str(RESULTS.get(case.result, "")),
        pick(unit.title, "ja") if unit else case.unit,
        case.applicant,
        case.subject,
        case.submitted_at.astimezone(TOKYO).date().isoformat(),
        case.due_on.isoformat() if case.due_on else "",
        ended,
    ]


def _safe(text):
    """A text that a spreadsheet takes as text (CSV injection: a leading quote stops the formula)."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _rows(cases, actor):
    yield _head()
    for case in cases:
        saw(actor=actor, owner=case.owner, what="export")
        yield [_safe(cell) for cell in _cells(case)]


def as_csv(cases, actor):
    """The cases as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(_rows(cases, actor))
    return _download(("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8", "csv")


def as_xlsx(cases, actor):
    """The cases as XLSX."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("案件"))
    for row in _rows(cases, actor):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return _download(
        out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    )


def _download(data, mime, ending):
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="cases-{today():%Y%m%d}.{ending}"'
    return response
