"""The zip file of a package, written in one way only: the same contents are the same bytes everywhere.

Nothing is compressed and nothing carries a time, so whatever differs from what `pack` writes was changed.
"""

import io
import re
import stat
import zipfile

from .define import PackageRefused

MOST_BYTES, MOST_FILES = 4 * 1024 * 1024, 300
NAME = re.compile(r"(manifest|signature)\.json|(definitions|files)(/[a-z0-9_-][a-z0-9_.-]*)+")
TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say


def pack(entries):
    """The bytes of a package with `entries` (bytes by name)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            about = zipfile.ZipInfo(name, TIME)
            about.create_system, about.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(about, entries[name])
    return out.getvalue()


def unpack(data):
    """The entries of a package. Raises PackageRefused for anything that `pack` would not have written."""
    if len(data) > MOST_BYTES:
        raise PackageRefused("ファイルが大きすぎます（4MBまで）。手続のパッケージかどうか、送り元に確かめてください。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _entries(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, UnicodeDecodeError, ValueError):
        raise PackageRefused(
            "パッケージとして開けません。ファイルが壊れているか、別の種類のファイルです。もう一度受け取ってください。"
        ) from None
    if pack(entries) != data:
        raise PackageRefused(
            "パッケージが作られたときの形ではありません（余分なものが付いているか、作り直されています）。"
            "送り元から、もとのファイルのまま受け取ってください。"
        )
    return entries


def _entries(archive):
    listed = archive.infolist()
    if len(listed) > MOST_FILES:
        raise PackageRefused("中のファイルが多すぎます（300まで）。手続のパッケージではありません。")
    names = [one.filename for one in listed]
    for one in listed:
        _look(one)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise PackageRefused(f"「{twice}」が二つ入っています。どちらが本物かわからないので、取り込めません。")
    if sum(one.file_size for one in listed) > MOST_BYTES:
        raise PackageRefused("開いたときの大きさが4MBを超えます。手続のパッケージではありません。")
    return {one.filename: archive.read(one) for one in listed}


def _look(one):
    """Refuse what could reach outside, grow while it is opened, or hide what it is."""
    name = one.orig_filename
    if stat.S_ISLNK(one.external_attr >> 16):
        raise PackageRefused(f"「{name[:80]}」は、ほかの場所を指すだけのファイル（リンク）です。取り込めません。")
    if not NAME.fullmatch(name):
        raise PackageRefused(
            f"「{name[:80]}」という名前のファイルは、パッケージの中にあってはならないものです。取り込めません。"
        )
    if one.flag_bits & 0x1:
        raise PackageRefused("中のファイルに鍵（パスワード）がかかっています。かけずに送ってもらってください。")
    if one.compress_type != zipfile.ZIP_STORED:
        raise PackageRefused(
            "パッケージが圧縮し直されています。送り元から、もとのファイルのまま受け取ってください。"
        )
