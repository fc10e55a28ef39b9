"""Choices, fragment, calendar and city."""

# ruff: noqa: E501 tables of faults are read line by line

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from machi.engines.definitions import public
from machi.engines.definitions.city import check_digit, contrast_on_white
from machi.engines.definitions.define import Text, fragments_hold
from machi.engines.definitions.kinds import choices_compat
from machi.engines.definitions.library import Library

ROOT = Path(__file__).resolve().parents[3]
HEAD = "machi: 1\nkind: {}\ncode: test.{}\ntitle: あ\naudience: staff\n"


def one(tmp_path, kind, text, code=None):
    """(bundle or None, errors) of a single definition."""
    (tmp_path / "x.yaml").write_text(text if text.startswith("machi") else HEAD.format(kind, kind) + text)
    library = Library([tmp_path])
    faults = [fault for fault in library.compile_all() if fault.level == "error"]
    entry = library.entries.get((kind, code or f"test.{kind}"))
    return (entry.compiled and entry.compiled.bundle), faults


def test_choices_cast_every_column(tmp_path):
    bundle, faults = one(
        tmp_path,
        "choices",
        "columns: {fee: yen, n: int, share: decimal, since: date, free: bool, unit: {type: text, optional: true}, no: code}\n"
        "options: [{key: a, label: あ, words: [い], fee: 1600, n: 2, share: '0.10', since: 2026-04-01, free: true, no: '012'}]\n",
    )
    assert faults == []
    assert bundle["options"] == [
        {
            "key": "a", "label": {"ja": "あ"}, "words": {"ja": ["い"]}, "fee": 1600, "n": 2, "share": "0.10",
            "since": "2026-04-01", "free": True, "unit": None, "no": "012",
        }
    ]  # fmt: skip
    assert bundle["columns"]["fee"] == "yen"
    assert bundle["column_labels"]["fee"] == {"ja": "手数料"}


def test_choices_tell_double_keys_and_wrong_values(tmp_path):
    _bundle, faults = one(
        tmp_path,
        "choices",
        "columns: {fee: yen}\noptions:\n  - {key: a, label: あ, fee: 1.5}\n  - {key: a, label: い, fee: 2}\n  - {key: b, label: う, fee: -}\n",
    )
    assert [(fault.line, fault.field) for fault in faults] == [
        (8, "options.a.fee"),
        (9, "options.a.key"),
        (10, "options.b.fee"),
    ]


def test_choices_compatibility():
    old = {"columns": {"fee": "yen"}, "options": [{"key": "a", "fee": 1}, {"key": "b", "fee": 1}]}
    dearer = {"columns": {"fee": "yen"}, "options": [{"key": "b", "fee": 1}, {"key": "a", "fee": 2}]}
    more = {"columns": {"fee": "yen"}, "options": [*old["options"], {"key": "c", "fee": 1}]}
    other = {"columns": {"fee": "decimal"}, "options": old["options"]}
    assert choices_compat(old, dearer) == "none"
    assert choices_compat(old, more) == "additive"
    assert choices_compat(more, old) == choices_compat(old, other) == "breaking"


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str
    type: str
    label: Text
    max: int | None = None


def test_fragment_keeps_fields_and_checks_them_when_it_is_told_how(tmp_path):
    text = "fields:\n  - {key: name, type: name, label: 名前, max: 5}\n  - {key: kana, type: kana, label: かな, mx: 5}\n"
    bundle, faults = one(tmp_path, "fragment", text)
    assert faults == [] and len(bundle["fields"]) == 2

    fragments_hold(Question)
    _bundle, [fault] = one(tmp_path, "fragment", text)
    assert (fault.line, fault.field) == (8, "fields.kana.mx")
    bundle, _faults = one(tmp_path, "fragment", text.replace("mx", "max"))
    assert bundle["fields"][0] == {"key": "name", "type": "name", "label": {"ja": "名前"}, "max": 5}


def test_calendar_becomes_office_days(tmp_path):
    bundle, faults = one(
        tmp_path,
        "calendar",
        "closed:\n  weekdays: [sat, sun]\n  year_end: {from: 12-29, to: 01-03}\n  dates: [2026-11-24]\nopened: [2026-11-28]\n",
    )
    assert faults == []
    days = public.office_days(bundle)
    assert not days.is_open(date(2026, 11, 22))  # Sunday
    assert not days.is_open(date(2026, 11, 23))  # 勤労感謝の日
    assert not days.is_open(date(2026, 11, 24))  # closed by the city
    assert days.is_open(date(2026, 11, 25))
    assert days.is_open(date(2026, 11, 28))  # a Saturday it works on
    assert not days.is_open(date(2026, 12, 29)) and not days.is_open(date(2027, 1, 3))


def test_calendar_tells_impossible_days(tmp_path):
    text = "closed:\n  weekdays: [mon, tue, wed, thu, fri, sat, sun]\n  year_end: {from: 12-32, to: 01-03}\n"
    _bundle, [fault] = one(tmp_path, "calendar", text)
    assert (fault.line, fault.message) == (8, "「12-32」という日はありません。")
    _bundle, [fault] = one(tmp_path, "calendar", text.replace("12-32", "12-29"))
    assert fault.message == "開いている曜日がありません。"


def test_check_digits_of_known_cities():
    assert {code: check_digit(code) for code in ("08211", "13101", "01100", "27100", "14100")} == {
        "08211": "2", "13101": "6", "01100": "2", "27100": "4", "14100": "3",
    }  # fmt: skip


def test_contrast_as_wcag_counts_it():
    assert round(contrast_on_white("#000000"), 2) == 21.0
    assert round(contrast_on_white("#767676"), 2) == 4.54


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"082112"', '"082113"', "団体コード「082113」の検査数字が合いません。"),
        ("#0b4f5a", "#9fd3dc", "色 #9fd3dc は白の上で読みにくい色です（明るさの比 1.6）。"),
        ("lat: 36.0236", "lat: 139.9938", "「139.9938」は大きすぎます。"),
    ],
)
def test_city_tells_what_cannot_be(tmp_path, old, new, message):
    text = (ROOT / "cities/joso/city.yaml").read_text().replace("calendar: calendar/calendar.office\n", "")
    assert text.count(old) == 1
    bundle, faults = one(
        tmp_path, "city", text.replace(old, new), code=new.strip('"') if "0821" in new else "082112"
    )
    assert bundle is None
    assert [fault.message for fault in faults] == [message]


def test_joso_itself_is_sound():
    library = Library([ROOT / "packages/municipality", ROOT / "cities/joso"])
    city = library.entries["city", "082112"]
    assert library.compile(city).bundle["name"]["ja"] == "常総市"
    assert city.faults == []
    assert library.compile(library.entries["calendar", "calendar.office"]).bundle["weekdays"] == [5, 6]
    assert contrast_on_white(city.compiled.bundle["colour"]) >= 7
