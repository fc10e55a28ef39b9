"""Answers in the reader's words, masked above the reader's ceiling, with what changed."""

import pytest
from questions_forms import TODAY, a_field, a_form, bulky_form

from machi.engines.files import public as files
from machi.engines.questions.public import difference, summary

FORM = bulky_form()
ANSWERS = {
    "name": "𠮷田 神子",
    "birth": "1990-05-03",
    "home": {"postal": "303-8501", "town": "mitsukaido_suwa", "line": "3222-3", "building": "本庁舎"},
    "lines": [{"_id": "a", "item": "sofa", "qty": 2}],
    "exempt": True,
    "reason": ["aid", "card"],
    "place": {"lat": 36.02, "lng": 139.99, "text": "門の前"},
    "agree": True,
}


def rows(language="ja", answers=ANSWERS, **more):
    groups = summary(FORM, FORM.evaluate(answers, today=TODAY), language=language, **more)
    return {row.path: row for group in groups for row in group.rows}


def test_answers_stand_page_by_page_in_words():
    groups = summary(FORM, FORM.evaluate(ANSWERS, today=TODAY), language="ja")
    assert [(group.page_key, group.title) for group in groups] == [
        ("you", "you"),
        ("items", "items"),
        ("rest", "rest"),
    ]
    found = rows()
    assert found["name"].text == "𠮷田 神子"
    assert found["birth"].text == "平成2年5月3日（木）"
    assert found["home"].text == "〒303-8501 水海道諏訪町3222-3 本庁舎"
    assert (found["lines.a.item"].label, found["lines.a.item"].text) == ("品目 1：種類", "ソファ")
    assert found["lines.a.fee"].text == "1,600円"
    assert found["lines.a.fee"].calculated
    assert found["reason"].text == "生活保護、手帳"
    assert found["exempt"].text == "はい"
    assert found["kana"].text == "未入力"
    assert found["place"].map_point == ANSWERS["place"]
    assert found["lines.a.item"].control == "lines-a-item"


def test_each_language_reads_its_own_forms():
    found = rows("en")
    assert found["birth"].text == "Thursday, 3 May 1990"
    assert found["home"].text == "〒303-8501 Mitsukaido Suwa-machi 3222-3 本庁舎"
    assert found["total"].text == "0 yen"
    assert found["lines.a.item"].text == "Sofa"


def test_what_is_hidden_is_not_told():
    assert "reason" not in rows(answers={**ANSWERS, "exempt": False})


def test_values_above_the_ceiling_are_masked():
    found = rows(ceiling="personal")
    assert found["reason"].masked
    assert "生活保護" not in found["reason"].text
    assert "●●●" in found["reason"].text
    assert found["name"].text == "𠮷田 神子"
    internal = rows(ceiling="internal")
    assert internal["name"].masked
    assert internal["place"].map_point is not None
    assert internal["total"].text == "0円"


def test_only_the_keys_asked_for():
    assert set(rows(only=["name", "total"])) == {"name", "total"}


def test_what_changed_is_marked_and_can_be_listed():
    after = {
        **ANSWERS,
        "name": "吉田 神子",
        "lines": [*ANSWERS["lines"], {"_id": "b", "item": "chair", "qty": 1}],
    }
    before_sheet = FORM.evaluate(ANSWERS, today=TODAY)
    marked = {path for path, row in rows(answers=after, before=before_sheet).items() if row.changed}
    assert marked == {"name", "lines.b.item", "lines.b.qty", "lines.b.photo", "lines.b.fee"}
    found = difference(FORM, ANSWERS, after, language="ja", today=TODAY)
    assert found[0] == ("name", "お名前", "𠮷田 神子", "吉田 神子")
    assert ("lines.b.item", "品目 2：種類", "", "いす") in found


@pytest.mark.django_db
def test_files_are_shown_by_name_and_only_those_of_the_owner():
    form = a_form(a_field("proof", "file", max_files=2))
    blob = files.store(b"%PDF-1.4 x", mime="application/pdf", name="a.pdf")
    mine = files.attach(blob=blob, owner="case:1", field="proof", name="手帳.pdf")
    other = files.attach(blob=blob, owner="case:2", field="proof", name="secret.pdf")
    sheet = form.evaluate({"proof": [str(mine.id), str(other.id)]}, today=TODAY)
    row = summary(form, sheet, language="ja", owner="case:1")[0].rows[0]
    assert row.text == "手帳.pdf"
    assert [link.id for link in row.files] == [mine.id]
