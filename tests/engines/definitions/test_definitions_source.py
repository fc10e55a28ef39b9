"""Strict YAML: what a file may not contain, and where it says so."""

import pytest

from machi.engines.definitions.source import MAX_BYTES, place_of, read


def fault_of(data):
    documents, faults = read(data if isinstance(data, bytes) else data.encode(), "f.yaml")
    assert documents == []
    assert len(faults) == 1 and faults[0].file == "f.yaml"
    return faults[0]


def test_every_scalar_is_a_text_and_keeps_its_line():
    text = "a: 012\nb: [on, no, 10:30, 2026-04-01, 1e3]\nc: ~\nd:\ne: ''\nf: |\n  x\n  y\n"
    [tree], faults = read(text.encode(), "f.yaml")
    assert faults == []
    assert tree == {
        "a": "012", "b": ["on", "no", "10:30", "2026-04-01", "1e3"], "c": "~", "d": None, "e": "", "f": "x\ny\n",
    }  # fmt: skip
    assert place_of(tree, ("b", 3)).line == 2
    assert place_of(tree, ("e",)).line == 5
    assert place_of(tree, ("b", 9, "nothing")).line == 2


def test_several_documents_in_one_file():
    documents, faults = read(b"a: 1\n---\nb: 2\n---\n", "f.yaml")
    assert (documents, faults) == ([{"a": "1"}, {"b": "2"}], [])
    assert place_of(documents[1], ("b",)).line == 3


def test_byte_order_mark_and_windows_line_ends_are_read():
    assert read("﻿a: 1\r\nb: 神𠮷\r\n".encode(), "f")[0] == [{"a": "1", "b": "神𠮷"}]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "「a」が2回書かれています（1回目は1行目）。"),
        ("a: {x: 1, x: 2}\n", 1, "「x」が2回書かれています（1回目は1行目）。"),
        ("a: 1\nb: &x 2\n", 2, "「&」や「*」で始まる参照は使えません。"),
        ("a: 1\nb: *x\n", 2, "「&」や「*」で始まる参照は使えません。"),
        ("a: !!int 1\n", 1, "「!」で始まる型の指定は使えません。"),
        ("a: !python/object x\n", 1, "「!」で始まる型の指定は使えません。"),
        ("a:\n\tb: 1\n", 2, "行の先頭にタブが使われています。"),
        ("a: 1\nb: c: d\n", 2, "「:」の位置が正しくありません。"),
        ("a: 1\nb: [1, 2\n", 2, "[ ] の区切りが正しくありません。"),
        ("z: 0\na: {b: 1\nc: 2\n", 2, "{ } の区切りが正しくありません。"),
        ('a: "x\n', 1, "囲み（\" や ' ）が閉じていません。"),
        ("- a\n", 1, "定義は「項目: 値」の並びで書きます。"),
        ("hello", 1, "定義は「項目: 値」の並びで書きます。"),
        ("? [a]\n: 1\n", 1, "項目の名前が空か、文字ではありません。"),
        ('a: "\\0"\n', 1, "目に見えない制御文字が入っています。"),
        ('a: "\\uD800"\n', 1, "目に見えない制御文字が入っています。"),
        ("a: 1\nb: \x07\n", 2, "目に見えない制御文字が入っています。"),
        ("a: 1\nb: x\u2028y\n", 2, "目に見えない制御文字が入っています。"),
        ('a: 1\nb: "\\x7"\n', 2, "「\\」の使い方が正しくありません。"),
        ("a: 1\nb\nc: 2\n", 2, "「:」がありません。"),
        ("a: 1\nb: {c: d:}\n", 2, "「:」の位置が正しくありません。"),
        ("a:\n  b: 1\n    c: 2\n", 3, "「:」の位置が正しくありません。"),
        ("a:\n  b: {}\n    c: 2\n", 3, "字下げがそろっていません。"),
        ("a: 1\nb: - c\n", 2, "「-」の位置が正しくありません。"),
        ("a: 1\nb: {\n", 2, "この記号から始まる値は書けません。"),
        ("a: 1\n%b: 2\n", 2, "この記号から始まる値は書けません。"),
        ("a: !%ED%A0%80 x\n", 1, "YAML として読めません。"),
        ("a: @b\n", 1, "この記号から始まる値は書けません。"),
    ],
)
def test_what_yaml_may_not_contain(text, line, words):
    fault = fault_of(text)
    assert fault.message == words
    assert fault.line == line
    assert fault.mend


def test_other_encodings_are_told_with_their_line():
    fault = fault_of("a: 1\nb: 粗大ごみ\n".encode("cp932"))
    assert (fault.line, fault.message) == (2, "UTF-8 の文字として読めません。")


def test_nesting_and_size_are_bounded():
    assert fault_of("a: " + "[" * 50_000).message == "入れ子が深すぎます。"
    assert fault_of(b"a" * (MAX_BYTES + 1)).message == "ファイルが大きすぎます（1MBまで）。"
