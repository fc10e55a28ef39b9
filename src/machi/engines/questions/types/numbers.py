"""Fields that hold numbers, days and yes-or-no: int, decimal, yen, date, bool, consent."""

import datetime as dt
import re
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from machi.engines.questions.types.base import UNREADABLE, FieldType, Wrong, clean, first
from machi.ground.calendar import UnreadableDate, era_date, parse_date
from machi.ground.daywords import date_words
from machi.ground.money import UnreadableYen, parse_yen, yen_words
from machi.ground.text import clean_line, to_halfwidth_digits

LARGEST = 10**15
_YEAR = chr(0x5E74)  # the word for year, which some write into its box
TOO_SMALL = _("「%(label)s」は%(least)s以上で入力してください。")
TOO_LARGE = _("「%(label)s」は%(most)s以下で入力してください。")
_GROUPED = re.compile(r"[+\-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_INT = re.compile(r"[+\-]?\d{1,30}", re.ASCII)
_DECIMAL = re.compile(r"[+\-]?\d{1,30}(\.\d{1,10})?", re.ASCII)
_MARKS = {"en": ",", "ja": ",", "ja-easy": ",", "zh-hans": ",", "pt-br": ".", "es": "."}


class IntType(FieldType):
    """A whole number."""

    expression = "int"

    def read(self, question, boxes):
        text = _figures(first(boxes))
        if not text:
            return None
        if not _INT.fullmatch(text):
            raise Wrong(_("「%(label)s」は数字で入力してください。例：3"))
        return self.store(self.cast(question, int(text)))

    def cast(self, question, stored):
        if stored is None:
            return None
        if isinstance(stored, bool) or not isinstance(stored, int):
            raise Wrong(UNREADABLE)
        if abs(stored) >= LARGEST:
            raise Wrong(_("「%(label)s」の数が大きすぎます。"))
        return stored

    def check(self, question, value, today):
        least, most = question.least, question.most
        if least is not None and value < least:
            raise Wrong(TOO_SMALL, least=least)
        if most is not None and value > most:
            raise Wrong(TOO_LARGE, most=most)

    def show(self, question, value, language):
        if _is_year(question):
            return str(value)
        return f"{value:,}".replace(",", _MARKS.get(language, ","))

    def schema(self, question):
        return {"type": "integer", **_bounds(question)}


class DecimalType(IntType):
    """A number with places after the point, exact; stored as text."""

    expression = "decimal"

    def read(self, question, boxes):
        text = _figures(first(boxes))
        if not text:
            return None
        if not _DECIMAL.fullmatch(text):
            raise Wrong(_("「%(label)s」は数字で入力してください。例：1.5"))
        return self.store(self.cast(question, text))

    def cast(self, question, stored):
        if stored is None:
            return None
        if type(stored) is int and abs(stored) < LARGEST:
            stored = str(stored)
        if not (isinstance(stored, str) and _DECIMAL.fullmatch(stored)):
            raise Wrong(UNREADABLE)
        value = Decimal(stored)
        if abs(value) >= LARGEST:
            raise Wrong(_("「%(label)s」の数が大きすぎます。"))
        return value

    def store(self, value):
        return None if value is None else format(value, "f")

    def check(self, question, value, today):
        super().check(question, value, today)
        places = question.field.places
        if places is not None and -value.as_tuple().exponent > places:
            raise Wrong(
                _("「%(label)s」は小数点より下を%(places)sけたまでで入力してください。"), places=places
            )

    def show(self, question, value, language):
        whole, _point, rest = f"{value:,f}".partition(".")
        mark = _MARKS.get(language, ",")
        point = "," if mark == "." else "."
        return whole.replace(",", mark) + (point + rest if rest else "")

    def schema(self, question):
        return {"type": "string", "pattern": r"^[+-]?[0-9]{1,15}(\.[0-9]{1,10})?$"}


class YenType(IntType):
    """An amount of money."""

    expression = "yen"

    def read(self, question, boxes):
        text = clean(clean_line, first(boxes))
        if not text:
            return None
        try:
            return parse_yen(text)
        except UnreadableYen:
            raise Wrong(_("「%(label)s」は数字で入力してください。例：1600")) from None

    def show(self, question, value, language):
        return yen_words(value, language)


class DateType(FieldType):
    """A day, stored ISO. People write it in three boxes; the year may carry its era (令和8, R8, 昭和50)."""

    expression = "date"
    box_names = ("year", "month", "day")

    def read(self, question, boxes):
        year, month, day = (clean(clean_line, first(boxes, name)) for name in self.box_names)
        if not (year or month or day):
            return None
        written = "-".join((year.removesuffix(_YEAR), month, day))
        if not (month or day):  # a whole date pasted into the box of the year
            written = year
        elif not (year and month and day):
            raise Wrong(_("「%(label)s」は年、月、日をすべて入力してください。"))
        try:
            return parse_date(written).isoformat()
        except UnreadableDate as error:
            raise Wrong(_("「%(label)s」を確かめてください。%(reason)s"), reason=error.message) from None

    def cast(self, question, stored):
        if stored is None:
            return None
        if not (isinstance(stored, str) and re.fullmatch(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", stored)):
            raise Wrong(UNREADABLE)
        try:
            return dt.date.fromisoformat(stored)
        except ValueError:
            raise Wrong(UNREADABLE) from None

    def store(self, value):
        return None if value is None else value.isoformat()

    def boxes(self, question, stored, language):
        parts = stored.split("-") if stored else ("", "", "")
        return dict(zip(self.box_names, (part.lstrip("0") for part in parts), strict=True))

    def check(self, question, value, today):
        least, most = (today if bound == "today" else bound for bound in (question.least, question.most))
        if least is not None and value < least:
            raise Wrong(_("「%(label)s」は%(least)sかそのあとの日にしてください。"), least=_iso_or_era(least))
        if most is not None and value > most:
            raise Wrong(_("「%(label)s」は%(most)sかその前の日にしてください。"), most=_iso_or_era(most))

    def show(self, question, value, language):
        return date_words(value, language)

    def schema(self, question):
        return {"type": "string", "format": "date"}


class BoolType(FieldType):
    """Yes or no. A box that may be left is no when it is left; a required one must be answered."""

    expression = "bool"
    missing = _("「%(label)s」に、はいかいいえで答えてください。")
    answers = {"yes": True, "true": True, "no": False, "false": False}

    def read(self, question, boxes):
        return self.cast(question, self.answers.get(first(boxes)))

    def cast(self, question, stored):
        if stored is None:
            return None if question.field.required else False
        if not isinstance(stored, bool):
            raise Wrong(UNREADABLE)
        return stored

    def boxes(self, question, stored, language):
        return {"": "" if stored is None else "yes" if stored else "no"}

    def show(self, question, value, language):
        return str(_("はい") if value else _("いいえ"))

    def schema(self, question):
        return {"type": "boolean"}


class ConsentType(BoolType):
    """A box that must be ticked to go on."""

    missing = _("「%(label)s」にチェックを入れてください。")

    def cast(self, question, stored):
        return super().cast(question, stored) or None

    def schema(self, question):
        return {"const": True}


def _figures(text):
    """`text` in half width, without the commas that group thousands."""
    plain = to_halfwidth_digits(clean(clean_line, text).replace("，", ","))
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def _is_year(question):
    """Whether a whole number names a year: its bounds say so. A year is written without a mark for thousands."""
    return question.least is not None and question.most is not None and 1000 <= question.least <= question.most <= 9999


def _bounds(question):
    found = {"minimum": question.least, "maximum": question.most}
    return {name: int(bound) for name, bound in found.items() if bound is not None}


def _iso_or_era(date):
    return era_date(date) if get_language() in ("ja", "ja-easy") else date.isoformat()
