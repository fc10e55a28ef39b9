"""The file plan: checked when it is written, changed by a city, chosen from by procedures."""

import copy

from fixtures.databases import ROOT
from fixtures.papers import INQUIRY
from machi.engines.definitions.define import DefinitionFault
from machi.engines.definitions.public import current
from machi.engines.filing import public as filing
from machi.engines.filing import rules
from machi.engines.filing.compile import compile_plan, plan_compat
from machi.engines.filing.define import FilePlan

SMALL = {
    "machi": 1, "kind": "file_plan", "code": "test.plan", "title": "基準表",
    "numbers": {
        "received": {"sequence": "received/{unit}/{fy}", "format": "{sign}収第{seq}号"},
        "issued": {"sequence": "issued/{unit}/{fy}", "format": "{sign}第{seq}号"},
    },
    "sections": {
        "01": {
            "title": "総務",
            "groups": {
                "02": {
                    "title": "庶務",
                    "classes": {
                        "03": {"title": "照会", "keep": "3", "cases": True},
                        "04": {"title": "収集", "keep": "5", "units": ["environment"], "cases": True},
                    },
                }
            },
        }
    },
}  # fmt: skip


class Resolver:
    def __init__(self):
        self.faults = []

    def every(self, kind):
        return [{"units": [{"code": "environment"}, {"code": "roads"}]}]

    def report(self, fault):
        self.faults.append(fault)


def compiled(source):
    return compile_plan(FilePlan.model_validate(source), Resolver())


def faults(source):
    resolver = Resolver()
    try:
        compile_plan(FilePlan.model_validate(source), resolver)
    except DefinitionFault as fault:
        return [(".".join(map(str, one.path)), one.message) for one in (*resolver.faults, fault)]
    return []


def spoilt(change):
    source = copy.deepcopy(SMALL)
    change(source, source["sections"]["01"]["groups"]["02"]["classes"])
    return source


def test_a_class_is_named_by_its_three_keys_and_says_what_stands_above_it():
    one = rules.class_of(compiled(SMALL), "010203")

    assert (rules.class_title(one), rules.spelled("010203")) == ("総務 > 庶務 > 照会", "01-02-03")


def test_cases_go_where_the_unit_says_and_else_where_all_go():
    bundle = compiled(SMALL)

    assert rules.class_for_cases(bundle, "environment")["key"] == "010204"
    assert rules.class_for_cases(bundle, "roads")["key"] == "010203"
    assert [one["key"] for one in rules.classes_for(bundle, "roads")] == ["010203"]


def test_a_unit_that_is_not_there_two_places_for_cases_and_none_are_faults():
    place = "sections.01.groups.02.classes"

    assert faults(spoilt(lambda _s, c: c["04"].update(units=["nowhere"]))) == [
        (f"{place}.04.units.0", "課「nowhere」がありません。")
    ]
    assert faults(spoilt(lambda _s, c: c["04"].update(units=[]))) == [
        (f"{place}.04.cases", "すべての課の案件を収める小分類が、ほかにもあります。")
    ]
    assert faults(spoilt(lambda _s, c: c["03"].update(cases=False))) == [
        ("sections", "どの課の案件でも収められる小分類がありません。")
    ]


def test_a_number_without_its_running_part_is_a_fault():
    source = spoilt(lambda s, _c: s["numbers"]["received"].update(format="{sign}号"))

    assert faults(source) == [("numbers.received.format", "通し番号 {seq} がありません。")]


def test_taking_a_class_away_breaks_what_is_filed_under_it():
    old, new = compiled(SMALL), compiled(spoilt(lambda _s, c: c.pop("04")))

    assert (plan_compat(old, new), plan_compat(new, old), plan_compat(old, old)) == ("breaking", "additive", "none")


def test_the_plan_of_the_package_is_in_force_and_gives_forms_their_choices(joso):
    assert filing.class_title(filing.class_of(filing.plan(), INQUIRY)) == "総務 > 庶務 > 照会・回答・報告"
    assert filing.plan() == current("file_plan", "office.file_plan").bundle
    assert {"key", "label", "group"} <= set(filing.plan()["options"][0])


def test_a_city_changes_a_class_and_adds_one_by_overlay(tmp_path):
    from machi.engines.definitions.library import Library

    (tmp_path / "office").mkdir()
    (tmp_path / "office/plan.yaml").write_text(
        "machi: 1\nkind: overlay\ncode: office.file_plan_here\nbase: office.file_plan\n"
        "set: {sections.01.groups.03.classes.01.keep: 5}\n"
        'add: [{at: sections.01.groups.03.classes, put: {"20": {title: 庁舎の見学, keep: 1}}}]\n',
        "utf-8",
    )
    library = Library([ROOT / "packages/municipality", ROOT / "cities/joso", tmp_path])
    library.compile_all()

    bundle = library.entries["file_plan", "office.file_plan"].compiled.bundle
    assert rules.class_of(bundle, INQUIRY)["keep"] == "5"
    assert rules.class_of(bundle, "010320")["label"]["ja"] == "庁舎の見学"
