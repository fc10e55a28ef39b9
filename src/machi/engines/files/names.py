"""File names from strangers, made safe without touching the letters people wrote."""

import unicodedata
from pathlib import PurePosixPath

LONGEST_STEM = 100
MAX_BYTES = 200  # of the whole name in UTF-8: file systems take 255
FORBIDDEN = set('<>:"/\\|?*')
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}


def safe_name(name, mime):
    """`name` without folders, control and direction signs, cut to length, ending as its content demands.

    Letters are kept exactly as given (𠮷, U+FA19): nothing is normalised.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join("_" if sign in FORBIDDEN else sign for sign in last if _harmless(sign))
    stem = PurePosixPath(kept.strip(" .") or "file").stem.strip(" .") or "file"
    extension = EXTENSIONS.get(mime, "")
    return _cut(stem[:LONGEST_STEM], MAX_BYTES - len(extension)) + extension


def _harmless(sign):
    """False for control and format signs (right-to-left override, zero width); gaiji and variation selectors
    stay.
    """
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _cut(text, size):
    return text.encode()[:size].decode(errors="ignore")
