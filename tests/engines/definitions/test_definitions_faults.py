"""What a clerk reads when a definition has a fault: file, line, field, sentence, mend."""

# ruff: noqa: E501 tables of faults are read line by line

import pytest

from machi.engines.definitions import define
from machi.engines.definitions.define import Fault


def spoil(folder, old, new, name="waste/slips/pickup.yaml"):
    """Change one thing in a good file; returns its faults."""
    path = folder.package / name
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return folder.errors()


def only(faults):
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def test_good_definitions_have_no_faults(folder):
    assert folder.check() == []


def test_check_needs_no_database(folder, monkeypatch):
    from django.db.backends.base.base import BaseDatabaseWrapper

    def refuse(*_args, **_more):
        raise AssertionError("the database was asked")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)
    assert folder.check() == []


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message", "mend"),
    [
        ("owner: waste", "ownr: waste", 5, "ownr", "「ownr」という項目は、ここにはありません。", "「owner」の書きまちがいではありませんか。"),
        ("label: 写真", "lable: 写真", 17, "fields.lines.fields.photo.lable", "「lable」という項目は、ここにはありません。", "「label」の書きまちがいではありませんか。"),
        ("type: point", "type: piont", 11, "fields.place.type", "「piont」は使えません。", "「point」の書きまちがいではありませんか。"),
        ("max: 100", "max: １００", 18, "fields.note.max", "「１００」は整数ではありません。", "「100」のように、半角の数字だけで書いてください。"),
        ("max: 100", "max: '1,000円'", 18, "fields.note.max", None, "「1000」のように、半角の数字だけで書いてください。"),
        ("max: 100", "max: たくさん", 18, "fields.note.max", "「たくさん」は整数ではありません。", "整数を書いてください。"),
        ("owner: waste", "owner:", 5, "owner", "「owner」に値がありません。", "値を書くか、この行を消してください。"),
        ("required: true", "required: maybe", 11, "fields.place.required", "「maybe」はtrue か falseではありません。", "true か falseを書いてください。"),
        ("{ja: 備考}", "{jp: 備考}", 18, "fields.note.label", "「jp」という言語はありません。", "「ja」の書きまちがいではありませんか。"),
        ("{ja: 備考}", "{en: Note}", 18, "fields.note.label", "日本語（ja）がありません。", "「ja: …」を足してください。"),
        ("{ja: 備考}", "{ja: ' '}", 18, "fields.note.label", "「ja」の文が空です。", "文を書くか、この行を消してください。"),
        ("title: 粗大ごみの申込み\n", "", 1, "title", "「title」がありません。", "「title: …」の行を足してください。"),
        ("[lines, note]", "[lines, nota]", 21, "pages.what.fields.2", "「nota」という項目はありません。", "fields にある key を書いてください。"),
        ("choices/waste.items", "choices/waste.itmes", 7, "uses.items", "「choices/waste.itmes」という定義はありません。", "「choices/waste.items」の書きまちがいではありませんか。"),
        ("choices/waste.items", "waste.items", 7, "uses.items", "「waste.items」は定義の名前になっていません。", "「choices/waste.items」のように書いてください。"),
        ("kind: slip", "kind: slipp", 2, "kind", "「slipp」という種類の定義はありません。", "「slip」の書きまちがいではありませんか。"),
        ("machi: 1", "machi: 9", 1, "machi", "「machi: 9」の書き方は、このまちでは読めません。", "「machi: 1」と書くか、プログラムを新しくしてください。"),
        ("machi: 1\n", "", 1, "machi", "「machi」がありません。", "「machi: …」の行を足してください。"),
        ("code: waste.pickup", "code: Waste/Pickup", 3, "code", "「Waste/Pickup」はコードになりません。", None),
        ("fee: 800}", "fee: 900}", 27, "tests.1", "「ソファは800円」: 800 になりました。", "料金を確かめてください。"),
        ("key: note", "key: 備考", 18, "fields.備考.key", "「備考」の書き方が正しくありません。", "英小文字で始め、英小文字・数字・「_」だけで書いてください（例: pay_days）。"),
    ],
)  # fmt: skip
def test_a_fault_names_line_field_and_mend(folder, old, new, line, field, message, mend):  # noqa: PLR0917 one table
    fault = only(spoil(folder, old, new))
    assert fault.file.endswith("package/waste/slips/pickup.yaml")
    assert (fault.line, fault.field) == (line, field)
    assert message in (None, fault.message)
    assert mend in (None, fault.mend)


