"""Each type reads what people really write, keeps what must be kept, and shows it to its reader."""

import datetime as dt

import pytest
from django.utils.translation import override
from questions_forms import TODAY, a_field, a_form, read


def kept(kind, text, **more):
    """(stored answer, sentence) of one box with this text."""
    form = a_form(a_field("f", kind, **more))
    reading = read(form, "p", {"f": text})
    sheet = form.evaluate(reading.answers, today=TODAY)
    return reading.answers.get("f"), sheet.errors.get("f", "")


@pytest.mark.parametrize(
    "name", ["𠮷田 太郎", "神田", "葛󠄀城", "髙﨑　鷗", "O'Brien-Núñez", "e\u0301", "<script>alert(1)</script>"]
)
def test_a_name_is_kept_byte_for_byte(name):
    assert kept("name", name) == (name, "")


def test_only_the_edges_of_a_line_are_trimmed():
    assert kept("name", "　 山田　太郎 \t") == ("山田　太郎", "")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("やまだ たろう", "ヤマダ タロウ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("ヤマダ　タロウ", "ヤマダ タロウ"),
        ("か\u3099き\u3099", "ガギ"),
        ("ロドリゲス・シルバ", "ロドリゲス・シルバ"),
        ("キヨ-コ", "キヨーコ"),
        ("ゔぃくとる", "ヴィクトル"),
    ],
)
def test_a_reading_becomes_full_width_katakana(typed, stored):
    assert kept("kana", typed) == (stored, "")


def test_a_reading_in_other_letters_is_refused_and_still_there():
    stored, error = kept("kana", "山田")
    assert stored == "山田"
    assert "カタカナ" in error


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("090-1234-5678", "090-1234-5678"),
        ("０９０１２３４５６７８", "090-1234-5678"),
        ("0297(23)2111", "0297-23-2111"),
        ("0297232111", "0297232111"),
        ("+81 90 1234 5678", "090-1234-5678"),
        ("０２９７ー２３ー２１１１", "0297-23-2111"),
        ("+55 11 91234-5678", "+55-11-91234-5678"),
        ("0120-123-456", "0120-123-456"),
    ],
)
def test_telephone_numbers_are_understood_as_they_are_written(typed, stored):
    assert kept("phone", typed) == (stored, "")


@pytest.mark.parametrize("typed", ["23-2111", "090-1234-567", "abc", "00-1234-5678", "090-1234-5678-9"])
def test_what_is_no_telephone_number_is_refused(typed):
    assert "市外局番" in kept("phone", typed)[1]


@pytest.mark.parametrize(
    "typed", ["303-8501", "3038501", "〒３０３－８５０１", "303 8501", "３０３ー８５０１"]
)
def test_postal_codes_have_seven_figures(typed):
    assert kept("postal", typed) == ("303-8501", "")
    assert "7けた" in kept("postal", "303-850")[1]


def test_mail_addresses_lose_full_width_and_spaces():
    assert kept("email", " taro＠example.jp ") == ("taro@example.jp", "")
    assert "taro@example.jp" in kept("email", "taro")[1]


@pytest.mark.parametrize(
    ("typed", "stored"), [("３", 3), ("1,000", 1000), ("１，０００", 1000), ("-5", -5), ("+7", 7)]
)
def test_numbers_are_read_in_full_width_and_with_commas(typed, stored):
    assert kept("int", typed) == (stored, "")


@pytest.mark.parametrize("typed", ["三", "1.5", "1e3", "٣", "abc", "1,00", "0x10", "∞"])
def test_what_is_no_number_is_refused(typed):
    stored, error = kept("int", typed)
    assert stored is None
    assert "数字" in error


def test_numbers_have_bounds():
    assert kept("int", "0", min="1", max="10")[1] == "「f」は1以上で入力してください。"
    assert kept("int", "11", min="1", max="10")[1] == "「f」は10以下で入力してください。"
    assert "大きすぎ" in kept("int", "9" * 20)[1]
    assert kept("decimal", "1.55", places=1) == ("1.55", "「f」は小数点より下を1けたまでで入力してください。")


