"""Reading definition files: strict YAML 1.2, every scalar a text, every value with its file and line.

No anchors, aliases, tags or repeated keys; so a file says what it seems to say, and cannot grow while it is
read.
"""

import re
from typing import NamedTuple

import yaml

from .define import Fault
from .words import yaml_words

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# What a file itself must not contain. U+2028 and U+2029 (and U+0085) end a line for libyaml, though not in YAML 1.2.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# Faults that begin where the context begins, however far the reader got before it noticed.
_OPENED = ("while parsing a flow", "while scanning a quoted", "while scanning a simple key")


class Place(NamedTuple):
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
        documents = _documents(_decode(data), file)
        return [document for document in documents if document is not None], []
    except _Unreadable as bad:
        return [], [Fault(file, bad.line, "", bad.message, bad.mend)]


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
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _Unreadable(
            line, "UTF-8 の文字として読めません。", "文字コードを UTF-8 にして保存し直してください。"
        ) from None
    if unseen := _UNSEEN.search(text):
        raise _unseen(text.count("\n", 0, unseen.start()) + 1)
    return text


def _unseen(line):
    return _Unreadable(line, "目に見えない制御文字が入っています。", "その行を打ち直してください。")


def _events(text):
    """What libyaml finds in the text, one event after the other."""
    try:
        yield from yaml.parse(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        opened = error.context_mark and str(error.context).startswith(_OPENED)
        mark = error.context_mark if opened else error.problem_mark
        line = min(mark.line, text.rstrip().count("\n")) + 1
        raise _Unreadable(line, *yaml_words(str(error), text[error.problem_mark.index :][:1])) from None
    except (yaml.YAMLError, ValueError) as error:
        raise _Unreadable(1, *yaml_words(str(error))) from None


def _documents(text, file):
    """One tree for each document of the stream."""
    builder = None
    for event in _events(text):
        if isinstance(event, yaml.DocumentStartEvent):
            builder = _Builder(file)
        elif isinstance(event, yaml.DocumentEndEvent):
            yield builder.root
        elif builder is not None and not isinstance(event, yaml.StreamEndEvent):
            builder.take(event)


class _Builder:
    """Builds the tree of one document from parser events, without recursion."""

    def __init__(self, file):
        self.file, self.root, self.stack = file, None, []

    def take(self, event):
        place = Place(self.file, event.start_mark.line + 1)
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
            return
        self._refuse(event, place)
        if isinstance(event, yaml.ScalarEvent):
            self._add(event.value or (event.value if event.style else None), place)
        else:
            node = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
            self._add(node, place)
            self.stack.append([node, None])

    def _refuse(self, event, place):
        if event.anchor is not None:  # an alias has one too
            raise _Unreadable(
                place.line,
                "「&」や「*」で始まる参照は使えません。",
                "同じ内容を書き写すか、「」で囲んだ文字にしてください。",
            )
        if event.tag is not None:
            raise _Unreadable(
                place.line, "「!」で始まる型の指定は使えません。", '「!…」を消すか、"" で囲んでください。'
            )
        if len(self.stack) >= MAX_DEPTH:
            raise _Unreadable(place.line, "入れ子が深すぎます。", "段を減らしてください。")
        if isinstance(event, yaml.ScalarEvent) and _CONTROL.search(event.value):  # made by an escape
            raise _unseen(place.line)

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
