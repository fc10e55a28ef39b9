"""A city changes words, fees, settings, fields of a package's definition, and is told what does not exist."""

# ruff: noqa: E501 tables of faults are read line by line

import pytest

from machi.engines.definitions.library import Library


def compiled(folder, kind="slip", code="waste.pickup"):
    library = Library(folder.folders)
    faults = library.compile_all()
    assert [str(fault) for fault in faults] == []
    return library.entries[kind, code].compiled


def only(faults):
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def items_overlay(folder, text):
    folder.write(
        f"machi: 1\nkind: overlay\nbase: choices/waste.items\n{text}", "waste/choices/items.yaml", home="city"
    )


def test_set_changes_words_settings_and_steps(folder):
    folder.overlay(
        "set:\n  fields.place.label.ja: ごみを出す所\n  settings.pay_days: 7\n  flow.steps.check.due: P5BD\n"
        "  fields.lines.fields.photo.label: {ja: 写真, en: Photo}\n  title.en: Bulky waste\n"
    )
    bundle = compiled(folder).bundle
    assert bundle["fields"][0]["label"] == {"ja": "ごみを出す所"}
    assert bundle["settings"]["pay_days"] == {"type": "int", "value": "7", "label": "支払いの日数"}
    assert bundle["flow"]["steps"]["check"]["due"] == "P5BD"
    assert bundle["fields"][1]["fields"][1]["label"]["en"] == "Photo"
    assert bundle["title"] == {"ja": "粗大ごみの申込み", "en": "Bulky waste"}


def test_set_changes_a_fee(folder):
    items_overlay(folder, "set: {options.chair.fee: 500}\n")
    options = compiled(folder, "choices", "waste.items").bundle["options"]
    assert [option["fee"] for option in options] == [800, 500]


def test_hide_takes_a_field_off_its_page_too(folder):
    folder.overlay("hide: [note, lines.photo, place]\n")
    bundle = compiled(folder).bundle
    assert [field["key"] for field in bundle["fields"]] == ["lines"]
    assert [field["key"] for field in bundle["fields"][0]["fields"]] == ["item"]
    assert [(page["key"], page["fields"]) for page in bundle["pages"]] == [("what", ["lines"])]


def test_add_puts_fields_beside_others_and_on_their_page(folder):
    folder.overlay(
        "add:\n"
        "  - {after: place, field: {key: gate_code, type: text, label: オートロック番号}}\n"
        "  - {before: lines.photo, field: {key: size, type: int, label: 大きさ}}\n"
        "  - {at: fields.note, put: {help: 気をつけること}}\n"
        "  - {after: check, step: {key: call, title: 電話, due: P1D}}\n"
        "  - {setting: {key: limit, type: int, value: 3}}\n"
    )
    bundle = compiled(folder).bundle
    assert [field["key"] for field in bundle["fields"]] == ["place", "gate_code", "lines", "note"]
    assert [field["key"] for field in bundle["fields"][2]["fields"]] == ["item", "size", "photo"]
    assert bundle["pages"][0]["fields"] == ["place", "gate_code"]
    assert bundle["fields"][3]["help"] == {"ja": "気をつけること"}
    assert list(bundle["flow"]["steps"]) == ["check", "call", "collect"]
    assert bundle["settings"]["limit"]["value"] == "3"


def test_add_options_in_their_place(folder):
    items_overlay(
        folder,
        "add:\n  - {option: {key: bed, label: ベッド, fee: 1200, weight: 4}}\n"
        "  - {before: sofa, option: {key: desk, label: 机, fee: 600, weight: 2}}\n",
    )
    options = compiled(folder, "choices", "waste.items").bundle["options"]
    assert [option["key"] for option in options] == ["desk", "sofa", "chair", "bed"]


def test_options_in_groups_are_found_by_their_key(folder):
    folder.write(
        "machi: 1\nkind: choices\ncode: waste.grouped\ntitle: あ\naudience: staff\ncolumns: {fee: yen}\n"
        "options:\n  - {group: home, label: 家, options: [{key: bed, label: ベッド, fee: 1}]}\n  - {key: etc, label: 他, fee: 2}\n",
        "waste/choices/grouped.yaml",
    )
    folder.write(
        "machi: 1\nkind: overlay\nbase: waste.grouped\nset: {options.bed.fee: 9}\n",
        "waste/choices/grouped.yaml",
        home="city",
    )
    bundle = compiled(folder, "choices", "waste.grouped").bundle
    assert bundle["options"][0] == {"key": "bed", "label": {"ja": "ベッド"}, "group": "home", "fee": 9}
    assert bundle["groups"] == [{"key": "home", "label": {"ja": "家"}}]


