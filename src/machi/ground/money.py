"""Yen: whole numbers, always. Reading, writing and rounding them."""

import re
import unicodedata
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

_FORMS = {
    "ja": ("{}円", ","),
    "ja-easy": ("{}円", ","),
    "en": ("{} yen", ","),
    "pt-br": ("{} ienes", "."),
    "es": ("{} yenes", "."),
    "zh-hans": ("{}日元", ","),
}
_WRITTEN = re.compile(
    r"[¥\\]?\s*(?P<minus>-?)\s*(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<man>万)?\s*(?:円|yen|jpy)?也?",
    re.IGNORECASE,
)
ROUNDINGS = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
LARGEST = 10**15


class UnreadableYen(ValueError):
    """An amount that cannot be read; `message` says so to the reader."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


def yen_words(amount, language="ja"):
    """`amount` (int, yen) as people of `language` (a Django code) read it: 1,600円, 1.600 ienes."""
    form, _comma = _FORMS.get(language, _FORMS["ja"])
    return form.format(in_thousands(whole_yen(amount), language))


def in_thousands(number, language="ja"):
    """`number` (int) with the mark for thousands that people of `language` (a Django code) write: 1,600, 1.600."""
    _form, comma = _FORMS.get(language, _FORMS["ja"])
    return f"{number:,}".replace(",", comma)


def parse_yen(text):
    """The yen (int ≥ 0) written in `text`: １，６００円, ¥1600, 3万円 … Raises UnreadableYen."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("、", ",")
    found = _WRITTEN.fullmatch(plain)
    if not found:
        raise UnreadableYen(_("金額を読み取れません。「1600」のように数字で入力してください。"))
    amount = int(found["number"].replace(",", "")) * (10_000 if found["man"] else 1)
    if found["minus"] or amount >= LARGEST:
        raise UnreadableYen(_("金額は0円以上で入力してください。大きすぎる金額は入力できません。"))
    return amount


def whole_yen(amount):
    """`amount` if it is an int; TypeError otherwise, so that no fraction of a yen slips in."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        message = f"yen are whole numbers, not {type(amount).__name__}"
        raise TypeError(message)
    return amount


def split_yen(amount, count):
    """`amount` in `count` parts that differ only in the first, which takes what does not divide into hundreds.

    The rest goes into the first part, as with taxes paid in parts (地方税法20条の4の2第6項); parts of less than
    100 yen are not made: then there are fewer.
    """
    count = max(1, min(count, whole_yen(amount) // 100))
    part = amount // count // 100 * 100
    return [amount - part * (count - 1), *[part] * (count - 1)]


def round_yen(amount, rule="down", unit=1):
    """`amount` (int or Decimal) rounded to a multiple of `unit` yen by `rule`: down, up, half_up or
    half_even.

    "down" is the rule for public money where no other is given
    (国等の債権債務等の金額の端数計算に関する法律2条).
    """
    if isinstance(amount, float):
        message = "round Decimal amounts, not floats"
        raise TypeError(message)
    steps = (Decimal(amount) / unit).to_integral_value(rounding=ROUNDINGS[rule])
    return int(steps) * unit
