"""Text is kept as written and found by keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.ground.text import (
    UncleanText,
    clean_line,
    clean_text,
    fold_accents,
    kana_key,
    search_key,
    to_halfwidth_digits,
)


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("髙橋", "高橋"),
        ("宮﨑", "宮崎"),
        ("𠮷野", "吉野"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("邊\U000e0112", "辺"),
        ("葛\U000e0100城", "葛城"),
        ("齋藤", "斉藤"),
        ("斎藤", "齊藤"),
        ("濵田", "浜田"),
        ("\ufa19谷", "神谷"),
        ("龍ケ崎市", "龍ヶ崎市"),
        ("佐佐木", "佐々木"),
        ("ﾀﾅｶ", "たなか"),
        ("タナカ", "たなか"),
        ("ｺｰﾋｰ", "コーヒー"),
        ("コ－ヒ－", "コーヒー"),
        ("ガス", "ｶﾞｽ"),
        ("１−２−３", "1-2-3"),
        ("１ー２ー３", "1-2-3"),
        ("山田　太郎", "山田太郎"),
        ("ＡＢＣ  def", "abc DEF"),
        ("João", "joao"),
        ("國分", "国分"),
    ],
)
def test_ways_of_writing_the_same_have_one_search_key(written, sought):
    assert search_key(written) == search_key(sought)


@pytest.mark.parametrize(
    ("one", "other"), [("はは", "ばば"), ("か", "が"), ("浜田", "海田"), ("a b", "ab"), ("畑", "畠")]
)
def test_different_words_keep_different_search_keys(one, other):
    assert search_key(one) != search_key(other)


@given(st.text())
def test_search_key_of_a_key_is_the_key(text):
    assert search_key(search_key(search_key(text))) == search_key(search_key(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("キョウコ", "キヨウコ"), ("きょうこ", "ｷｮｳｺ"), ("オーノ", "オノ"), ("みかづき", "ミカズキ")],
)
def test_kana_key_folds_how_registers_write_readings(one, other):
    assert kana_key(one) == kana_key(other)


def test_accents_fold_and_japanese_voicing_stays():
    assert fold_accents("colchão, está, ü") == "colchao, esta, u"
    assert fold_accents("がぎぐパピプ") == "がぎぐパピプ"


@pytest.mark.parametrize("name", ["𠮷野家", "\ufa19", "邊\U000e0112", "ﾊﾝｶｸ", "Ångström", "が"])
def test_cleaning_never_changes_a_letter(name):
    assert clean_line(f" 　{name}　 ") == name
    assert clean_text(f"\n{name}\n") == name


def test_cleaning_a_line_makes_line_ends_and_tabs_one_space():
    assert clean_line("山田\r\n太郎\t様") == "山田 太郎 様"


def test_cleaning_text_keeps_lines_and_unifies_their_ends():
    assert clean_text(" 一\r\n二\r三\u2028四 ") == "一\n二\n三\n四"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x7fb", "a\x9fb", "a\ud800", "a\ufffe"])
def test_control_characters_are_refused(text):
    for clean in (clean_line, clean_text):
        with pytest.raises(UncleanText) as caught:
            clean(text)
        assert caught.value.code == "control"
        assert "制御文字" in str(caught.value.message)


@pytest.mark.parametrize("sign", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
def test_direction_overrides_are_refused(sign):
    with pytest.raises(UncleanText) as caught:
        clean_line(f"photo{sign}gpj.exe")
    assert caught.value.code == "direction"


def test_length_counts_after_trimming():
    assert clean_line("  あいう  ", longest=3) == "あいう"
    with pytest.raises(UncleanText) as caught:
        clean_line("あいうえ", longest=3)
    assert caught.value.code == "long"


def test_number_fields_read_full_width():
    assert to_halfwidth_digits("０２９７－２３－２１１１") == "0297-23-2111"
    assert to_halfwidth_digits("３０３ー８５０１") == "303-8501"
    assert to_halfwidth_digits("＋８１（９０）") == "+81(90)"
