"""The files of another system, as applications: their items by name, and what was attached.

One application is an XML file, with the files that lie in its folder; or a row of a CSV file, with the files in a
folder named by its receipt number. Nothing is written to disk by the names that stand in the file.
"""

import csv
import io
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

MOST_FILES, MOST_BYTES, MOST_DEPTH = 2000, 200 * 1024 * 1024, 40


class IntakeRefused(Exception):
    """A file that holds no applications; its words say why and what to do."""


@dataclass
class Application:
    """One application: where it stands in the file, its items {path: words}, attached files {name: bytes}.

    `fault` says why it could not be read; it is listed all the same.
    """

    place: str
    items: dict
    files: dict = field(default_factory=dict)
    fault: str = ""

    def item(self, name):
        """What an item says: by its whole path, or by the end of it; blank when it says nothing."""
        wanted = _plain(name)
        if wanted in self.items:
            return self.items[wanted]
        return next((words for path, words in self.items.items() if path.endswith(f"/{wanted}") and words), "")


def read(data, name):
    """[Application] in a file: a zip, one XML or one CSV. Raises IntakeRefused."""
    entries = _entries(data) if zipfile.is_zipfile(io.BytesIO(data)) else {name: data}
    found = []
    for path, content in sorted(entries.items()):
        suffix = PurePosixPath(path).suffix.lower()
        if suffix == ".xml":
            found.append(_from_xml(path, content, entries))
        elif suffix == ".csv":
            found += _from_csv(path, content, entries)
    if not found:
        raise IntakeRefused(
            "申請データ（XMLかCSV）が入っていません。申請管理システムから出したファイルを選んでください。"
        )
    return found


def _entries(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            _check(listed)
            return {_name(one): archive.read(one) for one in listed}
    except IntakeRefused:
        raise
    except Exception:  # noqa: BLE001  (a broken archive breaks the library in many ways)
        raise IntakeRefused(
            "ファイルを開けません。壊れているか、パスワードがかかっています。もう一度受け取ってください。"
        ) from None


def _check(listed):
    if len(listed) > MOST_FILES or sum(one.file_size for one in listed) > MOST_BYTES:
        raise IntakeRefused("中のファイルが多すぎるか、大きすぎます（2000個、200MBまで）。分けて持ち込んでください。")
    if any(stat.S_ISLNK(one.external_attr >> 16) for one in listed):
        raise IntakeRefused("ほかの場所を指すだけのファイル（リンク）が入っています。持ち込めません。")
    names = [_name(one) for one in listed]
    if len(set(names)) != len(names):
        raise IntakeRefused("同じ名前のファイルが二つ入っています。持ち込めません。")


def _name(one):
    """A name in the zip; Windows writes CP932 without saying so."""
    if one.flag_bits & 0x800:
        return one.filename
    try:
        return one.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return one.filename


def _from_xml(path, content, entries):
    folder = str(PurePosixPath(path).parent)
    beside = {
        PurePosixPath(other).name: data
        for other, data in entries.items()
        if str(PurePosixPath(other).parent) == folder and PurePosixPath(other).suffix.lower() not in (".xml", ".csv")
    }
    try:
        text = _decode(content)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            return Application(path, {}, beside, "XMLの中に、使えない宣言（DOCTYPE）があります。")
        root = ET.fromstring(text)  # noqa: S314  (without declarations nothing can grow)
    except (ET.ParseError, ValueError, RecursionError):
        return Application(path, {}, beside, "XMLとして読めません。壊れています。")
    return Application(path, dict(_walk(root)), beside)


def _walk(root):
    """(path, words) of every element that says something, without namespaces; of equal paths the first counts."""
    seen, stack = set(), [(root, "")]
    while stack:
        element, above = stack.pop()
        path = f"{above}/{_plain(element.tag.rpartition('}')[2])}".lstrip("/")
        words = (element.text or "").strip()
        if words and path not in seen:
            seen.add(path)
            yield path, words
        if path.count("/") < MOST_DEPTH:
            stack += [(inner, path) for inner in reversed(element) if isinstance(inner.tag, str)]


def _from_csv(path, content, entries):
    try:
        rows = list(csv.reader(io.StringIO(_decode(content), newline="")))
    except (ValueError, csv.Error):
        return [Application(path, {}, {}, "CSVとして読めません。文字コードは UTF-8 か Shift_JIS にしてください。")]
    headings = [_plain(cell) for cell in rows[0]] if rows else []
    found = []
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            items = {name: cell.strip() for name, cell in zip(headings, row, strict=False) if name}
            fault = "列の数が見出しより多い行です。" if len(row) > len(headings) else ""
            found.append(Application(f"{path}:{line}", items, _named_folder(items, entries), fault))
    return found


def _named_folder(items, entries):
    """The files in a folder whose name is one of the row's values: that of its receipt number."""
    values = {words for words in items.values() if words}
    return {
        PurePosixPath(path).name: data
        for path, data in entries.items()
        if PurePosixPath(path).parent.name in values and PurePosixPath(path).suffix.lower() not in (".xml", ".csv")
    }


def _decode(content):
    """Bytes as text: UTF-8 (with or without a mark), UTF-16 with one, else CP932. Raises ValueError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932")


def _plain(name):
    return "".join(unicodedata.normalize("NFKC", name).split())
