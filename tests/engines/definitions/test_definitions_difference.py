"""What changed, in sentences with labels in place of keys."""

# ruff: noqa: E501 tables of faults are read line by line

import copy

import pytest

from machi.engines.definitions.difference import say, sentences
from machi.engines.definitions.rules import may_become
from machi.engines.definitions.source import read

OLD = """\
machi: 1
kind: procedure
code: waste.pickup
title: {ja: 申込み, en: Application}
owner: waste
uses: {items: choices/waste.items}
settings:
  pay_days: {type: int, value: 3, label: 支払いの日数}
  fee: {type: yen, value: 1200, label: 基本料金}
fields:
  - {key: place, type: point, label: 出す場所, help: 門の前}
  - key: lines
    type: repeat
    label: 品目
    fields: [{key: photo, type: file, label: 写真, max_mb: 10}]
  - {key: note, type: text, label: 備考}
pages:
  - {key: where, title: 場所, fields: [place]}
flow:
  due: P10BD
  steps:
    check: {type: check, title: 審査, due: P3BD, outcomes: {ok: {label: 認める, to: done}}}
    done: {type: end, title: 完了, result: completed}
words: {ja: [粗大ごみ]}
retention: {years: 3}
tests: [{name: あ}]
"""
CHOICES = """\
title: 品目
columns: {fee: yen, weight: {type: int, label: 点数}, free: bool}
options:
  - {key: sofa, label: ソファ, fee: 800, weight: 3, free: false}
  - {key: chair, label: いす, fee: 400, weight: 1, free: false}
"""


def tree(text):
    [document], faults = read(text.encode(), "f")
    assert faults == []
    return document


def changed(text, *pairs):
    new = text
    for old, put in pairs:
        assert new.count(old) == 1, old
        new = new.replace(old, put)
    return sentences(tree(text), tree(new))


def test_nothing_changed_says_nothing():
    assert sentences(tree(OLD), tree(OLD)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ja: 申込み,", "ja: お申込み,", ["題名: 「申込み」 → 「お申込み」"]),
        ("en: Application", "en: Request", ["題名（English）: 「Application」 → 「Request」"]),
        ("{ja: 申込み, en: Application}", "申込み", ["題名（English）: 「Application」 → なし"]),
        ("owner: waste", "owner: living", ["担当: 「waste」 → 「living」"]),
        ("value: 3", "value: 7", ["設定「支払いの日数」: 3 → 7"]),
        ("value: 1200", "value: 1500", ["設定「基本料金」: 1,200円 → 1,500円"]),
        ("label: 支払いの日数", "label: 支払い期限", ["設定「支払いの日数」の名前: 「支払いの日数」 → 「支払い期限」"]),
        ("help: 門の前", "help: {ja: 門の前, en: At the gate}", ["項目「出す場所」の説明（English）: なし → 「At the gate」"]),
        (", help: 門の前", "", ["項目「出す場所」の説明: 「門の前」 → なし"]),
        ("max_mb: 10", "max_mb: 20", ["項目「品目」の項目「写真」の大きさの上限(MB): 10 → 20"]),
        ("label: 備考}", "label: 備考, required: true}", ["項目「備考」の必須: なし → はい"]),
        ("  - {key: note, type: text, label: 備考}\n", "", ["項目「備考」をなくす"]),
        ("fields: [place]", "fields: [place, note]", ["ページ「場所」の項目に「note」を追加"]),
        ("due: P3BD", "due: P5BD", ["流れの段階「審査」の期限: 3開庁日 → 5開庁日"]),
        ("label: 認める", "label: 承認", ["流れの段階「審査」の結果「認める」の名前: 「認める」 → 「承認」"]),
        ("due: P10BD", "due: P2M", ["流れの期限: 10開庁日 → 2か月"]),
        ("[粗大ごみ]", "[粗大ごみ, そだいごみ]", ["検索のことばの日本語に「そだいごみ」を追加"]),
        ("years: 3", "years: 5", ["保存期間の年数: 3 → 5"]),
        ("tests: [{name: あ}]", "tests: [{name: い}]", ["確かめの例: 1件 → 1件（内容を変更）"]),
        ("choices/waste.items", "choices/joso.items", ["使う定義のitems: 「choices/waste.items」 → 「choices/joso.items」"]),
    ],
)  # fmt: skip
def test_a_change_in_words(old, new, said):
    assert changed(OLD, (old, new)) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fee: 800", "fee: 1000", ["手数料: ソファ 800円 → 1,000円"]),
        ("weight: 3", "weight: 4", ["点数: ソファ 3 → 4"]),
        ("label: いす", "label: 椅子", ["選択肢「いす」の名前: 「いす」 → 「椅子」"]),
        ("  - {key: chair, label: いす, fee: 400, weight: 1, free: false}\n", "", ["選択肢「いす」をなくす"]),
        ("options:\n", "options:\n  - {key: bed, label: ベッド, fee: 1200, weight: 5, free: true}\n",
         ["選択肢「ベッド」を追加（手数料 1,200円、点数 5、free はい）"]),
    ],
)  # fmt: skip
def test_a_change_of_a_list(old, new, said):
    assert changed(CHOICES, (old, new)) == said


def test_moved_things_are_told():
    old, new = tree(CHOICES), tree(CHOICES)
    new["options"] = list(reversed(new["options"]))
    assert sentences(old, new) == ["選択肢の並び順を変更"]
    old, new = tree(OLD), copy.deepcopy(tree(OLD))
    new["fields"] = [new["fields"][1], new["fields"][0], new["fields"][2]]
    assert sentences(old, new) == ["項目の並び順を変更"]


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, None, "なし"), ("P3D", None, "3日"), ("PT15M", None, "15分"), ("-P1D", None, "マイナス1日"), ("P1Y", None, "1年"),
        ("1600", "yen", "1,600円"), ("1600", "int", "1600"), ("false", None, "いいえ"), ("字" * 70, None, "「" + "字" * 59 + "…」"),
    ],
)  # fmt: skip
def test_values_as_people_read_them(value, kind, words):
    assert say(value, kind) == words


def test_types_may_only_become_wider():
    assert may_become("int", "decimal") and may_become("choice", "text") and may_become("text", "longtext")
    assert (
        not may_become("decimal", "int") and not may_become("text", "int") and not may_become("file", "text")
    )