@pytest.mark.parametrize("typed", ["1600", "¥1,600", "１６００円", "1600 yen"])
def test_amounts_are_read_as_they_are_written(typed):
    assert kept("yen", typed) == (1600, "")
    assert "数字" in kept("yen", "たくさん")[1]


@pytest.mark.parametrize(
    ("year", "month", "day", "stored"),
    [
        ("1990", "5", "3", "1990-05-03"),
        ("昭和64", "1", "7", "1989-01-07"),
        ("S64", "1", "7", "1989-01-07"),
        ("令和元年", "5", "1", "2019-05-01"),
        ("Ｒ８", "１１", "２２", "2026-11-22"),
        ("平成2年3月4日", "", "", "1990-03-04"),
        ("2000-02-29", "", "", "2000-02-29"),
    ],
)
def test_days_are_read_from_three_boxes_with_or_without_era(year, month, day, stored):
    form = a_form(a_field("f", "date"))
    assert read(form, "p", {"f-year": year, "f-month": month, "f-day": day}).answers == {"f": stored}


@pytest.mark.parametrize(
    ("year", "month", "day", "words"),
    [
        ("2026", "2", "30", "という日はありません"),
        ("2026", "", "3", "すべて"),
        ("あ", "1", "1", "読み取れません"),
        ("令和50", "13", "1", ""),
    ],
)
def test_a_day_that_is_none_is_refused_with_a_reason_and_stays_in_its_boxes(year, month, day, words):
    form = a_form(a_field("f", "date"))
    reading = read(form, "p", {"f-year": year, "f-month": month, "f-day": day})
    assert words in reading.refused["f"]
    assert reading.answers == {"_typed": {"f": {"year": [year], "month": [month], "day": [day]}}}
    assert form.evaluate(reading.answers, today=TODAY).errors == reading.refused


def test_a_day_after_today_can_be_refused_in_the_era_of_the_reader():
    form = a_form(a_field("f", "date", max="today"))
    assert "令和8年11月22日" in form.evaluate({"f": "2026-11-23"}, today=TODAY).errors["f"]
    with override("en"):
        assert "2026-11-22" in form.evaluate({"f": "2026-11-23"}, today=TODAY).errors["f"]
    assert form.evaluate({"f": "2026-11-22"}, today=TODAY).errors == {}


def test_a_pattern_fits_the_whole_word():
    assert kept("code", "ＡＢ１２", pattern="[A-Z]{2}[0-9]{2}") == ("AB12", "")
    assert "書き方" in kept("code", "AB123", pattern="[A-Z]{2}[0-9]{2}")[1]
    assert kept("text", "a" * 40 + "!", pattern="(a+)+$")[1] != ""


def test_ten_thousand_letters_in_a_box_are_refused_with_a_sentence_and_kept():
    text = "あ" * 10_000
    stored, error = kept("longtext", text, max_length=2000)
    assert stored == text
    assert error == "「f」は2000文字までで入力してください。いまは10000文字です。"


@pytest.mark.parametrize(
    "kind", ["text", "longtext", "name", "email", "phone", "int", "decimal", "yen", "code", "kana"]
)
def test_control_characters_are_refused_and_the_rest_is_still_there(kind):
    form = a_form(a_field("f", kind))
    reading = read(form, "p", {"f": "12\x003\x1b4"})
    assert "使えない文字" in reading.refused["f"]
    assert reading.answers["_typed"]["f"] == {"": ["12\ufffd3\ufffd4"]}


def test_line_ends_are_one_kind():
    assert kept("longtext", "一\r\n二\r三") == ("一\n二\n三", "")


OPTIONS = [
    {"key": k, "label": {"ja": j, "en": e}}
    for k, j, e in (("a", "赤", "Red"), ("b", "青", "Blue"), ("c", "黄", "Yellow"))
]


