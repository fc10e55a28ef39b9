"""Fields that hold words: text, longtext, name, kana, email, phone, postal, code."""

import re
import unicodedata

import re2
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from machi.engines.questions.types.base import TOO_LONG, TOO_SHORT, UNREADABLE, FieldType, Wrong, clean, first
from machi.ground.text import HYPHENS, clean_line, clean_text

_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)} | {0x309D: 0x30FD, 0x309E: 0x30FE}
_LONG_VOWEL = chr(0x30FC)
_KANA = re.compile(r"[\u30a1-\u30fa\u30fb-\u30fe ]+")  # katakana, middle dot, long vowel, repeat marks
_KANA_DASH = re.compile(rf"(?<=[\u30a1-\u30fa])[{HYPHENS}\-]")
_DASHES = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_SEPARATORS = re.compile(r"[()\s.\-]+")
_MOBILE = re.compile(r"(0[256789]0)(\d{4})(\d{4})", re.ASCII)  # 020 050 060 070 080 090 have 11 figures
_FIXED = re.compile(r"0[1-9]\d{8}", re.ASCII)
_ABROAD = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)  # ITU-T E.164


class TextType(FieldType):
    """One line of words, kept as written (trimmed)."""

    longest = 200
    cleaner = staticmethod(clean_line)

    def read(self, question, boxes):
        return self.canonical(clean(self.cleaner, first(boxes))).strip() or None

    def cast(self, question, stored):
        if stored is None:
            return None
        if not isinstance(stored, str):
            raise Wrong(UNREADABLE)
        return self.canonical(clean(self.cleaner, stored)).strip() or None

    def canonical(self, text):
        """The one way of writing `text`; words stay as they are."""
        return text

    def check(self, question, value, today):
        field = question.field
        most = field.max_length or self.longest
        if len(value) > most:
            raise Wrong(TOO_LONG, most=most, count=len(value))
        if field.min_length and len(value) < field.min_length:
            raise Wrong(TOO_SHORT, least=field.min_length)
        if field.pattern and not re2.fullmatch(field.pattern, value):
            raise Wrong(_("「%(label)s」の書き方が違います。例を見て、入力し直してください。"))

    def schema(self, question):
        return {"type": "string", "maxLength": question.field.max_length or self.longest}


class LongTextType(TextType):
    """Several lines of words."""

    longest = 2000
    cleaner = staticmethod(clean_text)


class NameType(TextType):
    """A person's name, byte for byte as given: 𠮷, 神 (U+FA19) and variation selectors survive."""

    longest = 100
    sensitivity = "personal"


class KanaType(TextType):
    """A reading. Hiragana, half width and decomposed letters become full-width katakana: a reading has no
    other form.
    """

    longest = 100
    sensitivity = "personal"

    def canonical(self, text):
        kana = unicodedata.normalize("NFKC", text).translate(_TO_KATAKANA)
        return _KANA_DASH.sub(_LONG_VOWEL, kana)

    def check(self, question, value, today):
        super().check(question, value, today)
        if not _KANA.fullmatch(value):
            raise Wrong(_("「%(label)s」はカタカナかひらがなで入力してください。"))


class EmailType(TextType):
    """A mail address."""

    longest = 254
    sensitivity = "personal"
    _is_address = EmailValidator()

    def canonical(self, text):
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))

    def check(self, question, value, today):
        super().check(question, value, today)
        try:
            self._is_address(value)
        except ValidationError:
            message = _("「%(label)s」の書き方が違います。「taro@example.jp」のように入力してください。")
            raise Wrong(message) from None

    def schema(self, question):
        return {"type": "string", "format": "email", "maxLength": 254}


class PhoneType(TextType):
    """A telephone number: 10 or 11 figures from 0 in Japan, or + and a number abroad (E.164)."""

    longest = 30
    sensitivity = "personal"

    def canonical(self, text):
        plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
        number = _SEPARATORS.sub("-", plain).strip("-")
        number = re.sub(r"^\+81-?0?", "0", number)
        found = _MOBILE.fullmatch(number)
        return "-".join(found.groups()) if found else number

    def check(self, question, value, today):
        super().check(question, value, today)
        figures = value.replace("-", "")
        fixed = _FIXED.fullmatch(figures) and not re.match("0[256789]0", figures)
        if not (fixed or _MOBILE.fullmatch(figures) or _ABROAD.fullmatch(figures)):
            raise Wrong(_("「%(label)s」は市外局番から入力してください。例：0297-23-2111、090-1234-5678"))


class PostalType(TextType):
    """A postal code, stored 303-8501."""

    longest = 20
    sensitivity = "personal"

    def canonical(self, text):
        return postal_code(text)

    def check(self, question, value, today):
        if not is_postal_code(value):
            raise Wrong(_("「%(label)s」は7けたの数字で入力してください。例：303-8501"))

    def show(self, question, value, language):
        return f"〒{value}"


class CodeType(TextType):
    """A number or sign that is not counted with: full width becomes half width."""

    longest = 60

    def canonical(self, text):
        return unicodedata.normalize("NFKC", text)


def postal_code(text):
    """`text` as 303-8501 when it holds seven figures, else in half width as it stands."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    figures = re.sub(r"[〒\s\-]", "", plain)
    return f"{figures[:3]}-{figures[3:]}" if re.fullmatch("[0-9]{7}", figures) else plain


def is_postal_code(text):
    """Whether `text` is a postal code in its stored form."""
    return bool(re.fullmatch("[0-9]{3}-[0-9]{4}", text))
