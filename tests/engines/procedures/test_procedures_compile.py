"""What is wrong with a procedure is found when it is loaded, and said with path and mend."""

import pytest
from small_procedure import compiled, faults, small

from machi.engines.procedures import rules

STEPS = ("flow", "steps")


def spoil(source, path, value):
    """Set (or with `None` delete) the value at a path."""
    *way, last = path
    for part in way:
        source = source[part]
    if value is None:
        del source[last]
    else:
        source[last] = value


WRONG = {
    "the flow must start with an intake": (("flow", "start"), "check", ("flow", "start"), "最初の段階は"),
    "the start must exist": (("flow", "start"), "nowhere", ("flow", "start"), "最初の段階は"),
    "an unknown step": ((*STEPS, "rest", "next"), "nowhere", (*STEPS, "rest"), "「nowhere」という段階"),
    "an unknown step behind an outcome": (
        (*STEPS, "check", "outcomes", "ok", "to"),
        "nowhere",
        (*STEPS, "check"),
        "「nowhere」という段階",
    ),
    "back to the intake": ((*STEPS, "ask", "outcomes", "done"), "receive", (*STEPS, "ask"), "受付へ戻る"),
    "no way for the rest": (
        (*STEPS, "sort", "next"),
        [{"if": "copies > 3", "to": "check"}, {"if": "copies <= 3", "to": "charge"}],
        (*STEPS, "sort", "next"),
        "どの条件にも当てはまらない",
    ),
    "no branches at all": ((*STEPS, "sort", "next"), [], (*STEPS, "sort", "next"), "どの条件にも"),
    "an outcome that nobody handles": (
        (*STEPS, "ask", "outcomes", "expired"),
        None,
        (*STEPS, "ask", "outcomes"),
        "「expired」のときの行き先",
    ),
    "a payment with a due day but no way for the unpaid": (
        (*STEPS, "charge", "outcomes", "expired"),
        None,
        (*STEPS, "charge", "outcomes"),
        "「expired」のときの行き先",
    ),
    "a step nobody reaches": (
        (*STEPS, "lonely"),
        {"type": "end", "title": "孤島", "result": "completed"},
        (*STEPS, "lonely"),
        "へ進む道がありません",
    ),
    "a step without a way to an end": (
        (*STEPS, "rest", "next"),
        "rest",
        (*STEPS, "rest"),
        "から終わりへ進む道がありません",
    ),
    "an unknown field to ask for": (
        (*STEPS, "ask", "fields"),
        ["copys"],
        (*STEPS, "ask", "fields"),
        "「copys」という項目",
    ),
    "bill lines that are no repeated field": (
        (*STEPS, "charge", "lines"),
        "name",
        (*STEPS, "charge", "lines"),
        "repeat の項目ではありません",
    ),
    "bill rows without a fee": (
        ("fields", 3, "fields"),
        [{"key": "item", "type": "text", "label": "品名"}, {"key": "qty", "type": "int", "label": "数"}],
        (*STEPS, "charge", "lines"),
        "「fee」がありません",
    ),
    "a contact field that does not exist": (
        ("contact_fields", "email"),
        "mail",
        ("contact_fields", "email"),
        "「mail」という項目",
    ),
    "a place that is no point": (("place",), "name", ("place",), "point の項目ではありません"),
    "a field of an unknown pool": (
        ("fields", 4, "pool"),
        "pickups",
        ("fields", 4, "pool"),
        "「pickups」という予約枠",
    ),
    "a pool of an unknown table": (
        ("pools", "pickup", "resources"),
        "roads",
        ("pools", "pickup", "resources"),
        "「roads」という表",
    ),
    "a pool whose resource is a number": (
        ("pools", "pickup", "resource"),
        "copies",
        ("pools", "pickup", "resource"),
        "ここには text・choice",
    ),
    "a step named like a field": (
        (*STEPS, "name"),
        {"type": "task", "title": "仕事", "outcomes": {"ok": {"label": "済", "to": "done"}}},
        (*STEPS, "name"),
        "項目の名前でもあります",
    ),
    "a condition that is no condition": (
        (*STEPS, "sort", "next", 0, "if"),
        "copies + 1",
        (*STEPS, "sort", "next", 0, "if"),
        "ここには bool",
    ),
    "a condition over an unknown name": (
        (*STEPS, "sort", "next", 0, "if"),
        "copie > 3",
        (*STEPS, "sort", "next", 0, "if"),
        "copie",
    ),
    "an amount in words": ((*STEPS, "charge", "amount"), "name", (*STEPS, "charge", "amount"), "yen・int"),
    "waiting until a name": ((*STEPS, "rest", "until"), "name", (*STEPS, "rest", "until"), "ここには date"),
    "a subject that is a number": (("subject",), "copies", ("subject",), "ここには text・choice"),
    "a rule to cancel that is no condition": (
        ("cancel", "while"),
        "copies",
        ("cancel", "while"),
        "ここには bool",
    ),
    "a unit by what a later step finds": (("flow", "unit"), "check.ground", ("flow", "unit"), "check"),
    "a setting that is no number": (
        ("settings", "fee", "value"),
        "--3",
        ("settings", "fee", "value"),
        "数ではありません",
    ),
    "a setting above its limit": (
        ("settings", "fee", "value"),
        "501",
        ("settings", "fee", "value"),
        "上限 500",
    ),
    "a fragment that is not in uses": (
        ("fields", 6, "use"),
        "contacts",
        ("fields", 6, "use"),
        "「contacts」",
    ),
    "a scenario that takes an unknown way": (
        ("tests", 0, "take"),
        {"check": "okay"},
        ("tests", 0, "take", "check"),
        "「okay」という結果",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_fault_is_found_with_its_path_and_a_mend(what):
    path, value, told_at, words = WRONG[what]
    source = small()
    spoil(source, path, value)

    found = faults(source)

    assert told_at in [where for where, message, mend in found if words in message and mend], found


def test_the_small_procedure_itself_is_well():
    assert faults(small()) == []


def test_all_faults_are_told_at_once():
    source = small()
    source["flow"]["steps"]["rest"]["next"] = "nowhere"
    source["pools"]["pickup"]["resources"] = "roads"
    source["flow"]["steps"]["ask"]["fields"] = ["copys"]

    assert len(faults(source)) == 3


def test_a_loop_in_which_nobody_acts_is_refused():
    source = small()
    steps = source["flow"]["steps"]
    steps["sort"]["next"] = [{"if": "copies > 3", "to": "round"}, {"to": "check"}]
    steps["round"] = {
        "type": "branch",
        "title": "輪",
        "next": [{"if": "copies > 9", "to": "sort"}, {"to": "done"}],
    }

    found = faults(source)

    assert {where for where, message, _ in found if "回り続けます" in message} == {
        (*STEPS, "sort"),
        (*STEPS, "round"),
    }


def test_a_loop_through_a_person_is_allowed():
    assert rules.spinning(compiled(small())["flow"]["steps"]) == set()


def test_a_document_that_shows_what_the_procedure_does_not_ask_is_refused():
    from small_procedure import PAPER, Resolver

    from machi.engines.definitions.define import DefinitionFault
    from machi.engines.procedures.compile import compile_procedure
    from machi.engines.procedures.define import Procedure

    resolver = Resolver()
    resolver.known["document/test.paper"] = {
        "code": "test.paper",
        "data": {**PAPER["data"], "x": "said.roads"},
    }

    with pytest.raises(DefinitionFault) as fault:
        compile_procedure(Procedure.model_validate(small()), resolver)

    assert fault.value.path == (*STEPS, "paper", "document")
    assert "document/test.paper" in fault.value.message and "said.roads" in fault.value.message


def test_faults_in_the_form_of_a_step_name_the_step():
    source = small()
    source["flow"]["steps"]["check"]["fields"][0]["visible_if"] = "grounds == 'x'"

    assert faults(source)[0][0] == (*STEPS, "check", "fields", 0, "visible_if")


def test_what_a_case_needs_later_is_in_the_bundle():
    bundle = compiled(small())

    assert set(bundle["used"]) == {
        "calendar/calendar.office",
        "document/test.paper",
        *(f"notice/general.{one}" for one in ("receipt", "correction", "decided", "document_ready", "withdrawn")),
        *(f"notice/general.{one}" for one in ("reminder", "merged")),
    }
    assert bundle["settings"] == {"fee": 300}


def test_a_fault_in_a_file_of_the_city_names_file_and_line(tmp_path):
    from fixtures.databases import ROOT
    from machi.engines.definitions.public import check

    path = tmp_path / "waste" / "procedures" / "bulky_pickup.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "machi: 1\nkind: overlay\nbase: procedure/waste.bulky_pickup\nset:\n  flow.steps.charge.amount: spot\n",
        encoding="utf-8",
    )

    found = check([ROOT / "packages/municipality", ROOT / "cities/joso", tmp_path])

    mine = [fault for fault in found if "spot" in fault.message]
    assert mine and mine[0].file.endswith("bulky_pickup.yaml") and mine[0].line == 5, found


DECIDE = {
    "type": "decide",
    "title": "決定",
    "legal_basis": "見本法 第1条",
    "appeal": "不服があるときは…",
    "outcomes": {
        "no": {"label": "認めない", "to": "refused", "result": "refused"},
        "ok": {"label": "認める", "to": "done"},
    },
}


@pytest.mark.parametrize(
    ("without", "more", "message"),
    [
        ("legal_basis", {}, "認めない決定ができるのに、根拠（legal_basis）がありません。"),
        ("appeal", {}, "認めない決定ができるのに、不服申立ての教示（appeal）がありません。"),
        ("appeal", {"no_appeal": "処分に当たらない"}, None),
    ],
)
def test_who_is_refused_must_read_by_what_law_and_how_to_appeal(without, more, message):
    source = small() | {"audience": "public"}
    step = {key: said for key, said in DECIDE.items() if key != without} | more
    source["flow"]["steps"]["check"] = step
    del source["flow"]["steps"]["ask"]
    source["cancel"]["while"] = "true"

    found = [fault[1] for fault in faults(source)]

    assert [one for one in found if "認めない決定" in one] == ([message] if message else [])
