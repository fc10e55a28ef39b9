"""Steps are put into ways, moved and taken out; fees are said in words; the picture shows every way."""

import pytest

from machi.entrances.builder.operations.flow import blanks, ways
from machi.entrances.builder.operations.money import amount_of, exemption
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused
from machi.entrances.builder.showing.picture import draw
from machi.entrances.builder.views.starting import archetypes

TREE = archetypes()["application"]


def after(tree, key):
    return [target for way, target, *_rest in ways(tree["flow"]["steps"]) if way.partition(".")[0] == key]


def added(tree, kind, way):
    tree = apply("add_step", tree, {"type": kind, "way": way})
    return tree, next(key for key in tree["flow"]["steps"] if key not in TREE["flow"]["steps"])


def test_a_step_put_into_a_way_leads_on_to_where_the_way_led():
    tree, key = added(TREE, "pay", "decide.granted")

    assert after(tree, "decide") == [key, "refused"]
    assert after(tree, key) == ["paper", "paper"]


@pytest.mark.parametrize("kind", set(blanks()) - {"end"})
def test_a_step_that_was_put_in_can_be_taken_out_again(kind):
    tree, key = added(TREE, kind, "check.ok")

    assert apply("remove_step", tree, {"key": key})["flow"]["steps"] == TREE["flow"]["steps"]


def test_a_step_can_be_moved_behind_another():
    tree = apply("move_step", TREE, {"key": "check", "way": "paper."})

    assert after(tree, "receive") == ["decide"]
    assert after(tree, "paper") == ["check"]
    assert after(tree, "check") == ["done"]


def test_an_end_that_is_still_reached_stays():
    with pytest.raises(Refused):
        apply("remove_step", TREE, {"key": "done"})


def test_outcomes_are_renamed_led_elsewhere_and_added():
    said = {
        "key": "check", "label:ok": "書類がそろっている", "to:ok": "paper", "tone:ok": "primary",
        "new_label": "そろっていない", "new_to": "refused",
    }  # fmt: skip
    outcomes = apply("set_outcomes", TREE, said)["flow"]["steps"]["check"]["outcomes"]

    assert outcomes["ok"]["label"]["ja"] == "書類がそろっている"
    assert outcomes["ok"]["label"]["en"] == "All right"
    assert [one["to"] for one in outcomes.values()] == ["paper", "refused"]


def test_a_way_with_a_condition_stands_before_the_way_for_all_others():
    tree = apply("add_branch", TREE, {"key": "receive", "new_to": "done"})
    said = {"where": "branch:receive:0", "answer": "wish", "kind": "longtext", "how": "filled"}
    tree = apply("add_comparison", tree, said)

    assert tree["flow"]["steps"]["receive"]["next"] == [{"if": "not is_blank(wish)", "to": "done"}, {"to": "check"}]
    assert apply("remove_branch", tree, {"key": "receive", "number": "0"})["flow"] == TREE["flow"]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ({"way": "fixed", "yen": "３００"}, "300"),
        ({"way": "answer", "answer": "total"}, "default(total, 0)"),
        ({"way": "each", "answer": "qty", "yen": "200"}, "default(qty, 0) * 200"),
        ({"way": "text", "text": "total + 100"}, "total + 100"),
    ],
)
def test_a_fee_is_said_in_words_and_read_back(said, amount):
    tree, key = added(TREE, "pay", "decide.granted")
    tree = apply("set_fee", tree, {"key": key, **said})
    step = tree["flow"]["steps"][key]
    free = {"where": f"fee:{key}", "answer": "poor", "kind": "bool", "how": "yes"}
    freed = apply("add_comparison", tree, free)["flow"]["steps"][key]["amount"]

    assert step["amount"] == amount
    assert amount_of(freed)[0] == said["way"]
    assert exemption(freed) == "default(poor, false)"
    assert apply("set_condition", tree, {"where": f"fee:{key}", "text": ""})["flow"]["steps"][key]["amount"] == amount


def test_an_amount_that_is_no_number_is_refused():
    tree, key = added(TREE, "pay", "decide.granted")
    with pytest.raises(Refused, match="数字"):
        apply("set_fee", tree, {"key": key, "way": "fixed", "yen": "三百"})


def test_the_picture_has_every_step_and_every_way_and_no_two_boxes_on_one_place():
    steps = TREE["flow"]["steps"]
    links = [(way.partition(".")[0], to, way) for way, to, *_rest in ways(steps)]
    picture = draw(dict.fromkeys(steps, "段階"), "receive", [*links, ("paper", "check", "戻る")])

    assert {box["key"] for box in picture["boxes"]} == set(steps)
    assert len({(box["x"], box["y"]) for box in picture["boxes"]}) == len(steps)
    assert len(picture["ways"]) == len({(begin, end) for begin, end, _way in links}) + 1
