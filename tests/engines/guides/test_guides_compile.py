"""What is wrong with a guide is found when it is loaded, and said in a sentence with its place."""

import pytest
from pydantic import ValidationError
from small_guide import compiled, small

from machi.engines.guides.define import Guide
from machi.engines.guides.rules import said
from machi.engines.guides.scenarios import run_scenarios

DOG, MOVE = ("tasks", 0), ("tasks", 1)
WRONG = {
    "a condition over an unknown name": ((*DOG, "if"), "'dog' in whom", (*DOG, "if"), "whom"),
    "a condition that is no condition": ((*DOG, "if"), "1 + 1", (*DOG, "if"), "bool が必要"),
    "a thing that is in no table": ((*MOVE, "bring"), ["kard"], (*MOVE, "bring", 0), "「kard」は、表 things"),
    "an office that is in no table": ((*DOG, "elsewhere"), "vett", (*DOG, "elsewhere"), "表 offices"),
    "a visit that is in no table": ((*MOVE, "together"), "halll", (*MOVE, "together"), "表 visits"),
    "elsewhere without a place": ((*DOG, "elsewhere"), None, (*DOG, "where"), "そろっていません"),
    "a due day without its beginning": ((*MOVE, "due"), {"within": "P14D"}, (*MOVE, "due"), "within と from"),
    "a due day from something else": ((*MOVE, "due", "from"), "who", (*MOVE, "due", "from"), "日付の項目では"),
    "two tasks of one name": ((*DOG, "key"), "move", (*MOVE, "key"), "二度使われています"),
    "an amount that is no setting": ((*MOVE, "why"), "{$settings.grand}円", MOVE, "「grand」という設定"),
    "a test of an unknown task": (
        ("tests", 0, "expect", "tasks"), ["move", "cat"], ("tests", 0, "expect"), "「cat」という課題",
    ),
    "a fragment that is not in uses": (("fields", 1), {"use": "you"}, ("fields", 1, "use"), "「you」"),
}  # fmt: skip


def spoil(source, path, value):
    """Set the value at a path."""
    *way, last = path
    for part in way:
        source = source[part]
    source[last] = value


@pytest.mark.parametrize(("path", "value", "where", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_fault_is_told_with_its_place(path, value, where, words):
    source = small()
    spoil(source, path, value)

    _bundle, faults = compiled(source)

    assert [message for at, message, level in faults if at == where and words in message and level == "error"]


def test_the_small_guide_has_no_fault_and_passes_its_test():
    bundle, faults = compiled(small())

    assert faults == []
    assert run_scenarios(bundle) == []


@pytest.mark.parametrize("code", ["test.gone", "test.inside"])
def test_a_procedure_that_residents_cannot_use_is_a_warning(code):
    source = small()
    source["tasks"][1]["procedure"] = code

    bundle, faults = compiled(source)

    assert bundle is not None
    assert [(path, level) for path, _message, level in faults] == [((*MOVE, "procedure"), "warning")]


def test_a_task_that_no_test_shows_is_a_warning():
    source = small()
    source["tests"] = []

    assert [(path, level) for path, _message, level in compiled(source)[1]] == [(DOG, "warning"), (MOVE, "warning")]


def test_a_scenario_says_which_tasks_and_days_differ():
    source = small()
    source["tests"][0]["expect"] = {"tasks": ["move"], "due": {"move": "2026-11-14"}}
    bundle, _faults = compiled(source)

    tasks, day = run_scenarios(bundle)

    assert "余分: ['dog']" in tasks.message
    assert "2026-11-14 のはずですが、2026-11-15 でした" in day.message


def test_a_length_of_time_must_be_one():
    source = small()
    source["tasks"][1]["due"]["within"] = "14 days"

    with pytest.raises(ValidationError, match="期間ではありません"):
        Guide.model_validate(source)


@pytest.mark.parametrize(("language", "words"), [("ja", "50,000円です。"), ("pt-br", "50.000 ienes.")])
def test_an_amount_is_written_as_readers_of_the_language_write_it(language, words):
    text = {"ja": "{$settings.grant}円です。", "pt-BR": "{$settings.grant} ienes."}

    assert said(text, {"grant": 50000}, language) == words