def test_all_faults_are_told_at_once_in_order_of_lines(folder):
    spoil(folder, "owner: waste", "ownr: waste")
    faults = spoil(folder, "max: 100", "max: x")
    assert [fault.line for fault in faults] == [5, 18]


def test_a_fault_prints_as_one_block():
    fault = Fault("a.yaml", 3, "fields.x", "誤っています。", "直してください。")
    assert str(fault) == "a.yaml:3  fields.x\n  誤り: 誤っています。\n  直し方: 直してください。"
    assert "注意" in str(Fault("a.yaml", 3, "", "足りません。", level="warning"))


def test_faults_of_a_choice_list(folder):
    name = "waste/choices/items.yaml"
    fault = only(spoil(folder, "fee: 800", "fie: 800", name)[:1])
    assert (fault.line, fault.field, fault.mend) == (
        10,
        "options.sofa.fie",
        "「fee」の書きまちがいではありませんか。",
    )
    [_typo, missing] = folder.errors()
    assert missing.message == "「ソファ」に「手数料」（fee）がありません。"


def test_a_user_of_a_faulty_definition_is_not_told_again(folder):
    faults = spoil(folder, "fee: 400", "fee: 四百円", "waste/choices/items.yaml")
    assert only(faults).file.endswith("items.yaml")


def test_a_code_can_be_defined_only_once(folder):
    folder.write((folder.package / "waste/choices/items.yaml").read_text(), "waste/choices/again.yaml")
    fault = only(folder.errors())
    assert "にもあります" in fault.message and fault.field == "code"


def test_definitions_that_use_each_other_are_told(folder):
    slip = "machi: 1\nkind: slip\ncode: {0}\ntitle: あ\naudience: staff\nuses: {{x: slip/{1}}}\nfields: []\npages: []\n"
    folder.write(slip.format("a.a", "b.b") + "---\n" + slip.format("b.b", "a.a"), "a/slips/a.yaml")
    fault = only(folder.errors())
    assert "めぐりめぐって自分自身を使っています" in fault.message
    assert fault.line == 15


def test_a_bug_in_an_engine_is_a_fault_of_that_definition_only(folder, caplog):
    fault = only(spoil(folder, "tests:", "ink: crash\ntests:"))
    assert "プログラムの誤り: KeyError" in fault.message
    assert "a bug in an engine" in caplog.text


def test_public_definitions_are_wanted_in_all_languages(folder):
    faults = spoil(folder, "owner: waste\naudience: staff", "owner: waste\naudience: public")
    assert faults == []
    warnings = folder.check()
    assert {fault.level for fault in warnings} == {"warning"}
    first = warnings[0]
    assert first.field == "title" and first.line == 4
    assert "ja-easy、en、pt-BR、es、zh-Hans" in first.message


def test_a_misspelt_file_beside_is_told(folder):
    fault = only(spoil(folder, "tests:", "template: slip.typ\ntests:"))
    assert (fault.field, fault.line) == ("template", 26)
    assert fault.message == "ファイル「slip.typ」が、この定義と同じ場所にありません。"


def test_files_outside_the_folder_of_the_definition_are_not_read(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    fault = only(spoil(folder, "tests:", "template: ../../../secret.txt\ntests:"))
    assert "同じ場所にありません" in fault.message


def test_older_schemas_are_brought_up_by_upgraders(folder, monkeypatch):
    monkeypatch.setattr(define, "SCHEMA", 2)
    assert {fault.message for fault in folder.errors()} == {"「machi: 1」の書き方は古すぎて読めません。"}

    def upgrade(tree):
        if "ink" in tree:
            tree.put("owner", tree.pop("ink"), tree.places["ink"])
        return tree

    monkeypatch.setitem(define.UPGRADERS, 1, upgrade)
    assert spoil(folder, "owner: waste", "ink: waste") == []


def test_sample_people_and_data_are_no_definitions(folder):
    folder.write("people: [x]\n", "demo/people.yaml", home="city")
    folder.write("rows: [x]\n", "data/rows.yaml", home="city")
    assert folder.check() == []
