"""Japanese text: what may be stored, and the keys by which it is found again.

What people wrote is kept as they wrote it (𠮷 and 神 U+FA19 survive byte for byte): `clean_line` and
`clean_text` refuse
what is dangerous and trim, but never normalise. Finding works on separate keys: `search_key`, `kana_key`.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | {
    0x30FD: 0x309D,
    0x30FE: 0x309E,
}
SMALL_KANA = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
SAME_SOUND = str.maketrans("ぢづゐゑを", "じずいえお")
HYPHENS = "‐‑‒–—―−－﹣ｰ─━ー"
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
NUMBER_SIGNS = str.maketrans("－‐‑‒–—―−ー─（）＋　．，", "----------()+ .,")

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_KANA_DASH = re.compile(f"(?<=[ぁ-ゖァ-ヺー])[\\-{HYPHENS}](?![0-9a-z])")
_DASH = re.compile(f"[{HYPHENS.replace('ー', '')}]|(?<![ぁ-ゖァ-ヺー])ー")
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]")
_JAPANESE = "ぁ-ゖァ-ヺー々〇一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff"
_SPACE_IN_JAPANESE = re.compile(f"(?<=[{_JAPANESE}]) (?=[{_JAPANESE}])")
_REPEAT = re.compile("(.)々")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufff9-\ufffb]"
)
_NEWLINE = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_EDGE = "\ufeff\u200b"


class UncleanText(ValueError):
    """Text that cannot be kept. `code` is control, direction or long; `message` says so to the reader."""

    def __init__(self, code, message):
        super().__init__(code)
        self.code = code
        self.message = message


@cache
def _variants():
    table = {}
    for line in Path(__file__).with_name("variants.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            base, others = line.split("\t")
            table.update({ord(other): base for other in others.split()})
    return table


def search_key(text):
    """The key by which `text` is found: one form for all the ways people write the same.

    Full and half width, capitals, accents, katakana and hiragana, ヶ and ケ, long marks and hyphens, old and
    new letter
    forms (髙 高, 邉 辺), variation selectors, spaces between Japanese letters and 々 all fold. Never stored
    in place of text.
    """
    key = _SELECTORS.sub("", unicodedata.normalize("NFKC", _SELECTORS.sub("", text)))
    key = fold_accents(key).casefold().replace("〜", "~").replace("’", "'")
    key = _DASH.sub("-", _KANA_DASH.sub("ー", key))
    key = key.translate(KATAKANA_TO_HIRAGANA).replace("ゖ", "け").replace("ゕ", "か")
    key = _REPEAT.sub(r"\1\1", key.translate(_variants()))
    return _SPACE_IN_JAPANESE.sub("", " ".join(key.split()))


def kana_key(text):
    """The key of a reading (ふりがな): `search_key` with small kana, ぢ/じ, long marks and spaces folded.

    Registers of different years write キョウコ, キヨウコ and きょうこ for one name; all three have one key.
    """
    key = search_key(text).translate(SMALL_KANA).translate(SAME_SOUND)
    return re.sub(r"[\s・ー\-']", "", key)


def fold_accents(text):
    """`text` without the accents of Latin letters (colchão → colchao); Japanese voicing marks stay."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _LATIN_ACCENTS.sub("", parts))


def to_halfwidth_digits(text):
    """`text` with full-width digits, hyphens, brackets and spaces as ASCII: for phone, postal code and number
    fields.
    """
    return text.translate(DIGITS).translate(NUMBER_SIGNS).strip()


def clean_line(text, *, longest=None):
    """One line as it may be kept: trimmed, line ends and tabs as one space, nothing else changed.

    Raises UncleanText for control characters (NUL and others), for direction overrides, and beyond `longest`
    characters.
    """
    line = re.sub("[\t\n]+", " ", _checked(text))
    return _short(line.strip().strip(_EDGE).strip(), longest)


def clean_text(text, *, longest=None):
    r"""Text of several lines as it may be kept: line ends as \\n, trimmed at both ends, nothing else changed.

    Raises UncleanText as `clean_line` does.
    """
    return _short(_checked(text).strip().strip(_EDGE).strip(), longest)


def _checked(text):
    text = _NEWLINE.sub("\n", text)
    if _CONTROL.search(text):
        message = _("使えない文字（制御文字）が入っています。その文字を消して、もう一度入力してください。")
        raise UncleanText("control", message)
    if _DIRECTION.search(text):
        message = _("文字の並ぶ向きを変える見えない記号が入っています。書き直してください。")
        raise UncleanText("direction", message)
    return text


def _short(text, longest):
    if longest is not None and len(text) > longest:
        raise UncleanText("long", _("文字が多すぎます。短くしてください。"))
    return text