def test_replace_uses_takes_another_list(folder):
    folder.write(
        (folder.package / "waste/choices/items.yaml")
        .read_text()
        .replace("code: waste.items", "code: joso.items"),
        "waste/choices/own.yaml",
        home="city",
    )
    folder.overlay("replace_uses: {items: choices/joso.items}\n")
    assert list(compiled(folder).lock) == ["choices/joso.items"]


def test_the_origin_of_a_definition_names_all_its_files(folder):
    path = folder.overlay("set: {settings.pay_days: 7}\n")
    assert compiled(folder).origin == [str(folder.package / "waste/slips/pickup.yaml"), str(path)]


@pytest.mark.parametrize(
    ("text", "line", "field", "message", "mend"),
    [
        ("set:\n  settings.pay_days: 7\n  settings.pay_dayz: 7\n", 6, "set.settings.pay_dayz",
         "「settings.pay_dayz」という場所はありません（「settings」の中に「pay_dayz」が見つかりません）。",
         "「pay_days」の書きまちがいではありませんか。"),
        ("set: {fields.plaza.label.ja: あ}\n", 4, "set.fields.plaza.label.ja", None, "「place」の書きまちがいではありませんか。"),
        ("set: {fields.place.help: あ}\n", 4, "set.fields.place.help", None, None),
        ("set: {fields.place.required.en: あ}\n", 4, "set.fields.place.required.en", None, None),
        ("hide:\n  - note\n  - lines.foto\n", 6, "hide.2", None, "「photo」の書きまちがいではありませんか。"),
        ("add: [{after: plac, field: {key: x, type: text, label: あ}}]\n", 4, "add.1.after", None, None),
        ("add: [{after: place, field: {key: note, type: text, label: あ}}]\n", 4, "add.1.field.key", "「note」はすでにあります。", None),
        ("add: [{after: place, field: {type: text, label: あ}}]\n", 4, "add.1.field", "足すものの「key」がありません。", None),
        ("add: [{after: place}]\n", 4, "add.1", "何をどこに足すのかが、はっきりしません。", None),
        ("add: [{after: place, felid: {key: x}}]\n", 4, "add.1.felid", None, "「field」の書きまちがいではありませんか。"),
        ("replace_uses: {item: choices/x}\n", 4, "replace_uses.item", "「item」は uses にありません。", "「items」の書きまちがいではありませんか。"),
        ("sett: {title: あ}\n", 4, "sett", None, "「set」の書きまちがいではありませんか。"),
    ],
)  # fmt: skip
def test_a_place_that_does_not_exist_is_told_where_it_is_written(folder, text, line, field, message, mend):
    folder.overlay(text)
    fault = only(folder.errors())
    assert fault.file.endswith("city/waste/slips/pickup.yaml")
    assert (fault.line, fault.field) == (line, field)
    assert message in (None, fault.message)
    assert mend in (None, fault.mend)


def test_a_wrong_value_is_told_in_the_overlay_that_set_it(folder):
    folder.overlay("set:\n  title.en: Bulky\n  fields.note.max: many\n")
    fault = only(folder.errors())
    assert fault.file.endswith("city/waste/slips/pickup.yaml")
    assert (fault.line, fault.field) == (6, "fields.note.max")


def test_an_unknown_base_is_told(folder):
    folder.write("machi: 1\nkind: overlay\nbase: slip/waste.pikcup\n", "waste/x.yaml", home="city")
    fault = only(folder.errors())
    assert (fault.line, fault.mend) == (3, "「slip/waste.pickup」の書きまちがいではありませんか。")


def test_an_unreadable_definition_holds_back_nothing_that_it_uses(folder):
    path = folder.package / "waste/slips/pickup.yaml"
    path.write_text(path.read_text() + "]")
    library = Library(folder.folders)
    assert len(library.compile_all()) == 1
    assert library.entries["choices", "waste.items"].compiled is not None


@pytest.mark.parametrize(
    "damage",
    [
        "kind: overlay\nbase: slip/waste.pickup\nset: {a: [",
        "kind: overlay\nbse: slip/waste.pickup\n",
        "kind: overly\nbase: slip/waste.pickup\n",
        "base: slip/waste.pickup\nset: {a: [",
        "kind: overlay\nset: {a: [",
        "kind: overlay\nbase: choices/waste.items\n---\nmachi: 1\nkind: overlay\nbsae: x\nset: {a: [",
    ],
)
def test_a_definition_is_held_back_when_its_overlay_cannot_be_read(folder, damage):
    folder.write(f"machi: 1\n{damage}", "waste/slips/pickup.yaml", home="city")
    library = Library(folder.folders)
    assert library.compile_all() != []
    assert library.entries["slip", "waste.pickup"].compiled is None
