"""A fault in a form definition is told with its place and how to mend it; a sound one becomes plain JSON."""

import datetime as dt
import json

import pytest
from pydantic import ValidationError
from questions_forms import ITEMS, TODAY, a_field, a_form, a_page, bulky_form

from machi.engines.definitions.define import DefinitionFault
from machi.engines.questions.define import Field
from machi.engines.questions.public import Form, browser, compile_form, form_columns, form_types


def fault_of(*fields, pages=None, tables=None, settings=None):
    with pytest.raises(DefinitionFault) as found:
        compile_form(
            list(fields), pages or [a_page("p", *(f.key for f in fields))], tables or {}, settings or {}
        )
    assert found.value.mend
    return found.value


def test_conditions_that_turn_in_a_circle_are_named():
    fault = fault_of(a_field("a", "bool", visible_if="b"), a_field("b", "bool", visible_if="a"))
    assert fault.path[0] == "fields"
    assert "a → b" in fault.message or "b → a" in fault.message


def test_a_sum_inside_a_row_may_not_need_the_sum_of_all_rows_that_needs_it():
    rows = [{"key": "part", "type": "int", "calc": "default($form.all, 0)", "label": "x"}]
    fault = fault_of(a_field("rows", "repeat", fields=rows), a_field("all", "int", calc="sum(rows, part)"))
    assert "ぐるぐる" in fault.message


@pytest.mark.parametrize(
    ("more", "place", "words"),
    [
        ({"visible_if": "nobody == 'x'"}, ("fields", 0, "visible_if"), "nobody"),
        ({"visible_if": "default(n, 0) + 1"}, ("fields", 0, "visible_if"), "bool"),
        ({"visible_if": "n +"}, ("fields", 0, "visible_if"), "途中"),
        ({"required_if": "n"}, ("fields", 0, "required_if"), "int"),
        (
            {"validate": [{"if": "n + 1 > 2", "error": {"ja": "だめ"}}]},
            ("fields", 0, "validate", 0, "if"),
            "空欄",
        ),
        ({"default": "abc"}, ("fields", 0, "default"), "abc"),
        ({"min": "5", "max": "3"}, ("fields", 0, "min"), "min"),
        ({"max": "$settings.none"}, ("fields", 0, "max"), "none"),
        ({"max": "many"}, ("fields", 0, "max"), "many"),
        ({"required": True, "required_if": "true"}, ("fields", 0, "required_if"), "required"),
        ({"options": [{"key": "x", "label": "X"}]}, ("fields", 0), "選択肢"),
        ({"fields": [{"key": "c", "type": "int", "label": "c"}]}, ("fields", 0), "repeat"),
        ({"pattern": "[0-9]"}, ("fields", 0, "pattern"), "文字"),
    ],
)
def test_a_fault_in_a_number_field_has_its_place(more, place, words):
    fault = fault_of(a_field("m", "int", **more), a_field("n", "int"))
    assert fault.path == place
    assert words in fault.message


@pytest.mark.parametrize(
    ("field", "place"),
    [
        (a_field("c", "choice"), ("fields", 0)),
        (a_field("c", "choice", **{"from": "nowhere"}), ("fields", 0, "from")),
        (a_field("c", "text", pattern="(a"), ("fields", 0, "pattern")),
        (a_field("c", "text", min="1"), ("fields", 0, "min")),
        (a_field("c", "slot"), ("fields", 0)),
        (a_field("c", "repeat"), ("fields", 0)),
        (a_field("c", "file", calc="1"), ("fields", 0, "calc")),
        (a_field("c", "int", calc="'x'"), ("fields", 0, "calc")),
        (a_field("c", "int", calc="1", required=True), ("fields", 0, "calc")),
        (a_field("today", "date"), ("fields", 0, "key")),
        (
            a_field("c", "repeat", max="500", fields=[{"key": "d", "type": "text", "label": "d"}]),
            ("fields", 0, "max"),
        ),
    ],
)
def test_a_field_that_cannot_work_has_its_place(field, place):
    assert fault_of(field).path == place


