"""Reading definition files: strict YAML 1.2, every scalar a text, every value with its file and line.

No anchors, aliases, tags or repeated keys; so a file says what it seems to say, and cannot grow while it is
read.
"""

import unicodedata
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from .define import Fault
from .words import yaml_words

MAX_BYTES = 1_000_000
MAX_DEPTH = 40


@dataclass(frozen=True)
class Place:
    """Where a value is written: file, and line counted from 1."""

    file: str
    line: int


class Map(dict):
    """A mapping that knows where it and each of its keys are written."""

    def __init__(self, place):
        super().__init__()
        self.place, self.places = place, {}

    def put(self, key, value, place):
        self[key], self.places[key] = value, place


class Seq(list):
    """A list that knows where it and each of its items are written."""

    def __init__(self, place):
        super().__init__()
        self.place, self.places = place, []

    def put(self, index, value, place):
        self.insert(index, value)
        self.places.insert(index, place)

    def take(self, index):
        self.pop(index)
        self.places.pop(index)


class _Unreadable(Exception):
    def __init__(self, line, message, mend):
        super().__init__(message)
        self.line, self.message, self.mend = line, message, mend


def read(data, file):
    """The documents of one file (`data`: bytes), and its faults.

    Documents before an unreadable place are not given either: half a file says something else than the whole.
    """
    try:
        text = _decode(data)
        return [document for document in _documents(text, file) if document is not None], []
    except _Unreadable as bad:
        return [], [Fault(file, bad.line, "", bad.message, bad.mend)]
    except MarkedYAMLError as error:
        open_ended = error.context_mark and str(error.context).startswith(
            ("while parsing a flow", "while scanning a quoted")
        )
        mark = error.context_mark if open_ended else error.problem_mark or error.context_mark
        return [], [Fault(file, mark.line + 1 if mark else 1, "", *yaml_words(error))]
    except (YAMLError, ValueError, RecursionError) as error:
        line = _reader_line(data, error)
        return [], [Fault(file, line, "", *yaml_words(error))]


def place_of(tree, path):
    """The place of the value at `path`; of the nearest thing around it where the value itself is missing."""
    place = getattr(tree, "place", Place("", 0))
    for step in path:
        if (isinstance(tree, Map) and step in tree) or (
            isinstance(tree, Seq) and isinstance(step, int) and step < len(tree)
        ):
            place, tree = tree.places[step], tree[step]
        else:
            break
    return place


def _decode(data):
    if len(data) > MAX_BYTES:
        raise _Unreadable(
            1, "ファイルが大きすぎます（1MBまで）。", "定義をいくつかのファイルに分けてください。"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _Unreadable(
            line, "UTF-8 の文字として読めません。", "文字コードを UTF-8 にして保存し直してください。"
        ) from None


def _reader_line(data, error):
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return 1
    return data.decode("utf-8", "replace")[:position].count("\n") + 1


def _documents(text, file):
    """One tree for each document of the stream."""
    builder = None
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, ev.DocumentStartEvent):
            builder = _Builder(file)
        elif isinstance(event, ev.DocumentEndEvent):
            yield builder.root
        elif builder is not None and not isinstance(event, ev.StreamEndEvent):
            builder.take(event)


class _Builder:
    """Builds the tree of one document from parser events, without recursion."""

    def __init__(self, file):
        self.file, self.root, self.stack = file, None, []

    def take(self, event):
        place = Place(self.file, event.start_mark.line + 1)
        if isinstance(event, (ev.MappingEndEvent, ev.SequenceEndEvent)):
            self.stack.pop()
            return
        self._refuse(event, place)
        if isinstance(event, ev.ScalarEvent):
            _refuse_letters(event.value, place)
            blank = event.value == "" and event.style is None
            self._add(None if blank else event.value, place)
        else:
            node = Map(place) if isinstance(event, ev.MappingStartEvent) else Seq(place)
            self._add(node, place)
            self.stack.append([node, None])

    def _refuse(self, event, place):
        if isinstance(event, ev.AliasEvent) or event.anchor is not None:
            raise _Unreadable(
                place.line,
                "「&」や「*」で始まる参照は使えません。",
                "同じ内容を書き写すか、「」で囲んだ文字にしてください。",
            )
        if event.ctag is not None and str(event.ctag):
            raise _Unreadable(
                place.line, "「!」で始まる型の指定は使えません。", '「!…」を消すか、"" で囲んでください。'
            )
        if len(self.stack) >= MAX_DEPTH:
            raise _Unreadable(place.line, "入れ子が深すぎます。", "段を減らしてください。")

    def _add(self, value, place):
        if not self.stack:
            self._begin(value, place)
            return
        node, key = top = self.stack[-1]
        if isinstance(node, Seq):
            node.put(len(node), value, place)
        elif key is None:
            top[1] = (_key(node, value, place), place)
        else:
            node.put(*_pair(key, value))
            top[1] = None

    def _begin(self, value, place):
        if value is not None and not isinstance(value, Map):
            raise _Unreadable(
                place.line,
                "定義は「項目: 値」の並びで書きます。",
                "先頭を「machi: 1」から書き始めてください。",
            )
        self.root = value


def _refuse_letters(text, place):
    """Control characters and halves of characters, which escapes can make, cannot be stored."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise _Unreadable(place.line, "目に見えない制御文字が入っています。", "その行を打ち直してください。")


def _pair(key, value):
    name, place = key
    return name, value, place


def _key(node, value, place):
    if not isinstance(value, str):
        raise _Unreadable(
            place.line, "項目の名前が空か、文字ではありません。", "「名前: 値」の形にしてください。"
        )
    if value in node:
        first = node.places[value].line
        raise _Unreadable(
            place.line,
            f"「{value}」が2回書かれています（1回目は{first}行目）。",
            "どちらか一つにまとめてください。",
        )
    return value
