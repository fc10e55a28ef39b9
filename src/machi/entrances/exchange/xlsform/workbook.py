"""The sheets of an XLSForm workbook as rows of words, each with the number of its line."""

import io
import re
import zipfile
from dataclasses import dataclass

import openpyxl

MOST_BYTES, MOST_ROWS = 40 * 1024 * 1024, 3000
SHEETS = ("survey", "choices", "settings")


class FormRefused(Exception):
    """A file that is no XLSForm; its words say why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row: the number of its line in the sheet, and its cells by the heading, in lower case, as stripped words."""

    sheet: str
    line: int
    cells: dict

    def get(self, name):
        return self.cells.get(name, "")

    def texts(self, name):
        """{heading: words} of `name` and of `name::language`, as far as they are filled in."""
        return {
            heading: words
            for heading, words in self.cells.items()
            if words and (heading == name or heading.startswith(f"{name}::"))
        }


def read(data):
    """{sheet: [Row]} of the bytes of a workbook. Raises FormRefused."""
    _check_size(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = {sheet.title.strip().lower(): _rows(sheet) for sheet in book.worksheets}
    except FormRefused:
        raise
    except Exception:  # noqa: BLE001  (a broken workbook breaks the library in many ways)
        raise FormRefused("表計算のファイル（.xlsx）として開けません。Excelで開いて、保存し直してください。") from None
    if "survey" not in found:
        raise FormRefused(
            "「survey」という名前のシートがありません。XLSFormの形（survey・choices・settings）にしてください。"
        )
    return {name: found.get(name, []) for name in SHEETS}


def _check_size(data):
    """Refuse what is no workbook, or what would be far larger when opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FormRefused(
            "表計算のファイル（.xlsx）ではありません。古い形（.xls）やCSVは、Excelで「.xlsx」に保存し直してください。"
        ) from None
    if size > MOST_BYTES:
        raise FormRefused("ファイルを開いたときの大きさが40MBを超えます。画像や余分なシートを消してください。")


def _rows(sheet):
    rows = sheet.iter_rows(values_only=True)
    headings = [_heading(cell) for cell in next(rows, ())]
    found = []
    for line, cells in enumerate(rows, 2):
        if line > MOST_ROWS:
            raise FormRefused(f"「{sheet.title}」シートの行が多すぎます（{MOST_ROWS}行まで）。")
        named = {name: _words(cell) for name, cell in zip(headings, cells, strict=False) if name}
        if any(named.values()):
            found.append(Row(sheet.title.strip().lower(), line, named))
    return found


def _heading(cell):
    """`Label :: English (en)` and `label::English (en)` are one heading; the language keeps its letters."""
    name, colons, language = re.sub(r"\s*::?\s*", "::", _words(cell), count=1).partition("::")
    return f"{name.strip().lower()}{colons}{language.strip()}"


def _words(cell):
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
