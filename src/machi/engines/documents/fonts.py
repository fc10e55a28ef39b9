"""The fonts documents are set in, and what they can show.

IPAmjMincho holds the letters of names (人名漢字) with the variation selectors of the Moji_Joho collection.
Typst says when
a letter is missing, but draws the plain letter when only its variant is: so variants are looked up here, in
the font's
own table (OpenType `cmap`, format 14).
"""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

import typst

FOLDERS = (
    "/usr/share/fonts/truetype/ipamj",
    "/usr/share/fonts/opentype/ipaexfont-mincho",
    "/usr/share/fonts/opentype/ipaexfont-gothic",
)
WIDE_FOLDERS = ("/usr/share/fonts/opentype/noto",)  # 200 ms and more to read: only for what the others lack
NAMES = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
FULL_UNICODE, VARIANTS = (3, 10), (0, 5)  # platform and encoding of the tables of letters (formats 12, 14)
_VARIANT = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])", re.DOTALL)


class FontsMissing(RuntimeError):
    """The fonts for names are not installed on this machine."""


@cache
def fonts(*, wide):
    """The fonts, read once per process; `wide` adds Noto for letters outside Japanese."""
    if not NAMES.exists():
        raise FontsMissing(f"The font for names is missing: install fonts-ipamj-mincho ({NAMES} is not there).")
    folders = [folder for folder in FOLDERS + (WIDE_FOLDERS if wide else ()) if Path(folder).is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def missing_variants(text):
    """The letters with variation selector in `text` that the font for names does not have."""
    known = _variants() if _VARIANT.search(text) else {}
    pairs = ((ord(letter), ord(selector)) for letter, selector in _VARIANT.findall(text))
    return [chr(letter) + chr(selector) for letter, selector in pairs if not _holds(known.get(selector, ()), letter)]


def doubtful(text):
    """Whether `text` has a letter that only typesetting can tell about: in no usual font, or a combining mark.

    Variants are not asked about here; see `missing_variants`.
    """
    known = _letters()
    plain = set(_VARIANT.sub(r"\1", text))
    return any(letter not in known or unicodedata.combining(letter) for letter in plain)


@cache
def _letters():
    """All letters of the usual fonts."""
    paths = [path for folder in FOLDERS for path in sorted(Path(folder).glob("*.ttf"))]
    return frozenset(chr(point) for path in paths for point in _points(path.read_bytes()))


def _points(data):
    """The code points of one font (OpenType `cmap`, format 12)."""
    start = _subtable(data, FULL_UNICODE)
    count = struct.unpack_from(">I", data, start + 12)[0]
    for group in range(count):
        first, last = struct.unpack_from(">II", data, start + 16 + group * 12)
        yield from range(first, last + 1)


def _holds(ranges, letter):
    return any(first <= letter <= last for first, last in ranges)


@cache
def _variants():
    """Variation selector → ranges (first, last) of the letters that have it."""
    data = NAMES.read_bytes()
    start = _subtable(data, VARIANTS)
    count = struct.unpack_from(">I", data, start + 6)[0]
    found = {}
    for record in range(count):
        place = start + 10 + record * 11
        selector = int.from_bytes(data[place : place + 3], "big")
        defaults, others = struct.unpack_from(">II", data, place + 3)
        found[selector] = _default_ranges(data, defaults and start + defaults) + _other_letters(
            data, others and start + others
        )
    return found


def _subtable(data, wanted):
    """Where the `cmap` subtable `wanted` (platform, encoding) begins."""
    tables = struct.unpack_from(">H", data, 4)[0]
    directory = {data[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">I", data, 20 + 16 * n)[0] for n in range(tables)}
    cmap = directory[b"cmap"]
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * number)
        if (platform, encoding) == wanted:
            return cmap + offset
    raise FontsMissing(f"A font has no table {wanted} of letters.")


def _default_ranges(data, place):
    """Letters whose variant is the plain form: ranges of first letter (3 bytes) and how many follow (1
    byte).
    """
    if not place:
        return []
    count = struct.unpack_from(">I", data, place)[0]
    firsts = [
        (int.from_bytes(data[at : at + 3], "big"), data[at + 3]) for at in range(place + 4, place + 4 + 4 * count, 4)
    ]
    return [(first, first + more) for first, more in firsts]


def _other_letters(data, place):
    """Letters whose variant has a form of its own: letter (3 bytes) and glyph (2 bytes)."""
    if not place:
        return []
    count = struct.unpack_from(">I", data, place)[0]
    letters = [int.from_bytes(data[at : at + 3], "big") for at in range(place + 4, place + 4 + 5 * count, 5)]
    return [(letter, letter) for letter in letters]
