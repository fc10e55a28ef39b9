"""The syntax tree, its JSON form, the limits and the errors of the expression language.

An expression is at most 2,000 characters, 32 levels deep, with lists of at most 1,000 items, and one
evaluation spends at most 10,000 units of fuel. The JSON form is what definition bundles store and what the
browser runs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from machi.ground.calendar import Duration, parse_duration
from machi.ground.expr.civil import plain_duration, read_date, read_datetime

MAX_LENGTH, MAX_DEPTH, MAX_LIST, MAX_FUEL = 2_000, 32, 1_000, 10_000
MAX_WHOLE_DIGITS, MAX_PLACES = 24, 10
LIMIT = 10**MAX_WHOLE_DIGITS


class ExprError(Exception):
    """A fault in an expression: `message` and `mend` are Japanese sentences, `position` counts characters
    from 0.
    """

    def __init__(self, message: str, position: int = 0, mend: str = "") -> None:
        super().__init__(f"{position + 1}文字目: {message}{mend}")
        self.message, self.position, self.mend = message, position, mend


class LimitExceeded(ExprError):
    """The expression, or its evaluation, is larger than the language allows."""


class TooLong(LimitExceeded):
    """More than 2,000 characters of text or 1,000 items in a list."""


class TooDeep(LimitExceeded):
    """More than 32 levels."""


class FuelSpent(LimitExceeded):
    """An evaluation needed more fuel than its context gave, or met a list of more than 1,000 rows."""


class NotIndexable(ExprError):
    """The expression is right, but the database cannot decide it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value; `kind` is bool, int, decimal, text, date, datetime or duration. Never negative."""

    kind: str
    value: bool | int | Decimal | str | date | datetime | Duration
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name: `place`, `booking.day`, `$settings.max_items`; `$form.x` reaches out of a row."""

    path: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A written list."""

    items: tuple["Node", ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or a function with its arguments; `and` and `or` take two or more."""

    op: str
    args: tuple["Node", ...]
    position: int = field(default=0, compare=False)


Node = Literal | Name | ListOf | Apply

# Operators with their binding strength (a higher number binds tighter).
OPERATORS = {
    "or": 1,
    "and": 2,
    "not": 3,
    "==": 4,
    "!=": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
    "neg": 7,
}

# The closed list of functions: name -> (version it appeared in, fewest arguments, most arguments).
LANGUAGE_VERSION = 1
FUNCTIONS = {
    "default": (1, 2, 2), "if": (1, 3, 3), "is_blank": (1, 1, 1),
    "sum": (1, 1, 2), "count": (1, 1, 2), "any": (1, 2, 2), "all": (1, 2, 2),
    "min": (1, 1, 20), "max": (1, 1, 20),
    "round_up": (1, 1, 2), "round_down": (1, 1, 2), "round_half_up": (1, 1, 2), "abs": (1, 1, 1),
    "age_on": (1, 2, 2), "days_between": (1, 2, 2), "add_days": (1, 2, 2), "fiscal_year": (1, 1, 1),
    "business_days_between": (1, 2, 2), "add_business_days": (1, 2, 2), "today": (1, 0, 0),
    "lookup": (1, 3, 3), "area_of": (1, 2, 2), "within": (1, 2, 2),
    "starts_with": (1, 2, 2), "ends_with": (1, 2, 2), "contains": (1, 2, 2), "matches": (1, 2, 2),
    "length": (1, 1, 1), "lower": (1, 1, 1), "concat": (1, 1, 20), "text": (1, 1, 1),
}  # fmt: skip
AGGREGATES = ("sum", "count", "any", "all", "min", "max")  # their second argument is read inside each row
PLACE_OF_LABEL = {
    "lookup": 0,
    "area_of": 0,
    "within": 1,
}  # this argument names a table or a layer, not a value


def arity(op: str) -> tuple[int, int]:
    """The fewest and the most arguments of an operator or function."""
    if op in FUNCTIONS:
        return FUNCTIONS[op][1:]
    return (1, 1) if op in ("not", "neg") else (2, MAX_LENGTH) if op in ("and", "or") else (2, 2)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    return node.args if isinstance(node, Apply) else node.items if isinstance(node, ListOf) else ()


