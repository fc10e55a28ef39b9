"""Other programs send JSON: what the schema allows is taken, what it does not is named."""

import json

import pytest
from questions_forms import TODAY, a_field, a_form, bulky_form

from machi.engines.files import public as files
from machi.engines.questions.public import accept, answers_from_words, mail_fault, schema

FORM = bulky_form()
GOOD = {
    "name": "山田 花子",
    "home": {"town": "toyooka", "line": "丙1"},
    "lines": [{"item": "sofa", "qty": 2}],
    "agree": True,
}


def test_the_schema_describes_every_question_and_no_sum():
    found = schema(FORM.bundle)
    assert json.loads(json.dumps(found)) == found
    assert found["additionalProperties"] is False
    assert set(found["required"]) == {"name", "home", "lines", "agree"} - {"lines"}
    assert "total" not in found["properties"]
    rows = found["properties"]["lines"]
    assert rows["maxItems"] == 3
    assert rows["items"]["properties"]["item"]["enum"] == ["sofa", "chair"]
    assert rows["items"]["properties"]["qty"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10,
        "title": "個数",
    }
    assert rows["items"]["required"] == ["item", "qty"]
    assert found["properties"]["agree"]["const"] is True


def test_good_answers_are_taken_with_their_sums():
    found = accept(FORM.bundle, GOOD, today=TODAY)
    assert found.errors == {}
    assert found.answers["total"] == 1600
    assert found.answers["lines"][0]["fee"] == 800 * 2


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"nome": "x"}, "nome"),
        ({"_typed": {}}, "_typed"),
        ({"total": 0}, "total"),
        ({"lines": [{"item": "sofa", "qty": 1, "fee": 0}]}, "lines.r1.fee"),
        ({"lines": [{"item": "piano", "qty": 1}]}, "lines.r1.item"),
        ({"lines": [{"item": "sofa", "qty": "1"}]}, "lines.r1.qty"),
        ({"agree": False}, "agree"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"birth": "3 May"}, "birth"),
        ({"exempt": "yes"}, "exempt"),
        ({"lines": "sofa"}, "lines.r1.item"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(change, path):
    assert path in accept(FORM.bundle, {**GOOD, **change}, today=TODAY).errors


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_answers_are_an_object(data):
    assert accept(FORM.bundle, data, today=TODAY).errors


@pytest.mark.django_db
def test_only_files_of_the_sender_may_be_named():
    blob = files.store(b"%PDF-1.4 y", mime="application/pdf", name="a.pdf")
    mine, other = (
        files.attach(blob=blob, owner=owner, field="proof", name="a.pdf") for owner in ("draft:1", "draft:2")
    )
    sent = {**GOOD, "exempt": True, "reason": ["aid"]}
    assert accept(FORM.bundle, {**sent, "proof": [str(mine.id)]}, today=TODAY, owner="draft:1").errors == {}
    for foreign in (str(other.id), "0" * 32):
        found = accept(FORM.bundle, {**sent, "proof": [foreign]}, today=TODAY, owner="draft:1")
        assert "見つかりません" in found.errors["proof"]
    assert "proof" in accept(FORM.bundle, {**sent, "proof": [str(mine.id)]}, today=TODAY).errors


def test_the_words_of_a_scenario_become_answers():
    words = {
        "name": "山田",
        "birth": "昭和50年1月2日",
        "exempt": "true",
        "reason": ["aid"],
        "weight": "1.5",
        "home": {"town": "toyooka", "line": "1"},
        "lines": [{"item": "sofa", "qty": "2"}],
        "agree": "true",
        "unknown": "x",
    }
    found = answers_from_words(FORM, words)
    assert found["lines"] == [{"item": "sofa", "qty": 2}]
    assert (found["birth"], found["exempt"], found["agree"], found["weight"]) == (
        "1975-01-02",
        True,
        True,
        "1.5",
    )
    assert FORM.evaluate(found, today=TODAY).errors == {}
    wrong = answers_from_words(FORM, {"birth": "someday", "lines": [{"qty": "many"}]})
    assert "birth" in FORM.evaluate(wrong, today=TODAY).errors


def test_a_scenario_says_a_slot_by_id_and_day():
    form = a_form(a_field("day", "slot", pool="p"))
    found = answers_from_words(form, {"day": {"id": "a1", "day": "2026-12-01"}})
    assert found == {"day": {"id": "a1", "day": "2026-12-01", "label": ""}}


def test_a_mail_address_outside_a_form_is_judged_alike():
    assert mail_fault("taro@example.jp") == ""
    assert "入力してください" in mail_fault("  ")
    assert "taro@example.jp" in mail_fault("taro")
