"""Yen are whole numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.ground.money import LARGEST, UnreadableYen, parse_yen, round_yen, split_yen, whole_yen, yen_words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "1,600円"),
        ("ja-easy", "1,600円"),
        ("en", "1,600 yen"),
        ("pt-br", "1.600 ienes"),
        ("es", "1.600 yenes"),
        ("zh-hans", "1,600日元"),
    ],
)
def test_yen_in_the_words_of_each_language(language, words):
    assert yen_words(1600, language) == words


@pytest.mark.parametrize(
    "text",
    ["1600", "１６００", "1,600円", "１，６００円", "¥1,600", "￥1600", " 1600 ", "1、600", "1600円也"],
)
def test_one_amount_is_read_in_many_spellings(text):
    assert parse_yen(text) == 1600


def test_ten_thousands_are_read():
    assert parse_yen("3万円") == 30_000


@pytest.mark.parametrize("text", ["", "千円", "-100", "1.5", "1,60", "12,34円", "1e3", "9" * 16])
def test_what_is_no_amount_is_refused_in_a_sentence(text):
    with pytest.raises(UnreadableYen) as caught:
        parse_yen(text)
    assert str(caught.value.message).endswith("。")


@given(st.integers(0, LARGEST - 1))
def test_what_is_written_is_read_back(amount):
    assert parse_yen(yen_words(amount)) == amount


@pytest.mark.parametrize("amount", [1.0, "1", True, Decimal(1), None])
def test_only_ints_are_yen(amount):
    with pytest.raises(TypeError):
        whole_yen(amount)


@pytest.mark.parametrize(
    ("amount", "rule", "unit", "rounded"),
    [
        (Decimal("100.9"), "down", 1, 100),
        (Decimal("-100.9"), "down", 1, -101),
        (Decimal("100.1"), "up", 1, 101),
        (Decimal("100.5"), "half_up", 1, 101),
        (Decimal("100.5"), "half_even", 1, 100),
        (1999, "down", 100, 1900),
        (1901, "up", 1000, 2000),
    ],
)
def test_rounding_follows_the_rule(amount, rule, unit, rounded):
    assert round_yen(amount, rule, unit) == rounded


def test_floats_are_not_rounded():
    with pytest.raises(TypeError):
        round_yen(0.1)


@pytest.mark.parametrize(
    ("amount", "count", "parts"),
    [(3000, 3, [1000] * 3), (10_050, 4, [2550, 2500, 2500, 2500]), (250, 5, [150, 100]), (80, 3, [80]), (0, 2, [0])],
)
def test_an_amount_in_parts_puts_what_does_not_divide_into_the_first(amount, count, parts):
    assert split_yen(amount, count) == parts
