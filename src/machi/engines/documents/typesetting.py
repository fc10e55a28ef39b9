"""From a template and its data to PDF/A-2a + PDF/UA-1 (archivable, and readable aloud). Same input, same
bytes.
"""

import datetime as dt
import io
import json
import re
import threading
from decimal import Decimal
from pathlib import Path

import segno
import typst

from machi.engines.documents.fonts import doubtful, fonts, missing_variants
from machi.ground.calendar import era_date
from machi.ground.daywords import date_words, time_words

PAPER = Path(__file__).with_name("paper")
STANDARDS = ["a-2a", "ua-1"]
OPENING = '#import "/machi.typ": *\n'
_NO_GLYPH = re.compile(r'the text `?"(?P<text>.+?)"`? could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_LINE = re.compile(r"bytes__\.typ:(\d+):\d+")
_local = threading.local()


class DocumentFault(ValueError):
    """A document cannot be made. `message` says why, for the person at the desk; `line` is the template's, or
    0.
    """

    def __init__(self, message, line=0):
        super().__init__(message)
        self.message = message
        self.line = line


class MissingGlyph(DocumentFault):
    """A letter is in none of the fonts (外字): the paper would show a box, so there is no paper. `letters`
    says which.
    """

    def __init__(self, letters):
        points = " ".join(f"U+{ord(letter):04X}" for letter in letters)
        super().__init__(
            f"「{letters}」（{points}）の字形がフォントにないため、書類を作れません。"
            "文字情報基盤（MJ）にある字形に直すか、戸籍・住民の担当に文字の確認を頼んでください。"
        )
        self.letters = letters


def typeset(template, *, data, issued, at):
    """The PDF (bytes) of the Typst source `template` with `data` and `issued` (mappings), dated `at` (aware).

    Raises MissingGlyph when a letter cannot be shown as it is written, DocumentFault when the template fails.
    """
    inputs = _inputs(data, issued)
    source = (OPENING + template).encode()
    try:
        return _compile(source, inputs, at, wide=False)
    except MissingGlyph:
        return _compile(source, inputs, at, wide=True)


def check_letters(template, *, data, issued, at):
    """Raise MissingGlyph if the paper would lack a letter. It is typeset only where the fonts' tables leave a doubt."""
    if any(map(doubtful, _inputs(data, issued).values())):
        typeset(template, data=data, issued=issued, at=at)


def _inputs(data, issued):
    """What the template reads. Raises MissingGlyph for a variant that would be shown as its plain letter."""
    inputs = {"data": _json(data), "issued": _json(issued)}
    if lacking := missing_variants(inputs["data"]):
        raise MissingGlyph(lacking[0])
    return inputs


def _json(values):
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _compile(source, inputs, at, *, wide):
    try:
        return _compiler(wide=wide).compile(
            input=source,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise _fault(error) from None


def _compiler(*, wide):
    """A compiler of this thread; it keeps what it has parsed, so the second document costs a tenth of the
    first.
    """
    name = f"wide_{wide}"
    if not hasattr(_local, name):
        setattr(_local, name, typst.Compiler(root=PAPER, font_paths=fonts(wide=wide)))
    return getattr(_local, name)


def _fault(error):
    if found := _NO_GLYPH.search(error.message):
        return MissingGlyph(_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), found["text"]))
    place = _LINE.search(error.diagnostic or "")
    line = max(int(place[1]) - OPENING.count("\n"), 0) if place else 0
    return DocumentFault(f"書類のひな形を組めません（{line}行目）: {error.message}", line)


def plain(value, language="ja"):
    """`value` as a template gets it: a date as (iso, era, words), a booked slot the same with its label, a
    decimal
    as text, mappings and lists inside out.
    """
    if isinstance(value, dt.date):
        return _plain_day(value, language)
    if isinstance(value, dict) and {"day", "label"} <= value.keys():
        return _plain_day(dt.date.fromisoformat(str(value["day"])), language) | {"label": value["label"]}
    if isinstance(value, dict):
        return {str(key): plain(inner, language) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, language) for inner in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _plain_day(day, language):
    is_moment = isinstance(day, dt.datetime)
    words = time_words(day, language) if is_moment else date_words(day, language)
    return {"iso": day.isoformat(), "era": era_date(day.date() if is_moment else day), "words": words}


def qr_svg(text):
    """`text` as a QR code (error correction M, no border), an SVG file as text."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()
