"""Office files: zip archives, judged by what is inside and how far they would swell."""

import io
import zipfile

from django.utils.translation import gettext_lazy as _

from .define import FileRefused

MAX_ENTRIES = 5_000
MAX_SWOLLEN = 200 * 1024 * 1024
MAX_RATIO = 200
CHUNK = 1024 * 1024
OPENXML = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "word/document.xml": OPENXML + "wordprocessingml.document",
    "xl/workbook.xml": OPENXML + "spreadsheetml.sheet",
    "ppt/presentation.xml": OPENXML + "presentationml.presentation",
}
OPENDOCUMENT = {
    "application/vnd.oasis.opendocument." + name for name in ("text", "spreadsheet", "presentation")
}

BURSTS = _(
    "ファイルの中身が大きすぎて、安全に開けません。画像を減らすか、PDF に保存したものを選んでください。"
)
UNREADABLE = _(
    "ファイルを読み取れませんでした。Word や Excel で開けるか確かめて、もう一度保存したものを選んでください。"
)
MACROS = _(
    "このファイルには、動くしくみ（マクロ）が入っています。"
    "マクロのない形式か PDF で保存したものを選んでください。"
)
LOCKED = _("このファイルにはパスワードがかかっています。パスワードを外して保存したものを選んでください。")


def is_archive(data):
    """Whether `data` begins as a zip file does."""
    return data.startswith(b"PK\x03\x04")


def inspect(data):
    """The mime type of an office file, or None if the zip is something else. Raises FileRefused (bomb,
    macro, lock).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            mime = _mime(archive)
            if mime:
                _refuse_dangerous(archive)
                _refuse_swelling(archive, len(data))
            return mime
    except FileRefused:
        raise
    except Exception as error:  # zlib, zipfile and struct raise many kinds on hostile input
        raise FileRefused(UNREADABLE) from error


def _mime(archive):
    names = set(archive.namelist())
    for part, mime in PARTS.items():
        if part in names and "[Content_Types].xml" in names:
            return mime
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        declared = archive.read("mimetype").decode("ascii", "replace")
        return declared if declared in OPENDOCUMENT else None
    return None


def _refuse_dangerous(archive):
    for entry in archive.infolist():
        if entry.flag_bits & 1:
            raise FileRefused(LOCKED)
        name = entry.filename.lower()
        if name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) or name.startswith("basic/"):
            raise FileRefused(MACROS)


def _refuse_swelling(archive, size):
    """Refuse by what the directory says, then by what really comes out: the directory may lie."""
    entries = archive.infolist()
    limit = min(MAX_SWOLLEN, size * MAX_RATIO)
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > limit:
        raise FileRefused(BURSTS)
    out = 0
    for entry in entries:
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                out += len(chunk)
                if out > limit:
                    raise FileRefused(BURSTS)
                if entry.filename.endswith(".rels") and b"attachedTemplate" in chunk and b"External" in chunk:
                    raise FileRefused(MACROS)
