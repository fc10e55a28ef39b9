"""Lists as files: CSV that Excel opens (UTF-8 with BOM) and XLSX. A cell never becomes a formula."""

import csv
import io

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from machi.engines.audit.public import saw_all
from machi.entrances.desk.words import RESULTS, STATES, title_of
from machi.ground.calendar import TOKYO, today

# What makes spreadsheets calculate; Japanese ones take full-width signs alike (OWASP, CSV Injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(cases, units, *, actor, form):
    """The cases as a "csv" or "xlsx" to download; that they were taken out stands in the access log.

    units: the names of units by code.
    """
    saw_all(actor=actor, owners=[case.owner for case in cases], what="export")
    return as_file([_head(), *(_cells(case, units) for case in cases)], "cases", form)


def as_file(rows, name, form):
    """Rows of texts as a file to download, a "csv" or "xlsx"."""
    data, mime = (_csv(rows), "text/csv; charset=utf-8") if form == "csv" else (_xlsx(rows), XLSX)
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}-{today():%Y%m%d}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


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


def _cells(case, units):
    ended = case.closed_at.astimezone(TOKYO).date().isoformat() if case.closed_at else ""
    return [
        case.number,
        case.reference,
        title_of(case),
        str(STATES[case.status][0]),
        str(RESULTS.get(case.result, "")),
        units.get(case.unit, case.unit),
        case.applicant,
        case.subject,
        case.submitted_at.astimezone(TOKYO).date().isoformat(),
        case.due_on.isoformat() if case.due_on else "",
        ended,
    ]


def _csv(rows):
    """A leading quote keeps a spreadsheet from calculating what somebody wrote as a name."""
    out = io.StringIO()
    csv.writer(out).writerows([f"'{cell}" if cell.startswith(DANGEROUS) else cell for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _xlsx(rows):
    """Every cell is stored as text, so that nothing is calculated and every name stays as it was given."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("案件"))
    for row in rows:
        sheet.append([_text_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet, text):
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell
