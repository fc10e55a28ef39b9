"""What a document definition may say, and what is told when it says it wrong."""

from pathlib import Path

import pytest

from machi.engines.definitions.define import DefinitionFault
from machi.engines.definitions.source import read
from machi.engines.documents.compile import check_data, compile_document, run_sample, sample_data
from machi.engines.documents.define import Document
from machi.engines.documents.rules import mask, shown_values

TEMPLATE = "#show: paper\n= 題\n#data.total 円 #name(data.name)\n"
SOURCE = {
    "machi": "1",
    "kind": "document",
    "code": "waste.slip",
    "title": {"ja": "受付票"},
    "template": "slip.typ",
    "data": {"number": "case.number", "name": "name", "total": "total"},
    "shown": ["number", {"key": "name", "label": {"ja": "氏名"}}],
    "number": {"sequence": "slip/{fy}", "format": "{seq:06}"},
}


class Beside:
    """A resolver with one file."""

    def __init__(self, text=TEMPLATE):
        self.text, self.faults = text, []

    def read(self, name):
        assert name == "slip.typ"
        return self.text

    def report(self, fault):
        self.faults.append(fault)


def compiled(resolver=None, **changes):
    return compile_document(Document.model_validate(SOURCE | changes), resolver or Beside())


def test_the_template_is_pinned_in_the_bundle():
    bundle = compiled()
    assert bundle["template"] == TEMPLATE
    assert bundle["paper"] == "A4"
    assert [(line["key"], line["mask"]) for line in bundle["shown"]] == [("number", False), ("name", True)]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"data": {"total": "1 +"}, "shown": []}, ("data", "total")),
        ({"shown": ["nobody"]}, ("shown", 0)),
        ({"number": {"sequence": "slip/{fy}", "format": "第号"}}, ("number", "format")),
        ({"number": {"sequence": "slip/{year}", "format": "{seq}"}}, ("number", "sequence")),
        ({"number": {"sequence": "slip/{seq}", "format": "{seq}"}}, ("number", "sequence")),
        ({"number": {"sequence": "slip", "format": "{seq"}}, ("number", "format")),
    ],
)
def test_a_fault_is_told_with_its_place_and_a_mend(changes, path):
    with pytest.raises(DefinitionFault) as caught:
        compiled(**changes)
    assert caught.value.path == path
    assert caught.value.message


@pytest.mark.parametrize("template", ['#show: paper\n#import "@preview/x:1.0.0": *', "= 題"])
def test_a_template_that_reaches_outside_or_has_no_paper_is_refused(template):
    with pytest.raises(DefinitionFault) as caught:
        compiled(Beside(template))
    assert caught.value.path == ("template",)


def test_a_shown_value_without_label_is_a_warning():
    resolver = Beside()
    compiled(resolver, data={"odd": "name"}, shown=["odd"])
    assert [fault.level for fault in resolver.faults] == ["warning"]


def test_the_expressions_are_checked_against_what_the_case_has():
    bundle = compiled()
    types = {"case": "row{number:text}", "name": "text", "total": "yen"}
    assert check_data(bundle, types) == []
    assert [fault.path for fault in check_data(bundle, types | {"case": "text"})] == [("data", "number")]


def test_a_sample_is_printed_when_publishing():
    bundle = compiled(sample={"name": "見本 太郎", "total": "1600"}) | {"title": {"ja": "受付票"}}
    assert sample_data(bundle) == {"number": None, "name": "見本 太郎", "total": 1600}
    assert run_sample(bundle) == []
    assert "nope" in run_sample(bundle | {"template": TEMPLATE + "#nope"})[0].message


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("山田 太郎", "山○ 太○"),
        ("𠮷田", "𠮷○"),
        ("邊\U000e0112見", "邊\U000e0112○"),
        ("林", "○"),
        ("Maria Conceição", "M○○○○ C○○○○○○"),
        ("", ""),
    ],
)
def test_masks_hide_all_but_the_first_letters(words, masked):
    assert mask(words) == masked


def test_lists_and_blanks_are_never_shown_and_a_booked_day_is_a_date():
    bundle = {"shown": [{"key": key, "label": None, "mask": True} for key in ("a", "b", "c", "d")]}
    data = {"a": ["x"], "b": None, "c": 0, "d": {"id": "1", "day": "2026-12-01", "label": "12月1日"}}
    assert shown_values(bundle, data) == [
        {"key": "c", "label": None, "value": 0},
        {"key": "d", "label": None, "value": {"date": "2026-12-01"}},
    ]


PACKAGED = sorted(Path(__file__).parents[3].glob("packages/municipality/*/documents/*.yaml"))


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_packaged_documents_print_their_sample(path):
    ((source,), _faults) = read(path.read_bytes(), path.name)
    resolver = Beside()
    resolver.read = lambda name: (path.parent / name).read_text(encoding="utf-8")
    bundle = compile_document(Document.model_validate(source), resolver) | {"title": source["title"]}
    assert bundle["sample"]
    assert run_sample(bundle) == []
