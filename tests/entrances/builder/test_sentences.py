"""Conditions as sentences: what is said comes back the same, and what no sentence says stays as it was."""

import pytest

from machi.entrances.builder import sentences
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused

SAID = {
    "exempt": [[("exempt", "yes", "")]],
    "default(exempt, false)": [[("exempt", "yes", "")]],
    "not default(exempt, false)": [[("exempt", "no", "")]],
    "kind == 'body'": [[("kind", "is", "body")]],
    "default(kind != 'body', false)": [[("kind", "is_not", "body")]],
    "'home' in want": [[("want", "has", "home")]],
    "not ('home' in want)": [[("want", "lacks", "home")]],
    "count(lines) >= 2": [[("lines", "count_at_least", "2")]],
    "amount > 1000": [[("amount", "above", "1000")]],
    "-5 <= amount": [[("amount", "at_least", "-5")]],
    "day < date('2026-04-01')": [[("day", "below", "2026-04-01")]],
    "day >= today()": [[("day", "at_least", "today")]],
    "not is_blank(note)": [[("note", "filled", "")]],
    "contains(note, '犬')": [[("note", "contains", "犬")]],
    "exempt and (kind == 'a' or kind == 'b')": [
        [("exempt", "yes", "")],
        [("kind", "is", "a"), ("kind", "is", "b")],
    ],
}


def parts(condition):
    return [[(one.answer, one.how, one.value) for one in part] for part in condition.parts]


@pytest.mark.parametrize("text", SAID)
def test_a_condition_is_read_as_sentences(text):
    assert parts(sentences.read(text)) == SAID[text]


@pytest.mark.parametrize("text", SAID)
def test_sentences_that_are_not_touched_write_the_same_condition(text):
    written = sentences.write(sentences.read(text))

    assert sentences.write(sentences.read(written)) == written
    assert parts(sentences.read(written)) == SAID[text]


@pytest.mark.parametrize("kind", sentences.HOWS)
def test_every_sentence_that_is_offered_comes_back_as_it_was_said(kind):
    value = {"date": "2026-04-01", "repeat": "3"}.get(kind, "12")
    for how in sentences.hows_of(kind):
        said = "" if how in sentences.BARE else value
        text = sentences.expression(kind, how, "thing", said)
        assert parts(sentences.read(text)) == [[("thing", how, said)]]


TREE = {
    "fields": [
        {"key": "a", "type": "bool"},
        {"key": "b", "type": "choice"},
        {"key": "c", "type": "text", "visible_if": "lookup(things, b, 'dear') and a"},
    ],
    "pages": [{"key": "p", "fields": ["a", "b", "c"]}],
}
WHERE = "field:c:visible_if"


def test_what_no_sentence_says_is_kept_beside_what_is_added():
    tree = apply("add_comparison", TREE, {"where": WHERE, "answer": "b", "kind": "choice", "how": "is", "value": "x"})
    assert tree["fields"][2]["visible_if"] == "lookup(things, b, 'dear') and a and b == 'x'"

    tree = apply(
        "add_comparison",
        tree,
        {"where": WHERE, "answer": "b", "kind": "choice", "how": "is", "value": "y", "into": "2"},
    )
    assert tree["fields"][2]["visible_if"] == "lookup(things, b, 'dear') and a and (b == 'x' or b == 'y')"

    tree = apply("remove_comparison", tree, {"where": WHERE, "place": "1.0"})
    assert tree["fields"][2]["visible_if"] == "lookup(things, b, 'dear') and (b == 'x' or b == 'y')"

    tree = apply("join_comparisons", tree, {"where": WHERE, "join": "or"})
    assert tree["fields"][2]["visible_if"] == "lookup(things, b, 'dear') or b == 'x' and b == 'y'"


def test_a_text_that_cannot_be_read_is_refused_with_the_place_of_the_fault():
    with pytest.raises(Refused, match="文字目"):
        apply("set_condition", TREE, {"where": WHERE, "text": "a and ("})
    assert apply("set_condition", TREE, {"where": WHERE, "text": ""})["fields"][2].get("visible_if") is None


def test_a_sentence_without_a_value_is_refused():
    with pytest.raises(Refused):
        apply("add_comparison", TREE, {"where": WHERE, "answer": "b", "kind": "choice", "how": "is", "value": ""})
