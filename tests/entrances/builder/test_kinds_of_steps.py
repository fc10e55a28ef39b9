"""Every kind of step can be made at the screen: what is chosen among words is what the definition says."""

import pytest

from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused
from machi.entrances.builder.views.starting import archetypes

TREE = archetypes()["application"]


def with_step(kind):
    tree = apply("add_step", TREE, {"type": kind, "way": "check.ok"})
    return tree, next(key for key in tree["flow"]["steps"] if key not in TREE["flow"]["steps"])


def step_after(name, tree, key, **said):
    return apply(name, tree, {"key": key, **said})["flow"]["steps"][key]


def test_an_entry_says_which_move_on_which_account_and_how_much():
    tree, key = with_step("enter")
    said = {"move": "book/office.budget reserve", "account": "line.code", "amount": "=", "=amount": "total * 2"}
    tree = apply("add_move", tree, {"key": key, **said})
    opened = {**said, "opens": "=", "=opens": "concat(case.number, ' ', subject)", "of": "line.code"}

    assert tree["flow"]["steps"][key]["moves"] == [
        {"book": "book/office.budget", "move": "reserve", "account": "line.code", "amount": "total * 2"}
    ]
    (move,) = step_after("set_move", tree, key, number="0", **opened)["moves"]
    assert move["opens"] == {"title": "concat(case.number, ' ', subject)", "of": "line.code"}
    assert step_after("remove_move", tree, key, number="0")["moves"] == []
    with pytest.raises(Refused, match="口座"):
        apply("add_move", tree, {"key": key, **said, "account": ""})


def test_who_signs_is_chosen_by_mail_and_name_of_the_same_person():
    tree, key = with_step("cosign")
    tree = apply("add_signer", tree, {"key": key, "role": "guardian", "mail": "email", "name": "name"})
    tree = apply("add_signer", tree, {"key": key, "mail": "others.mail", "name": "others.name"})

    assert tree["flow"]["steps"][key]["who"] == [
        {"role": "guardian", "mail": "email", "name": "name"},
        {"role": "cosigner", "rows": "others", "mail": "mail", "name": "name"},
    ]
    with pytest.raises(Refused, match="同じ人"):
        apply("add_signer", tree, {"key": key, "mail": "others.mail", "name": "name"})
    shown = {"show_listed": "1", "show:name": "1", "statement_ja": "同意します。", "title_ja": "同意", "need": "any"}
    step = step_after("set_step", tree, key, **shown)
    assert (step["show"], step["statement"]["ja"], step["need"]) == (["name"], "同意します。", "any")


def test_a_case_goes_round_to_posts_and_waits_for_them():
    tree, key = with_step("acknowledge")
    tree = apply("add_reader", tree, {"key": key, "post": "reform.chief"})
    tree = apply("add_reader", tree, {"key": key, "post": "reform.chief"})

    assert tree["flow"]["steps"][key]["to"] == ["reform.chief"]
    said = {"title_ja": "供覧", "wait": "1", "due_days": "3", "due_unit": "BD", "units": ""}
    assert step_after("set_step", tree, key, **said) | {"title": 0} == {
        "type": "acknowledge", "title": 0, "to": ["reform.chief"], "wait": "true", "due": "P3BD", "next": "decide",
    }  # fmt: skip


def test_another_route_looks_at_other_things():
    tree, key = with_step("approve")
    kept = step_after("set_step", tree, key, title_ja="決裁", **{"input:item": "=", "=input:item": "'permit'"})
    other = step_after("set_step", tree, key, title_ja="決裁", route="route/x.other", **{"input:item": "'permit'"})

    assert kept["inputs"]["item"] == "'permit'"
    assert other["inputs"] == {}


def test_a_question_begins_with_an_answer_that_can_stand():
    tree = apply("add_field", TREE, {"page": TREE["pages"][0]["key"], "label": "何通", "type": "int"})
    said = {"do": "set_field", "key": "q1", "label_ja": "何通"}

    assert apply("set_field", tree, {**said, "default": "１"})["fields"][-1]["default"] == "1"
    assert "default" not in apply("set_field", tree, {**said, "default": ""})["fields"][-1]
    with pytest.raises(Refused, match="数字"):
        apply("set_field", tree, {**said, "default": "一つ"})


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ("２０２６-０４-０１", "2026-04-01"),
        ("2026/04/01　8:30", None),
        ("2026/04/01 08:30", "2026-04-01T08:30"),
        ("あした", None),
    ],
)
def test_a_period_is_typed_as_people_type_it(posted, kept):
    if kept is None:
        with pytest.raises(Refused, match="2026-04-01"):
            apply("set_period", TREE, {"opens": posted})
    else:
        assert apply("set_period", TREE, {"opens": posted, "closes": ""})["period"] == {"opens": kept}
