"""Transfer files for the bank: 120 bytes a record, kana as banks write them, sums that are right."""

from datetime import date

import pytest

from machi.ground.zengin import Consigner, Transfer, Unwritable, bank_kana, transfer_file

CITY = Consigner("0000012345", "ミホンシ カイケイカンリシャ", "0130", "001", "2", "0123456")
DAY = date(2026, 12, 1)


def transfer(**more):
    known = {"bank": "0130", "branch": "001", "deposit": "1", "account": "7654321", "holder": "ヤマダ ハナコ"}
    return Transfer(**{**known, "amount": 4800, **more})


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("カ）ミホンケンセツ", "ｶ)ﾐﾎﾝｹﾝｾﾂ"),
        ("がっこうきゅうしょく", "ｶﾞﾂｺｳｷﾕｳｼﾖｸ"),
        ("パーク　スーパー", "ﾊﾟ-ｸ ｽ-ﾊﾟ-"),
        ("ｷｬﾝﾃﾞｨ-", "ｷﾔﾝﾃﾞｲ-"),
        ("machi ＡＢＣ１２", "MACHI ABC12"),
        ("ヴェルデ", "ｳﾞｴﾙﾃﾞ"),
    ],
)
def test_a_reading_is_written_as_banks_do(said, written):
    assert bank_kana(said) == written


def test_the_records_stand_where_the_format_puts_them():
    file = transfer_file(CITY, DAY, [transfer(), transfer(amount=9_999_999_999, holder="カ）ミホン", number="12")])
    assert file.endswith(b"\r\n")
    head, first, second, trailer, end = [one.decode("shift_jis") for one in file.split(b"\r\n")[:-1]]
    assert {len(one) for one in (head, first, second, trailer, end)} == {120}
    assert head[:14] == "12100000012345" and head[14:54].rstrip() == "ﾐﾎﾝｼ ｶｲｹｲｶﾝﾘｼﾔ" and head[54:62] == "12010130"
    assert (head[77:80], head[95:103]) == ("001", "20123456")
    assert (first[:5], first[20:23], first[38:50], first[80:91]) == ("20130", "001", "000017654321", "00000048000")
    assert first[50:80] == "ﾔﾏﾀﾞ ﾊﾅｺ".ljust(30) and first[111:113] == "7 "
    assert second[80:90] == "9999999999" and second[91:111] == "12".ljust(20)
    assert trailer[:19] == "8" + "000002" + "010000004799" and end == "9" + " " * 119


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"holder": "山田花子"}, "使えない文字"),
        ({"holder": "ミホンヲ"}, "ｦ"),
        ({"holder": ""}, "口座名義がありません"),
        ({"holder": "ア゛ミ"}, "濁点"),
        ({"holder": "ガ" * 16}, "32字"),
        ({"bank": "13"}, "金融機関コード"),
        ({"account": "１２３４５６７"}, "口座番号"),
        ({"deposit": "3"}, "預金の種類"),
        ({"amount": 0}, "1円から"),
        ({"amount": 10**10}, "9,999,999,999円"),
        ({"number": "命2026"}, "整理番号"),
    ],
)
def test_what_no_bank_takes_is_said_with_its_row_and_nothing_is_written(more, words):
    with pytest.raises(Unwritable) as wrong:
        transfer_file(CITY, DAY, [transfer(), transfer(**more)])
    assert [row for row, sentence in wrong.value.faults if words in sentence] == [2]


def test_an_empty_file_and_an_unset_consigner_are_said():
    with pytest.raises(Unwritable, match="1件から"):
        transfer_file(CITY, DAY, [])
    with pytest.raises(Unwritable, match="委託者コード"):
        transfer_file(Consigner("", "ミホン", "0130", "001", "2", "0123456"), DAY, [transfer()])
