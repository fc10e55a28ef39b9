"""Whatever JSON comes as answers and whatever is posted: no crash, the same result every time, hidden means
blank.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from questions_forms import TODAY, a_field, a_form, a_page, bulky_form, query, read

from machi.engines.questions.public import accept

FORM = bulky_form()
KEYS = [*FORM.questions, "_typed", "_from", "lines._rows", "", "constructor"]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "\x00",
            "\ud800",
            "𠮷",
            "神",
            "2026-02-30",
            "0000-00-00",
            "9999-12-31",
            "1e999",
            "NaN",
            "sofa",
            "a" * 30_000,
            "%s%(label)s",
        ]
    ),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS,
    st.sampled_from([10**400, -(10**30), "sofa", "mitsukaido_suwa"]),
)  # fmt: skip
ANSWER_NAMES = st.sampled_from(
    ["_id", "item", "qty", "photo", "lat", "lng", "text", "postal", "town", "line", "id", "day", "", "year"]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.one_of(ANSWER_NAMES, TEXTS), inner, max_size=5)
    ),
    max_leaves=12,
)
ANSWERS = st.one_of(JSON, st.dictionaries(st.one_of(st.sampled_from(KEYS), TEXTS), JSON, max_size=12))
TYPED = st.dictionaries(
    st.one_of(st.sampled_from(["name", "birth", "lines.r1.qty", "home", "place", "exempt"]), TEXTS),
    st.one_of(
        JSON,
        st.dictionaries(
            st.sampled_from(["", "year", "month", "town", "lat"]), st.lists(TEXTS, max_size=3), max_size=3
        ),
    ),
    max_size=5,
)
CALM = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(ANSWERS, TYPED)
def test_any_json_is_judged_without_a_crash_and_twice_the_same(answers, typed):
    if isinstance(answers, dict):
        answers = {**answers, "_typed": typed}
    first = FORM.evaluate(answers, today=TODAY)
    second = FORM.evaluate(answers, today=TODAY)
    assert first.values == second.values
    assert first.errors == second.errors
    assert first.stored() == second.stored()
    assert set(first.errors) <= set(first.visible)
    json.dumps(first.stored(), allow_nan=False).encode()


@CALM
@given(ANSWERS)
def test_what_would_be_submitted_is_submitted_the_same_again(answers):
    sheet = FORM.evaluate(answers, today=TODAY)
    again = FORM.evaluate(sheet.stored(), today=TODAY)
    assert FORM.evaluate(again.stored(), today=TODAY).stored() == again.stored()
    if not sheet.broken:
        assert again.stored() == sheet.stored()


@CALM
@given(ANSWERS)
def test_what_would_be_submitted_can_be_stored_in_the_database(answers):
    text = json.dumps(FORM.evaluate(answers, today=TODAY).stored(), ensure_ascii=False)
    assert "\x00" not in text
    text.encode("utf-8")


@CALM
@given(JSON, JSON, st.integers(-50, 50))
def test_a_hidden_value_never_influences_anything(one, other, number):
    form = a_form(
        a_field("show", "bool"),
        a_field(
            "hidden",
            "int",
            visible_if="show",
            validate=[{"if": "default(hidden, 0) > 3", "error": {"ja": "大"}}],
        ),
        a_field("rows", "repeat", visible_if="show", fields=[{"key": "m", "type": "int", "label": "m"}]),
        a_field("paged", "int"),
        a_field("n", "int"),
        a_field("total", "int", calc="default(hidden, 0) + sum(rows, m) + default(paged, 0)"),
        a_field(
            "after", "text", visible_if="is_blank(hidden) and is_blank(paged)", required_if="count(rows) == 0"
        ),
        pages=[
            a_page("p", "show", "hidden", "rows", "n", "total", "after"),
            a_page("q", "paged", visible_if="show"),
        ],
    )
    base = {"show": False, "n": number, "after": "x"}
    sheets = [
        form.evaluate({**base, "hidden": value, "paged": value, "rows": [{"m": value}]}, today=TODAY)
        for value in (one, other, number)
    ]
    assert all(sheet.values == sheets[0].values and sheet.errors == sheets[0].errors for sheet in sheets)
    assert sheets[0].values["total"] == 0


@CALM
@given(
    st.dictionaries(
        st.one_of(
            st.sampled_from([*KEYS, "_asked", "birth-year", "home-town", "lines.r1.qty", "_do", "_lang"]),
            TEXTS,
        ),
        st.lists(TEXTS, max_size=3),
        max_size=10,
    ),
    st.sampled_from(["you", "items", "rest"]),
)
def test_any_post_is_read_without_a_crash_and_the_result_can_be_stored(lists, page):
    reading = read(FORM, page, lists)
    text = json.dumps(reading.answers)
    assert "\\u0000" not in text
    assert "\\ud8" not in text.lower() or json.loads(text) == json.loads(text.encode().decode())
    json.dumps(reading.answers, ensure_ascii=False).encode("utf-8")
    assert reading.did in ("next", "save") or reading.did.split(":")[0] in (
        "add",
        "remove",
        "drop",
        "lang",
        "back",
        "later",
        "live",
    )
    FORM.evaluate(reading.answers, today=TODAY)


@CALM
@given(ANSWERS)
@pytest.mark.django_db
def test_other_programs_get_answers_or_errors_for_any_json(data):
    found = accept(FORM.bundle, data, today=TODAY)
    assert all(isinstance(message, str) and message for message in found.errors.values())
    if not isinstance(data, dict):
        assert found.errors


def test_thousands_of_keys_and_deep_nests_are_only_ignored():
    deep = json.loads("[" * 900 + "]" * 900)
    answers = {
        **{f"k{n}": n for n in range(50_000)},
        "name": deep,
        "lines": [deep] * 10_000,
        "home": {"town": deep},
    }
    sheet = FORM.evaluate(answers, today=TODAY)
    assert sheet.values["name"] is None
    assert "3件まで" in sheet.errors["lines"]


@pytest.mark.parametrize("key", ["name", "weight", "birth", "exempt", "place", "lines", "home", "reason"])
def test_a_number_of_five_thousand_digits_is_only_wrong(key):
    huge = 10**5000
    sheet = FORM.evaluate({key: huge, "place": {"lat": huge, "lng": huge, "text": ""}}, today=TODAY)
    assert sheet.values["place"] is None


def test_ten_thousand_rows_in_a_post_stay_bounded():
    rows = [f"r{n}" for n in range(10_000)]
    reading = read(FORM, "items", {"_asked": ["lines"], "lines._rows": rows})
    assert len(reading.answers["lines"]) <= 201


def test_a_posted_file_id_is_no_file():
    reading = read(FORM, "rest", {"_asked": ["exempt", "proof"], "exempt": "yes", "proof": "0" * 32})
    assert "proof" not in reading.answers


def test_sums_and_notes_cannot_be_posted():
    form = a_form(
        a_field("a", "int"), a_field("twice", "int", calc="default(a, 0) * 2"), a_field("n", "note")
    )
    reading = read(form, "p", {"_asked": ["a", "twice", "n"], "a": "2", "twice": "900", "n": "x"})
    assert reading.answers == {"a": 2}
    assert form.evaluate({**reading.answers, "twice": 900}, today=TODAY).values["twice"] == 4


def test_a_question_mark_of_python_formatting_in_words_is_only_text():
    form = a_form(a_field("a", "int", label={"ja": "100%(x)s %s"}, required=True))
    assert "100%(x)s %s" in form.evaluate({}, today=TODAY).errors["a"]
    assert query({"a": ["1"]}).get("a") == "1"
