"""A file of accounts: read as offices save it, shown before it counts, refused by row where it is wrong."""

import io

import pytest
from openpyxl import Workbook
from small_book import CLERK

from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger

HEAD = "年度,課,会計,款,項,目,事業,節,目名,事業名,節名,予算現額,配当額"
LINE = "2026,道路課,01,08,02,02,020,10,道路維持費,除雪,需用費,{},{}"
CODE = "2026-01-08-02-02-020-10"


def plan(*rows, encoding="utf-8"):
    book = current("book", "office.budget").bundle
    return ledger.plan_sheet(book, ledger.read_sheet("\r\n".join([HEAD, *rows]).encode(encoding)))


def load(*rows, key="sheet:1"):
    made = plan(*rows)
    assert made.faults == []
    ledger.carry_out(book=current("book", "office.budget").bundle, plan=made, actor=CLERK, key=key)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_it_reads_what_offices_save(joso, encoding):
    (line,) = plan(LINE.format("１，２００，０００", "９０万").replace("，", ""), encoding=encoding).lines
    assert (line.code, line.unit, line.amounts) == (
        CODE, "roads", {"appropriate": (0, 1_200_000), "allot": (0, 900_000)},
    )  # fmt: skip


def test_it_reads_excel_with_numbers_as_numbers(joso):
    book, out = Workbook(), io.BytesIO()
    book.active.append(HEAD.split(","))
    book.active.append([2026.0, "roads", "01", "08", "02", "02", "020", 10, "道路維持費", "除雪", "需用費", 500.0, 500])
    book.save(out)
    made = ledger.plan_sheet(current("book", "office.budget").bundle, ledger.read_sheet(out.getvalue()))
    assert (made.faults, made.lines[0].code, made.lines[0].amounts["allot"]) == ([], CODE, (0, 500))


def test_a_later_file_enters_the_difference_and_the_same_file_nothing(joso):
    load(LINE.format(1_000, 600))
    load(LINE.format(1_500, 1_200), key="sheet:2")
    load(LINE.format(1_500, 1_200), key="sheet:3")
    assert ledger.balance("office.budget", CODE)["free"] == 1_200
    assert ledger.balance("office.budget", CODE)["unallotted"] == 300
    load(LINE.format(800, 700), key="sheet:4")
    assert ledger.balance("office.budget", CODE)["free"] == 700 and ledger.drift() == []


def test_each_fault_is_said_with_its_row_and_nothing_is_entered(joso):
    wrong = plan(
        LINE.format(1_000, 2_000), LINE.format("千円", 0).replace("道路課", "道路科"), LINE.format(1, 1),
    )  # fmt: skip
    assert [row for row, _said in wrong.faults] == [2, 3, 3, 3, 4]
    assert "1,000円足りなくなります" in wrong.faults[0][1] and "道路科" in wrong.faults[1][1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "見出しの行"),
        (b"PK\x03\x04broken", "Excel"),
        (b"\x81\x00", "文字"),
        ("年度,課\n2026,道路課".encode(), "款"),
    ],
)
def test_what_is_no_sheet_is_told_what_to_do(joso, data, said):
    with pytest.raises(ledger.UnreadableSheet, match=said):
        ledger.plan_sheet(current("book", "office.budget").bundle, ledger.read_sheet(data))
