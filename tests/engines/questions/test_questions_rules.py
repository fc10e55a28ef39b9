"""What a form makes of answers: one pass, hidden is blank, and sentences that say what to do."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override
from questions_forms import TODAY, a_field, a_form, a_page, bulky_form

from machi.engines.questions.public import prefilled
from machi.ground.expr import Context


def errors_of(form, answers, **more):
    return form.evaluate(answers, today=TODAY, **more).errors


COMPLETE = {
    "name": "𠮷田 神子",
    "home": {"postal": "", "town": "mitsukaido_suwa", "line": "3222-3", "building": ""},
    "lines": [{"_id": "a", "item": "sofa", "qty": 1}, {"_id": "b", "item": "chair", "qty": 2}],
    "agree": True,
}


def test_a_complete_form_has_no_errors_and_counts_its_fee():
    sheet = bulky_form().evaluate(COMPLETE, today=TODAY)
    assert sheet.errors == {}
    assert sheet.values["total"] == 1600
    assert [row["fee"] for row in sheet.values["lines"]] == [800, 800]
    assert sheet.pages == ["you", "items", "rest"]


def test_what_is_submitted_holds_sums_and_leaves_out_what_is_hidden_or_blank():
    answers = {**COMPLETE, "reason": ["aid"], "proof": ["0" * 32], "unknown": 1, "_typed": {}}
    stored = bulky_form().evaluate(answers, today=TODAY).stored()
    assert stored == {
        "name": "𠮷田 神子",
        "home": {"postal": "", "town": "mitsukaido_suwa", "line": "3222-3", "building": ""},
        "lines": [
            {"_id": "a", "item": "sofa", "qty": 1, "fee": 800},
            {"_id": "b", "item": "chair", "qty": 2, "fee": 800},
        ],
        "total": 1600,
        "exempt": False,
        "agree": True,
    }


def test_submitting_what_was_submitted_changes_nothing():
    form = bulky_form()
    once = form.evaluate({**COMPLETE, "birth": "1990-05-03", "weight": "1.50"}, today=TODAY).stored()
    assert form.evaluate(once, today=TODAY).stored() == once


def test_a_hidden_field_is_blank_to_every_expression():
    form = a_form(
        a_field("show", "bool"),
        a_field("secret", "int", visible_if="show"),
        a_field("twice", "int", calc="default(secret, 0) * 2"),
        a_field("third", "text", visible_if="secret > 5"),
    )
    hidden = form.evaluate({"show": False, "secret": 9, "third": "x"}, today=TODAY)
    assert hidden.values == {"show": False, "secret": None, "twice": 0, "third": None}
    assert not hidden.is_visible("third")
    shown = form.evaluate({"show": True, "secret": 9, "third": "x"}, today=TODAY)
    assert (shown.values["twice"], shown.values["third"]) == (18, "x")


def test_a_hidden_page_hides_its_fields_and_a_page_without_fields_is_skipped():
    form = a_form(
        a_field("kind", "choice", options=[{"key": k, "label": k} for k in ("a", "b")]),
        a_field("only_b", "text", required=True),
        a_field("sometimes", "text", visible_if="kind == 'b'"),
        pages=[
            a_page("p", "kind"),
            a_page("q", "only_b", visible_if="kind == 'b'"),
            a_page("r", "sometimes"),
        ],
    )
    assert form.evaluate({"kind": "a", "only_b": "x"}, today=TODAY).pages == ["p"]
    sheet = form.evaluate({"kind": "b"}, today=TODAY)
    assert sheet.pages == ["p", "q", "r"]
    assert sheet.page_errors("q") == {"only_b": "「only_b」を入力してください。"}
    assert sheet.page_errors("p") == {}


def test_a_page_asked_later_shows_when_it_is_asked_for_or_was_answered():
    form = a_form(
        a_field("plan", "text", required=True),
        a_field("report", "text", required=True, default="x"),
        a_field("twice", "text", calc="concat(report, report)"),
        pages=[a_page("p", "plan"), a_page("q", "report", "twice", later=True)],
    )
    at_first = form.evaluate({"plan": "店"}, today=TODAY)
    assert (at_first.pages, at_first.errors, at_first.values["report"]) == (["p"], {}, None)

    asked = form.evaluate({"plan": "店"}, today=TODAY, asked=["report"])
    assert (asked.pages, list(asked.errors)) == (["p", "q"], ["report"])

    answered = form.evaluate({"plan": "店", "report": "開いた"}, today=TODAY)
    assert (answered.pages, answered.values["twice"]) == (["p", "q"], "開いた開いた")
    assert prefilled(form.bundle) == {}


def test_required_if_follows_the_answers():
    form = a_form(a_field("other", "bool"), a_field("what", "text", required_if="other"))
    assert errors_of(form, {"other": False}) == {}
    sheet = form.evaluate({"other": True}, today=TODAY)
    assert sheet.is_required("what")
    assert list(sheet.errors) == ["what"]


def test_errors_name_the_field_in_the_active_language_and_the_row():
    form = bulky_form()
    with override("en"):
        errors = errors_of(form, {**COMPLETE, "name": "", "lines": [{"_id": "a", "qty": 1}]})
    assert "Name" in errors["name"]
    assert "Item 1" in errors["lines.a.item"]
    assert "Kind" in errors["lines.a.item"]


def test_errors_come_in_the_order_of_the_pages():
    assert list(errors_of(bulky_form(), {})) == ["name", "home", "lines.r1.item", "agree"]


def test_a_repeat_begins_with_as_many_rows_as_it_needs_and_refuses_too_many():
    form = bulky_form()
    assert form.evaluate({}, today=TODAY).values["lines"][0]["qty"] == 1
    rows = [{"_id": f"r{n}", "item": "sofa", "qty": 1} for n in range(4)]
    assert "3件まで" in errors_of(form, {**COMPLETE, "lines": rows})["lines"]


def test_rows_with_the_same_id_or_none_are_told_apart():
    rows = [{"_id": "a", "qty": 1}, {"_id": "a", "qty": 2}, {"qty": 3}, "no row"]
    found = bulky_form().evaluate({"lines": rows}, today=TODAY).values["lines"]
    assert len({row["_id"] for row in found}) == 4
    assert [row["qty"] for row in found] == [1, 2, 3, None]


def test_a_row_sees_the_form_around_it():
    form = a_form(
        a_field("rate", "int", required=True),
        a_field("rows", "repeat", fields=[
            {"key": "n", "type": "int", "required": True, "label": "n"},
            {"key": "much", "type": "int", "calc": "n * $form.rate", "label": "much"},
            {"key": "why", "type": "text", "visible_if": "n > 3", "label": "why"},
        ]),
    )  # fmt: skip
    sheet = form.evaluate(
        {"rate": 10, "rows": [{"_id": "x", "n": 2, "why": "a"}, {"_id": "y", "n": 5, "why": "b"}]},
        today=TODAY,
    )
    assert [row["much"] for row in sheet.values["rows"]] == [20, 50]
    assert [row["why"] for row in sheet.values["rows"]] == [None, "b"]
    assert sheet.is_visible("rows.y.why")
    assert not sheet.is_visible("rows.x.why")
    assert sheet.value("rows.y.much") == 50


def test_a_hidden_repeat_is_an_empty_list_to_its_sums():
    form = a_form(
        a_field("has", "bool"),
        a_field(
            "rows", "repeat", visible_if="has", min="1", fields=[{"key": "n", "type": "int", "label": "n"}]
        ),
        a_field("all", "int", calc="sum(rows, n)"),
    )
    sheet = form.evaluate({"has": False, "rows": [{"_id": "a", "n": 7}]}, today=TODAY)
    assert sheet.values["all"] == 0
    assert sheet.values["rows"] is None
    assert sheet.errors == {}
    assert form.evaluate({"has": True, "rows": [{"_id": "a", "n": 7}]}, today=TODAY).values["all"] == 7


def test_a_condition_of_the_definition_is_wrong_when_it_holds_and_a_warning_stops_nobody():
    form = a_form(
        a_field("a", "int", required=True),
        a_field("b", "int", validate=[
            {"if": "b < a", "error": {"ja": "100%小さいです。", "en": "Too small."}},
            {"if": "b > 100", "error": {"ja": "大きいですが、よいですか。"}, "level": "warning"},
        ]),
    )  # fmt: skip
    assert errors_of(form, {"a": 5, "b": 3}) == {"b": "100%小さいです。"}
    with override("en"):
        assert errors_of(form, {"a": 5, "b": 3}) == {"b": "Too small."}
    sheet = form.evaluate({"a": 5, "b": 300}, today=TODAY)
    assert (sheet.errors, sheet.warnings) == ({}, {"b": "大きいですが、よいですか。"})


def test_either_of_two_fields_can_be_demanded():
    form = a_form(
        a_field(
            "phone",
            "phone",
            validate=[
                {"if": "is_blank(phone) and is_blank(mail)", "error": {"ja": "どちらかを書いてください。"}}
            ],
        ),
        a_field("mail", "email"),
    )
    assert errors_of(form, {}) == {"phone": "どちらかを書いてください。"}
    assert errors_of(form, {"mail": "a@example.jp"}) == {}


def test_an_unticked_box_is_no_but_consent_must_be_given_and_a_required_question_answered():
    form = a_form(a_field("tick", "bool"), a_field("ask", "bool", required=True), a_field("agree", "consent"))
    sheet = form.evaluate({}, today=TODAY)
    assert sheet.values == {"tick": False, "ask": None, "agree": None}
    assert list(sheet.errors) == ["ask", "agree"]
    assert errors_of(form, {"ask": False, "agree": True}) == {}
    assert list(errors_of(form, {"ask": False, "agree": False})) == ["agree"]


def test_an_address_gives_its_parts_to_lookups():
    form = a_form(
        a_field("home", "address", required=True, **{"from": "towns"}),
        a_field("route", "text", calc="lookup(towns, home.town, 'route')"),
    )
    sheet = form.evaluate({"home": {"town": "toyooka", "line": "1"}}, today=TODAY)
    assert sheet.values["route"] == "b"
    assert "番地" in errors_of(form, {"home": {"town": "toyooka"}})["home"]
    assert "選べません" in errors_of(form, {"home": {"town": "atlantis", "line": "1"}})["home"]


def test_today_is_the_day_of_the_case_and_areas_come_from_outside():
    form = a_form(
        a_field("born", "date"),
        a_field("adult", "bool", calc="age_on(born, today()) >= 18"),
        a_field("spot", "point"),
        a_field("area", "text", calc="area_of(routes, spot)"),
    )
    answers = {"born": "2008-11-22", "spot": {"lat": 36.0, "lng": 139.9, "text": ""}}
    seen = []
    context = Context(areas=lambda layer, place: seen.append((layer, place["lat"])) or "k1")
    assert form.evaluate(answers, today=dt.date(2026, 11, 20), context=context).values["adult"] is False
    sheet = form.evaluate(answers, today=dt.date(2026, 11, 22), context=context)
    assert (sheet.values["adult"], sheet.values["area"]) == (True, "k1")
    assert seen[0] == ("routes", 36.0)


def test_a_sum_that_is_too_long_to_reckon_is_an_error_of_its_field_and_not_a_crash():
    form = a_form(
        a_field("since", "date"),
        a_field("days", "int", calc="business_days_between(since, today())"),
        a_field("late", "text", visible_if="default(business_days_between(since, today()), 0) > 5"),
    )
    sheet = form.evaluate({"since": "1000-01-01"}, today=TODAY)
    assert sheet.values["days"] is None
    assert "計算できません" in sheet.errors["days"]
    assert not sheet.is_visible("late")


def test_decimals_are_exact():
    form = a_form(a_field("w", "decimal", required=True, places=2), a_field("d", "decimal", calc="w * 3"))
    sheet = form.evaluate({"w": "0.10"}, today=TODAY)
    assert sheet.values["d"] == Decimal("0.30")
    assert sheet.stored() == {"w": "0.10", "d": "0.30"}


@pytest.mark.parametrize("bad", [5, True, ["x"], {"a": 1}, "a\x00b", "a\u202eb", "\ud800"])
def test_what_a_name_cannot_hold_is_blank_and_an_error(bad):
    sheet = a_form(a_field("name", "name")).evaluate({"name": bad}, today=TODAY)
    assert sheet.values["name"] is None
    assert "name" in sheet.errors