def test_choices_are_kept_once_in_the_order_of_the_options():
    form = a_form(a_field("f", "choices", options=OPTIONS, max="2"))
    assert read(form, "p", {"f": ["c", "a", "a"]}).answers == {"f": ["a", "c"]}
    assert "2個まで" in form.evaluate({"f": ["a", "b", "c"]}, today=TODAY).errors["f"]
    assert "選べません" in form.evaluate({"f": ["zz"]}, today=TODAY).errors["f"]


def test_a_slot_keeps_its_day_and_its_time():
    form = a_form(a_field("day", "slot", pool="pickup"))
    reading = read(form, "p", {"day": "0190-ab@2026-12-01@10:00"})
    assert reading.answers == {"day": {"id": "0190-ab", "day": "2026-12-01", "label": "10:00"}}
    assert form.evaluate(reading.answers, today=TODAY).values["day"]["day"] == dt.date(2026, 12, 1)
    for wrong in ("x", "x@tomorrow", "../x@2026-12-01", "x@2026-12-01@<b>"):
        assert "選べません" in read(form, "p", {"day": wrong}).refused["day"]


def test_a_place_lies_in_japan_or_is_said_in_words():
    form = a_form(a_field("f", "point"))
    assert read(form, "p", {"f-text": "市役所の前"}).answers["f"] == {
        "lat": None,
        "lng": None,
        "text": "市役所の前",
    }
    found = read(form, "p", {"f-lat": "３６．０２３", "f-lng": "139.994", "f-text": ""}).answers["f"]
    assert found == {"lat": 36.023, "lng": 139.994, "text": ""}
    assert "日本の中" in read(form, "p", {"f-lat": "48.85", "f-lng": "2.35"}).refused["f"]
    assert "地図" in read(form, "p", {"f-lat": "north", "f-lng": "1"}).refused["f"]


def test_an_address_may_be_written_in_words():
    form = a_form(a_field("f", "address", required=True))
    found = read(
        form,
        "p",
        {
            "f-postal": "３０３８５０１",
            "f-town": "茨城県常総市水海道諏訪町",
            "f-line": "3222-3",
            "f-building": "",
        },
    )
    assert found.answers["f"] == {
        "postal": "303-8501",
        "town": "茨城県常総市水海道諏訪町",
        "line": "3222-3",
        "building": "",
    }
    assert (
        "郵便番号"
        in form.evaluate({"f": {"postal": "12", "town": "x", "line": "1"}}, today=TODAY).errors["f"]
    )
    assert "町名" in form.evaluate({"f": {"postal": "3038501"}}, today=TODAY).errors["f"]


@pytest.mark.parametrize(
    ("kind", "stored", "language", "words"),
    [
        ("date", "1989-01-08", "ja", "平成元年1月8日（日）"),
        ("date", "1989-01-08", "en", "Sunday, 8 January 1989"),
        ("date", "1989-01-08", "pt-br", "domingo, 8 de janeiro de 1989"),
        ("yen", 12345, "ja", "12,345円"),
        ("yen", 12345, "pt-br", "12.345 ienes"),
        ("int", 1234567, "es", "1.234.567"),
        ("decimal", "1234.50", "ja", "1,234.50"),
        ("decimal", "1234.50", "pt-br", "1.234,50"),
        ("postal", "303-8501", "ja", "〒303-8501"),
    ],
)
def test_values_are_shown_as_readers_of_the_language_write_them(kind, stored, language, words):
    form = a_form(a_field("f", kind))
    question = form.questions["f"]
    assert question.type.show(question, question.type.cast(question, stored), language) == words


def test_a_year_has_no_mark_for_thousands_but_an_amount_of_four_figures_has():
    form = a_form(a_field("year", "int", min="2000", max="2100"), a_field("people", "int", min="1", max="2100"))
    shown = {key: question.type.show(question, 2026, "pt-br") for key, question in form.questions.items()}
    assert shown == {"year": "2026", "people": "2.026"}
