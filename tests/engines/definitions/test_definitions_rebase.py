"""Overlays and a base that changes: what nobody touched follows, what both touched is told and decided by people."""

import json

import pytest

from machi.engines.definitions import public
from machi.engines.definitions.library import Library

NAME, LIST = "waste/slips/pickup.yaml", "waste/choices/items.yaml"


@pytest.fixture
def city(folder):
    """city(overlay) → the overlay is written and recorded; then `city.base(before, after)` changes the package."""

    def written(text, base="slip/waste.pickup", name=NAME):
        folder.write(f"machi: 1\nkind: overlay\nbase: {base}\n{text}", name, home="city")
        public.write_locks(public.footings(folder.folders))
        assert [one.state for one in public.footings(folder.folders)] == ["same"]

    first = {name: (folder.package / name).read_text() for name in (NAME, LIST)}

    def base(*changes, name=NAME):
        """The package's file as it was at first, with each (before, after)."""
        text = first[name]
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        folder.write(text, name)

    written.base, written.errors = base, folder.errors
    written.conflicts = lambda: [
        (one.address, one.before, one.now, one.ours)
        for footing in public.footings(folder.folders)
        for one in footing.conflicts
    ]
    written.source = lambda: Library(folder.folders).entries["slip", "waste.pickup"].tree
    written.folders, written.lock = folder.folders, folder.city / "overlays.lock"
    return written


def test_what_the_city_did_not_touch_follows_and_its_changes_stay(city):
    city("set: {settings.pay_days: 7}\nhide: [lines.photo]")
    city.base(("出す場所", "置いておく場所"))

    assert [one.state for one in public.footings(city.folders)] == ["follows"]
    assert city.errors() == []
    tree = city.source()
    assert tree["fields"][0]["label"] == "置いておく場所"
    assert tree["settings"]["pay_days"]["value"] == "7"


def test_a_label_that_both_changed_is_a_conflict_with_all_three_values(city):
    city("set: {fields.place.label.ja: 収集場所}")
    city.base(("出す場所", "置いておく場所"))

    assert city.conflicts() == [("fields.place.label.ja", "「出す場所」", "「置いておく場所」", "「収集場所」")]
    (fault,) = city.errors()
    assert (fault.file.endswith(NAME), fault.line) == (True, 4)
    assert "「出す場所」から「置いておく場所」に変わりました（この市は「収集場所」）" in fault.message
    assert Library(city.folders).entries["slip", "waste.pickup"].held


def test_a_hidden_field_that_disappeared_or_changed_is_a_conflict(city):
    city("hide: [lines.photo]")
    city.base(("label: 写真", "label: 大きさの写真"))
    assert city.conflicts() == [("lines.photo", "「写真」", "項目「写真」の名前: 「写真」 → 「大きさの写真」", "隠す")]

    city.base(("      - {key: photo, type: file, label: 写真}\n", ""))
    assert city.conflicts() == [("lines.photo", "「写真」", None, "隠す")]
    assert "もとの定義からなくなりました" in city.errors()[0].message


def test_a_fee_that_both_changed_is_told_in_yen(city):
    city("set: {options.sofa.fee: 900}", base="choices/waste.items", name=LIST)
    city.base(("fee: 800", "fee: 850"), name=LIST)

    assert city.conflicts() == [("options.sofa.fee（手数料）", "800円", "850円", "900円")]


def test_an_option_that_was_removed_is_a_conflict(city):
    city("set: {options.chair.fee: 300}", base="choices/waste.items", name=LIST)
    chair = "  - {key: chair, label: {ja: いす, en: Chair}, fee: 400, weight: 1}\n"
    city.base((chair, ""), name=LIST)

    assert city.conflicts() == [("options.chair.fee（手数料）", "400円", None, "300円")]


def test_an_anchor_that_vanished_and_a_name_taken_by_the_base_are_told(city):
    city("add: [{after: note, field: {key: gate, type: text, label: 門の番号}}]")
    note = "  - {key: note, type: text, label: {ja: 備考}, max: 100}\n"
    city.base((note, ""), ("[lines, note]", "[lines]"))
    assert city.conflicts() == [("note", "あり", None, "ここに足す")]

    city.base((note, f"{note}  - {{key: gate, type: text, label: 門}}\n"))
    assert city.conflicts() == []
    assert "「gate」はすでにあります" in city.errors()[0].message


def test_a_new_label_of_an_anchor_is_no_conflict(city):
    city("add: [{after: note, field: {key: gate, type: text, label: 門の番号}}]")
    city.base(("備考", "その他"))

    assert (city.conflicts(), city.errors()) == ([], [])


def test_a_list_that_both_replaced_is_a_conflict(city):
    city("replace_uses: {items: choices/waste.items}")
    city.base(("choices/waste.items", "choices/waste.things"))

    assert city.conflicts() == [
        ("uses.items", "「choices/waste.items」", "「choices/waste.things」", "「choices/waste.items」")
    ]


def test_a_decision_to_keep_is_recorded_and_what_is_gone_cannot_be_kept(city):
    city("set: {fields.place.label.ja: 収集場所}")
    city.base(("出す場所", "置いておく場所"))
    assert public.write_locks(public.footings(city.folders)) == []
    assert city.errors()

    assert public.write_locks(public.footings(city.folders), keep=[NAME]) == [NAME]
    assert city.errors() == []
    assert city.source()["fields"][0]["label"] == {"ja": "収集場所"}
    city.base(("key: place", "key: spot"), ("fields: [place]", "fields: [spot]"))
    with pytest.raises(ValueError, match=NAME):
        public.write_locks(public.footings(city.folders), keep=[NAME])


def test_a_line_taken_out_of_the_overlay_settles_its_conflict(city, folder):
    city("set: {fields.place.label.ja: 収集場所, settings.pay_days: 7}")
    city.base(("出す場所", "置いておく場所"))
    folder.overlay("set: {settings.pay_days: 7}")

    assert city.errors() == []
    assert city.source()["fields"][0]["label"] == "置いておく場所"


def test_an_overlay_nobody_recorded_is_warned_of_where_records_are_kept(city, folder):
    city("set: {settings.pay_days: 7}")
    folder.overlay("set: {title: 申込み}", name="waste/slips/more.yaml")

    (warning,) = [fault for fault in folder.check() if "記録されていません" in fault.message]
    assert warning.level == "warning"
    assert city.errors() == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"digest": 1, "said": {}}}', '"x"'])
def test_a_record_that_cannot_be_read_is_a_fault_of_its_own(city, text):
    city("set: {settings.pay_days: 7}")
    city.lock.write_text(text)

    assert "上書きの記録を読めません" in city.errors()[0].message


def test_the_record_says_what_the_base_said(city):
    city("set: {settings.pay_days: 7}\nhide: [lines.photo]")

    (record,) = json.loads(city.lock.read_text()).values()
    assert record["base"] == "slip/waste.pickup"
    assert record["said"]["set settings.pay_days"] == {"value": "3"}


@pytest.mark.django_db
def test_nothing_of_a_conflict_is_loaded(city):
    from machi.engines.audit.define import SYSTEM

    city("set: {fields.place.label.ja: 収集場所}")
    public.load(folders=city.folders, actor=SYSTEM)
    city.base(("出す場所", "置いておく場所"))
    report = public.load(folders=city.folders, actor=SYSTEM)

    assert (report.changed, report.held) == ([], ["slip/waste.pickup"])
    assert public.current("slip", "waste.pickup").number == 1