def walk(node: Node) -> Iterator[Node]:
    """Every node, the given one first; raises TooDeep instead of exhausting the stack."""
    stack = [(node, 1)]
    while stack:
        here, level = stack.pop()
        if level > MAX_DEPTH:
            raise TooDeep(
                f"式の入れ子が{MAX_DEPTH}段を超えています。", here.position, "計算項目に分けてください。"
            )
        yield here
        stack += [(below, level + 1) for below in children(here)]


def label(node: Node, place: int) -> str:
    """The table or layer that argument `place` of a lookup, area_of or within names."""
    said = node.args[place]
    if isinstance(said, Name):
        return said.path
    if isinstance(said, Literal) and said.kind == "text":
        return said.value
    raise ExprError("ここには表または区域の名前を書きます。", said.position)


def names(node: Node) -> set[str]:
    """The names whose values the expression reads, dotted as written; a list's rows count as the list.

    `$form.x` inside a row is the name `x`; names of tables and layers are not included.
    """
    found, stack = set(), [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Name):
            found.add(here.path.removeprefix("$form."))
        elif isinstance(here, Apply) and here.op in AGGREGATES and len(here.args) == 2:
            found |= names(here.args[0]) | _names_in_rows(here)
        elif isinstance(here, Apply) and here.op in PLACE_OF_LABEL:
            stack += [a for i, a in enumerate(here.args) if i != PLACE_OF_LABEL[here.op]]
        else:
            stack += children(here)
    return found


def _names_in_rows(call: Apply) -> set[str]:
    """Only `$` names reach out of a row. `max(a, b)` looks like `max(rows, key)`, so there all names
    count.
    """
    outside = {
        n.path.removeprefix("$form.") for n in walk(call.args[1]) if isinstance(n, Name) and n.path[0] == "$"
    }
    return outside | names(call.args[1]) if call.op in ("min", "max") else outside


_PLAIN = {"bool": bool, "decimal": lambda value: format(value, "f"), "date": date.isoformat,
          "datetime": datetime.isoformat, "duration": plain_duration}  # fmt: skip


def to_json(node: Node) -> dict:
    """The tree as plain JSON: {"lit", "value"}, {"name"}, {"list"} or {"op", "args"}. Numbers travel as
    text.
    """
    if isinstance(node, Literal):
        return {"lit": node.kind, "value": _PLAIN.get(node.kind, str)(node.value)}
    if isinstance(node, Name):
        return {"name": node.path}
    if isinstance(node, ListOf):
        return {"list": [to_json(item) for item in node.items]}
    return {"op": node.op, "args": [to_json(arg) for arg in node.args]}


READERS = {"bool": lambda said: {"true": True, "false": False, True: True, False: False}[said],
           "int": int, "decimal": Decimal, "text": str,
           "date": read_date, "datetime": read_datetime, "duration": parse_duration}  # fmt: skip
_NUMBER = re.compile(rf"\d{{1,{MAX_WHOLE_DIGITS}}}(\.\d{{1,{MAX_PLACES}}})?", re.ASCII)
_PATH = re.compile(r"\$?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


def from_json(said: dict) -> Node:
    """The tree back from JSON. Raises ExprError when it is not one of ours."""
    try:
        return _from_json(said, 1)
    except (KeyError, ValueError, TypeError, ArithmeticError):
        raise ExprError("保存された式の値が読めません。") from None


def _from_json(said: dict, level: int) -> Node:
    if level > MAX_DEPTH:
        raise TooDeep(f"式の入れ子が{MAX_DEPTH}段を超えています。")
    match said:
        case {"lit": "int" | "decimal" as kind, "value": str(value)} if _NUMBER.fullmatch(value):
            return Literal(kind, READERS[kind](value))
        case {"lit": str(kind), "value": value} if kind in READERS and kind not in ("int", "decimal"):
            return Literal(kind, READERS[kind](value))
        case {"name": str(path)} if _PATH.fullmatch(path):
            return Name(path)
        case {"list": list(items)} if len(items) <= MAX_LIST:
            return ListOf(tuple(_from_json(item, level + 1) for item in items))
        case {"op": str(op), "args": list(args)} if op in OPERATORS or op in FUNCTIONS:
            fewest, most = arity(op)
            if fewest <= len(args) <= most:
                return Apply(op, tuple(_from_json(arg, level + 1) for arg in args))
    raise ExprError("保存された式の形が正しくありません。")
