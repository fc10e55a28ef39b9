"""A table of powers is refused where it leaves out a case, covers one twice, or asks whom there is not."""

import copy

import pytest

from machi.engines.approvals.compile import compile_route
from machi.engines.approvals.compile import test_route as run_tests
from machi.engines.approvals.define import Route
from machi.engines.definitions.define import DefinitionFault

TABLE = {
    "machi": 1,
    "kind": "route",
    "code": "test.route",
    "title": "別表",
    "inputs": {
        "item": {"type": "choice", "label": "事項", "options": {"goods": "物品", "works": "委託"}},
        "amount": {"type": "yen", "label": "金額"},
    },
    "rows": [
        {"rule": "1の項", "when": {"amount": {"below": 500_000}}, "levels": [[{"post": "chief"}]]},
        {"rule": "2の項", "when": {"amount": {"from": 500_000}},
         "levels": [[{"post": "chief"}], [{"post": "director"}]]},
    ],
}  # fmt: skip


class Resolver:
    def __init__(self):
        self.faults = []

    def every(self, kind):
        posts = ("roads.chief", "roads.clerk", "works.director", "reform.chief")
        return [{"posts": [{"code": code} for code in posts]}] if kind == "organisation" else []

    def report(self, fault):
        self.faults.append(fault)


def faults(source):
    resolver = Resolver()
    try:
        compile_route(Route.model_validate(source), resolver)
    except DefinitionFault as fault:
        resolver.faults.append(fault)
    return [(tuple(fault.path), str(fault)) for fault in resolver.faults]


@pytest.fixture
def table():
    return copy.deepcopy(TABLE)


def test_a_whole_table_has_no_fault(table):
    assert faults(table) == []


def test_a_gap_is_named_with_its_amounts_and_its_choice(table):
    table["rows"][1]["when"] = {"amount": {"from": 1_000_000}}
    table["rows"].append(
        {"rule": "3の項", "when": {"item": ["goods"], "amount": {"from": 500_000, "below": 1_000_000}},
         "levels": [[{"post": "chief"}]]}
    )  # fmt: skip

    assert faults(table) == [(("rows",), "50万円以上100万円未満の「委託」に当てはまる行がありません。")]


def test_a_gap_over_several_bounds_is_one_fault(table):
    table["rows"][1]["when"] = {"item": ["goods"], "amount": {"from": 500_000}}
    table["rows"].append(
        {"rule": "3の項", "when": {"item": ["works"], "amount": {"from": 3_000_000}}, "levels": [[{"post": "chief"}]]}
    )

    assert [words for _path, words in faults(table)] == ["50万円以上300万円未満の「委託」に当てはまる行がありません。"]


def test_an_overlap_of_one_yen_is_found_and_both_rows_are_named(table):
    table["rows"][0]["when"] = {"amount": {"below": 500_001}}

    assert {words for _path, words in faults(table)} == {
        f"50万円以上500,001円未満の「{item}」に、「1の項」と「2の項」の両方が当てはまります。"
        for item in ("物品", "委託")
    }


def test_a_post_that_does_not_exist_is_told_where_it_is_written(table):
    table["rows"][1]["levels"][1][0]["post"] = "minister"

    assert faults(table) == [(("rows", 1, "levels", 1, 0, "post"), "職「minister」がありません。")]


def test_a_loop_is_refused(table):
    table["rows"][1]["levels"].append([{"post": "chief"}])

    assert faults(table)[0] == (
        ("rows", 1, "levels", 2, 0, "post"),
        "職「chief」が同じ決裁ルートに2回出てきます。",
    )


def test_the_table_tests_itself(table):
    table["tests"] = [
        {"name": "80万円は部長専決", "given": {"item": "works", "amount": 800_000}, "levels": [["chief"]]}
    ]
    bundle = compile_route(Route.model_validate(table), Resolver())

    assert "テスト「80万円は部長専決」" in str(run_tests(bundle)[0])
