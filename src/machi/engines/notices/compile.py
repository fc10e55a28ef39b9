"""The small language of notices: `{{ name }}`, `{{ name | filter }}`, `{% if name %}…{% endif %}`, nothing
else.

A text is read into nodes: str (words), Slot (a value), Block (nodes shown only if a value is there).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from machi.engines.definitions.define import DefinitionFault

TYPES = ("text", "longtext", "list", "link", "date", "yen")
FACTS = ("list", "link", "date", "yen")
FILTERS = {"yen": "yen", "date": "date", "day": "date"}  # filter → the type it is for
MARK = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
BRACE = re.compile(r"\{\{|\}\}|\{%|%\}")
LONE_TAG = re.compile(r"^[ \t]*(\{%[^%\n]*%\})[ \t]*\n", re.MULTILINE)
SLOT = re.compile(r"\s*([a-z][a-z0-9_]*)\s*(?:\|\s*([a-z]+)\s*)?")
IF = re.compile(r"\s*if\s+([a-z][a-z0-9_]*)\s*")
ENDIF = re.compile(r"\s*endif\s*")


@dataclass(frozen=True)
class Slot:
    """A place for the value `name`, written out by `filter` ("" = as its type says)."""

    name: str
    filter: str = ""


@dataclass(frozen=True)
class Block:
    """Nodes that appear only where `name` has a value."""

    name: str
    nodes: tuple


def parse(text, data=None, *, one_line=False):
    """The nodes of `text`. With `data` ({name: type}) every name and filter is checked. Raises
    TemplateFault.
    """
    nodes = _parse(text)
    if data is not None:
        _check(nodes, data)
        _check_lists(text, data)
    if one_line and "\n" in text.strip():
        raise DefinitionFault((), "件名が2行以上あります。", "件名は1行で書いてください。")
    return nodes


@lru_cache(maxsize=512)
def _parse(text):
    text = LONE_TAG.sub(r"\1", text)
    stack, at = [("", [])], 0
    for mark in MARK.finditer(text):
        _words(text[at : mark.start()], stack)
        at = mark.end()
        if mark[1] is not None:
            stack[-1][1].append(_slot(mark))
        elif found := IF.fullmatch(mark[2]):
            stack.append((found[1], []))
        elif ENDIF.fullmatch(mark[2]) and len(stack) > 1:
            name, nodes = stack.pop()
            stack[-1][1].append(Block(name, tuple(nodes)))
        else:
            raise _outside(f"「{mark[0]}」は使えません。")
    _words(text[at:], stack)
    if len(stack) > 1:
        message = f"{{% if {stack[-1][0]} %}} が閉じられていません。"
        raise DefinitionFault((), message, "終わりに {% endif %} を書いてください。")
    return tuple(stack[0][1])


def _outside(message):
    """The fault of something that is not in the language."""
    return DefinitionFault(
        (), message, "使えるのは {{ 名前 }}、{{ 名前 | yen }}、{% if 名前 %}…{% endif %} だけです。"
    )


def _words(text, stack):
    if stray := BRACE.search(text):
        raise _outside(f"「{stray[0]}」の相手がありません。")
    if text:
        stack[-1][1].append(text)


def _slot(mark):
    found = SLOT.fullmatch(mark[1])
    if not found:
        raise _outside(f"「{mark[0]}」は読み取れません。")
    return Slot(found[1], found[2] or "")


def _check(nodes, data):
    for node in nodes:
        if isinstance(node, str):
            continue
        if node.name not in data:
            known = "、".join(data) or "なし"
            raise DefinitionFault((), f"「{node.name}」は data にありません。", f"使える名前: {known}")
        if isinstance(node, Block):
            _check(node.nodes, data)
        elif node.filter and FILTERS.get(node.filter) != data[node.name]:
            raise DefinitionFault(
                (),
                f"「{node.name}」（{data[node.name]}）に「{node.filter}」は使えません。",
                "yen は金額（yen）に、date と day は日付（date）に使えます。",
            )


def _check_lists(text, data):
    """A list needs a line of its own: inside a sentence it cannot be shown as points."""
    for line in text.splitlines():
        plain = re.sub(r"\{%.*?%\}", "", line).strip()
        for name in re.findall(r"\{\{\s*([a-z0-9_]+)", plain):
            if data.get(name) == "list" and not MARK.fullmatch(plain):
                message = f"一覧 {{{{ {name} }}}} が文の途中にあります。"
                raise DefinitionFault((), message, "一覧は1行に単独で書いてください。")


def names_in(nodes):
    """The names of all values that appear, also inside blocks."""
    names = set()
    for node in nodes:
        if isinstance(node, Slot):
            names.add(node.name)
        elif isinstance(node, Block):
            names |= names_in(node.nodes)
    return names