def test_pages_must_hold_every_field_once():
    name = a_field("name", "name")
    assert fault_of(name, pages=[a_page("p")]).path == ("fields", 0)
    assert fault_of(name, pages=[a_page("p", "name", "nome")]).path == ("pages", 0, "fields", 1)
    assert fault_of(name, pages=[a_page("p", "name"), a_page("q", "name")]).path == ("pages", 1, "fields", 0)
    assert fault_of(name, pages=[a_page("p", "name", visible_if="zz")]).path == ("pages", 0, "visible_if")


def test_a_key_is_used_once_even_inside_a_repeat():
    fault = fault_of(
        a_field("a", "text"), a_field("r", "repeat", fields=[{"key": "a", "type": "text", "label": "a"}])
    )
    assert fault.path == ("fields", 1, "fields", 0, "key")


def test_all_faults_are_reported_when_asked_for():
    told = []
    with pytest.raises(DefinitionFault):
        compile_form(
            [a_field("a", "int", min="x"), a_field("b", "choice")],
            [a_page("p", "a", "b")],
            report=told.append,
        )
    assert [fault.path for fault in told] == [("fields", 1)]


def test_the_place_of_a_fault_is_where_the_field_stands_in_the_source():
    with pytest.raises(DefinitionFault) as found:
        compile_form([a_field("b", "choice")], [a_page("p", "b")], at=[("fields", 7)])
    assert found.value.path == ("fields", 7)


def test_an_unknown_word_is_a_fault_of_the_definition():
    with pytest.raises(ValidationError):
        Field.model_validate({"key": "a", "type": "text", "label": "a", "visble_if": "true"})


def test_the_bundle_is_json_and_gives_the_same_form_again():
    form = bulky_form()
    again = Form(json.loads(json.dumps(form.bundle, ensure_ascii=False)))
    answers = {"name": "山田", "lines": [{"_id": "a", "item": "sofa", "qty": 2}]}
    first, second = (one.evaluate(answers, today=TODAY) for one in (form, again))
    assert first.values == second.values
    assert first.errors == second.errors


def test_a_setting_stands_in_the_bundle_as_its_value():
    lines = next(field for field in bulky_form().bundle["fields"] if field["key"] == "lines")
    assert lines["max"] == "3"


def test_words_for_the_search_stay_out_of_the_bundle():
    table = {**ITEMS, "options": [{**ITEMS["options"][0], "words": {"ja": ["そふぁ"]}}]}
    form = a_form(a_field("c", "choice", **{"from": "items"}), tables={"items": table})
    assert "words" not in form.bundle["tables"]["items"]["options"][0]


def test_a_fragments_fields_come_as_json():
    fields = [{"key": "name", "type": "name", "label": {"ja": "氏名"}}]
    assert (
        compile_form(fields, [{"key": "p", "title": {"ja": "p"}, "fields": ["name"]}])["fields"][0]["key"]
        == "name"
    )


def test_types_outside_the_form_say_what_may_be_blank():
    types = form_types(bulky_form().bundle)
    assert types["name"] == "text"
    assert types["birth"] == "date?"
    assert types["home"] == "row{postal:text?,town:choice<towns>,line:text,building:text?}"
    assert types["lines"] == "list<row{item:choice<items>,qty:int,photo:list<text>?,fee:yen}>"
    assert types["total"] == "yen"
    assert types["reason"] == "list<choice>?"
    assert types["$settings.max_items"] == "int"


def test_columns_that_an_option_leaves_out_may_be_blank():
    assert form_columns(bulky_form().bundle)["items"] == {"fee": "yen", "note": "text?"}


def test_the_browser_gets_trees_the_tables_it_looks_into_and_answers_of_other_pages():
    form = bulky_form()
    page = form.page_of("total")
    sheet = form.evaluate({"exempt": True}, today=dt.date(2026, 11, 22))
    found = browser(form, sheet, page)
    assert json.loads(json.dumps(found)) == found
    assert set(found["tables"]) == {"items"}
    assert found["tables"]["items"]["rows"]["sofa"]["fee"] == 800
    total = next(field for field in found["fields"] if field["path"] == "total")
    assert total["calc"]["op"] == "if"


def test_a_page_without_sums_sends_nothing_to_the_browser():
    form = bulky_form()
    plain = next(page.key for page in form.pages if "total" not in page.fields and "lines" not in page.fields)
    assert browser(form, form.evaluate({}, today=dt.date(2026, 11, 22)), plain) is None
