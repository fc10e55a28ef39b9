"""PDF files: taken as they are if they only show something."""

import io
import logging
import re

import pypdf
from django.utils.translation import gettext_lazy as _
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from .define import FileRefused

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote what is inside
MAX_OBJECTS = 100_000
ACTIVE = {b"/JavaScript", b"/Launch", b"/EmbeddedFiles", b"/EmbeddedFile", b"/RichMedia"}
# Short names would turn up by chance in compressed data: looked for in objects only.
ACTIVE_KEYS = {name.decode() for name in ACTIVE} | {"/JS", "/EF", "/XFA"}
ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
NAME = re.compile(rb"/[A-Za-z#][A-Za-z0-9#]{3,60}")
OTHER_FORMAT = re.compile(rb"<\s*(?:html|script|!doctype|svg|body)|PK\x03\x04|<\?php", re.IGNORECASE)

UNREADABLE = _(
    "PDF を読み取れませんでした。ファイルを開けるか確かめて、もう一度保存したものを選んでください。"
)
ENCRYPTED = _("この PDF にはパスワードがかかっています。パスワードを外して保存したものを選んでください。")
NOT_PLAIN = _(
    "この PDF には、動くしくみや別のファイルが入っています。"
    "「印刷」から「PDF に保存」を選び、できたファイルを使ってください。"
)


def inspect(data):
    """Raise FileRefused unless `data` is a PDF that opens without a password, runs nothing and carries no
    other file.

    Names are looked for in the raw bytes (also in parts no longer used) and in every object (also compressed
    ones).
    """
    if OTHER_FORMAT.search(data[:1024]) or OTHER_FORMAT.search(data[data.rfind(b"%%EOF") :]):
        raise FileRefused(NOT_PLAIN)
    if any(ESCAPE.sub(_unescape, name) in ACTIVE for name in NAME.findall(data)):
        raise FileRefused(NOT_PLAIN)
    try:
        _inspect_objects(pypdf.PdfReader(io.BytesIO(data)))
    except FileRefused:
        raise
    except Exception as error:  # the parser raises anything on hostile input, RecursionError too
        raise FileRefused(UNREADABLE) from error


def _unescape(match):
    return bytes([int(match[1], 16)])


def _inspect_objects(reader):
    if reader.is_encrypted:
        raise FileRefused(ENCRYPTED)
    if not len(reader.pages):
        raise FileRefused(UNREADABLE)
    numbers = {(number, generation) for generation, entries in reader.xref.items() for number in entries}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise FileRefused(UNREADABLE)
    for number, generation in numbers:
        if _is_active(_object(reader, number, generation)):
            raise FileRefused(NOT_PLAIN)


def _object(reader, number, generation):
    """One object, or None where the table points nowhere: many programs leave such holes."""
    try:
        return reader.get_object(IndirectObject(number, generation, reader))
    except PdfReadError:
        return None


def _is_active(thing):
    """Whether a PDF object, or one directly inside it, does more than show."""
    waiting = [thing]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, DictionaryObject):
            if ACTIVE_KEYS & {str(key) for key in thing} or str(thing.get("/S", "")) in ACTIVE_KEYS:
                return True
            waiting += [value for key, value in thing.items() if key != "/Parent"]
        elif isinstance(thing, ArrayObject):
            waiting += list(thing)
    return False
