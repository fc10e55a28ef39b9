"""A file of accounts (CSV or Excel) read into a plan, shown before anything is entered, and carried out as shown.

The amounts of a file are what shall stand, not what is added: a later file of the same accounts enters the differences.
"""

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from zipfile import BadZipFile

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from machi.engines.people import public as people
from machi.ground.languages import pick
from machi.ground.money import UnreadableYen, parse_yen

from .actions import enter, open_account
from .models import Account
from .queries import balances
from .rules import Posting, changes, total_of
from .words import amount_words

MOST_ROWS = 5000


class UnreadableSheet(Exception):
    """The file is no sheet of this book; the sentence says what to do."""


@dataclass
class SheetLine:
    """One account of the file: `amounts` move → (before, after)."""

    row: int
    code: str
    title: str
    period: str
    unit: str
    about: dict
    amounts: dict = field(default_factory=dict)
    new: bool = True

    @property
    def changed(self):
        """Whether anything will be entered."""
        return self.new or any(before != after for before, after in self.amounts.values())


@dataclass
class Plan:
    """What a file will do: its lines, and what is wrong as (row, sentence). Nothing is done while something is."""

    lines: list
    faults: list

    @property
    def changed(self):
        return [line for line in self.lines if line.changed]


def read_sheet(data):
    """The rows of a file (bytes) as [{heading: text}]. Raises UnreadableSheet."""
    cells = _excel(data) if data[:2] == b"PK" else _csv(data)
    rows = [[_plain(cell) for cell in row] for row in cells]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise UnreadableSheet(_("見出しの行と、1行以上の内容が要ります。ファイルを確かめてください。"))
    if len(rows) > MOST_ROWS:
        raise UnreadableSheet(_("一度に読めるのは%(most)s行までです。分けてください。") % {"most": MOST_ROWS})
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def plan_sheet(book, rows):
    """The Plan of `rows` for a book (its bundle). Raises UnreadableSheet where columns are missing."""
    sheet = book["sheet"]
    wanted = [sheet["period"], sheet["unit"], *sheet["columns"].values(), *sheet["amounts"]]
    missing = [heading for heading in wanted if heading not in rows[0]]
    if missing:
        words = "、".join(missing)
        raise UnreadableSheet(_("見出しがありません: %(words)s。1行目に見出しを書いてください。") % {"words": words})
    reader = _Reader(book)
    for number, row in enumerate(rows, 2):
        reader.read(number, row)
    return Plan(reader.lines, reader.faults)


@transaction.atomic
def carry_out(*, book, plan, actor, key, is_sample=False):
    """Open the accounts of a Plan and enter its differences; with the same `key` again, nothing more happens.

    Raises Short where somebody drew on an account since the plan was made.
    """
    for line in plan.changed:
        open_account(
            book=book, code=line.code, title=line.title, actor=actor, period=line.period, unit=line.unit,
            about=line.about, source=key, is_sample=is_sample,
        )  # fmt: skip
        postings = [Posting(book, line.code, move, after - before) for move, (before, after) in line.amounts.items()]
        enter(key=f"{key}:{line.code}", postings=postings, title=line.title, actor=actor, source=key)


def _excel(data):
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        return [list(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise UnreadableSheet(_("Excelのファイルを開けません。保存し直してください。")) from None


def _csv(data):
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text.partition("\n")[0] else ","))
    raise UnreadableSheet(_("文字を読み取れません。CSV（UTF-8 か Shift_JIS）かExcelで保存してください。"))


def _plain(cell):
    """A cell as text: full-width figures and letters as half-width ones, whole numbers without a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip()


class _Reader:
    """Rows into lines, with the faults found on the way."""

    def __init__(self, book):
        self.book, self.sheet = book, book["sheet"]
        self.units = {unit.code: unit.code for unit in people.units()}
        self.units |= {pick(unit.title, "ja"): unit.code for unit in people.units()}
        known = list(Account.objects.filter(book=book["code"]).exclude(code=""))
        self.known, self.stand = {one.code: one for one in known}, balances(known)
        self.lines, self.faults, self.seen = [], [], {}

    def read(self, number, row):
        about = {name: row.get(heading) or "" for name, heading in self.sheet["columns"].items()}
        words = {"period": row.get(self.sheet["period"]) or "", **about}
        unit = self.units.get(row.get(self.sheet["unit"]) or "")
        line = SheetLine(
            number, self.sheet["code"].format(**words), self.sheet["title"].format(**words), words["period"],
            unit or "", about,
        )  # fmt: skip
        if unit is None:
            self.fault(line, _("「%(unit)s」という課はありません。") % {"unit": row.get(self.sheet["unit"])})
        if not words["period"]:
            self.fault(line, _("「%(heading)s」がありません。") % {"heading": self.sheet["period"]})
        if line.code in self.seen:
            self.fault(line, _("%(row)s行目と同じ科目です。") % {"row": self.seen[line.code]})
        self.seen[line.code] = number
        self.read_amounts(line, row)
        self.lines.append(line)

    def read_amounts(self, line, row):
        account = self.known.get(line.code)
        line.new, now = account is None, self.stand[account.pk] if account else {}
        for heading, move in self.sheet["amounts"].items():
            try:
                after = parse_yen(row.get(heading) or "0")
            except UnreadableYen:
                words = {"heading": heading, "said": row.get(heading)}
                self.fault(line, _("「%(heading)s」の「%(said)s」を数として読み取れません。") % words)
                continue
            line.amounts[move] = (total_of(self.book, move, now), after)
        self.check_room(line, now)

    def check_room(self, line, now):
        """What the differences would leave at each place may not be below its floor."""
        postings = [Posting(self.book, line.code, move, then - now_) for move, (now_, then) in line.amounts.items()]
        for (_book, account, place), amount in changes(postings).items():
            defined = self.book["places"].get(place)
            if account and now.get(place, 0) + amount < defined["floor"]:
                lack = amount_words(self.book["count"], defined["floor"] - now.get(place, 0) - amount)
                words = {"place": pick(defined["title"], "ja"), "lack": lack}
                self.fault(line, _("「%(place)s」が%(lack)s足りなくなります。") % words)

    def fault(self, line, sentence):
        self.faults.append((line.row, sentence))
