"""Conditions as sentences: a text of the expression language into comparisons that people read, and back. Pure.

A Condition joins parts with "and" or "or"; a part is a tuple of comparisons, joined by the other word when
there are several. What no sentence can say is a Comparison of its own, kept as the text it was.
"""

from dataclasses import dataclass

from machi.ground.expr import Apply, ExprError, Literal, Name, Node, parse, unparse

SIGNS = {"is": "==", "is_not": "!=", "below": "<", "at_most": "<=", "above": ">", "at_least": ">="}
_BY_SIGN = {sign: how for how, sign in SIGNS.items()}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
NUMBERS = ("int", "yen", "decimal")
PLAIN = ("text", "longtext", "name", "kana", "email", "phone", "postal", "code")
ORDER = ("is", "is_not", "at_least", "at_most", "above", "below")
HOWS = {
    **dict.fromkeys(("bool", "consent"), ("yes", "no")),
    "choice": ("is", "is_not", "filled", "blank"),
    "choices": ("has", "lacks", "filled", "blank"),
    **dict.fromkeys((*NUMBERS, "date"), (*ORDER, "filled", "blank")),
    **dict.fromkeys(PLAIN, ("filled", "blank", "is", "contains", "begins")),
    "repeat": ("count_at_least", "count_at_most", "count_is"),
}  # fmt: skip
BARE = ("yes", "no", "filled", "blank", "text")
TODAY = "today"
_COUNTS = {"count_at_least": ">=", "count_at_most": "<=", "count_is": "=="}


@dataclass(frozen=True)
class Comparison:
    """One thing that holds or not: an answer, how it is looked at, and with what. `text` keeps its expression."""

    answer: str
    how: str
    value: str = ""
    text: str = ""


@dataclass(frozen=True)
class Condition:
    """Parts joined by `join`."""

    join: str
    parts: tuple

    @property
    def inner(self):
        """The word that joins comparisons inside a part."""
        return "or" if self.join == "and" else "and"


def hows_of(kind):
    """The ways in which an answer of this type may be looked at."""
    return HOWS.get(kind, ("filled", "blank"))


def read(text):
    """The Condition that a text says; None when it is no expression. No text: a condition without parts."""
    if not text:
        return Condition("and", ())
    try:
        node = parse(text)
    except ExprError:
        return None
    join = node.op if _joins(node) else "and"
    nodes = node.args if _joins(node) else (node,)
    other = "or" if join == "and" else "and"
    parts = (one.args if isinstance(one, Apply) and one.op == other else (one,) for one in nodes)
    return Condition(join, tuple(tuple(_comparison(one) for one in part) for part in parts))


def write(condition):
    """The text of a condition; "" without parts. Parts that were read and not touched stay as they are."""
    nodes = [_joined(condition.inner, [_node(one) for one in part]) for part in condition.parts if part]
    return unparse(_joined(condition.join, nodes)) if nodes else ""


def expression(kind, how, answer, value):
    """The text of one comparison with an answer of type `kind`; ValueError when it cannot be looked at so."""
    if how not in hows_of(kind) or (how not in BARE and value == ""):
        raise ValueError(how)
    made = {
        "yes": f"default({answer}, false)",
        "no": f"not default({answer}, false)",
        "filled": f"not is_blank({answer})",
        "blank": f"is_blank({answer})",
        "has": f"{_quoted(value)} in {answer}",
        "lacks": f"not ({_quoted(value)} in {answer})",
        "contains": f"contains({answer}, {_quoted(value)})",
        "begins": f"starts_with({answer}, {_quoted(value)})",
    }
    if how in made:
        return made[how]
    if how in _COUNTS:
        return f"count({answer}) {_COUNTS[how]} {int(value)}"
    return f"{answer} {SIGNS[how]} {_written(kind, value)}"


def _written(kind, value):
    if kind == "date":
        return "today()" if value == TODAY else f"date('{value}')"
    if kind in NUMBERS:
        return unparse(parse(value.replace(",", "")))
    return _quoted(value)


def _quoted(value):
    return unparse(Literal("text", value))


def _joins(node):
    return isinstance(node, Apply) and node.op in ("and", "or")


def _joined(join, nodes) -> Node:
    return nodes[0] if len(nodes) == 1 else Apply(join, tuple(nodes))


def _node(comparison):
    return parse(comparison.text)


def _comparison(node):
    text = unparse(node)
    answer, how, value = _said(node) or ("", "text", "")
    return Comparison(answer, how, value, text)


def _said(node):
    """(answer, how, value) of a node that a sentence can say, else None."""
    if isinstance(node, Name):
        return node.path, "yes", ""
    reader = _READERS.get(node.op) if isinstance(node, Apply) else None
    return reader(node) if reader else None


def _defaulted(node):
    """`default(exempt, false)`, and a comparison that is false while the answer is blank."""
    first, second = node.args
    if second != Literal("bool", value=False):
        return None
    return _said(first) if isinstance(first, Apply) else _about(first, "yes", "")


def _turned(said):
    """The contrary of what was said, where there is a word for it."""
    contrary = {"yes": "no", "blank": "filled", "has": "lacks"}
    return (said[0], contrary[said[1]], said[2]) if said and said[1] in contrary else None


def _about(node, how, value):
    return (node.path, how, value) if isinstance(node, Name) and value is not None else None


def _compared(node):
    left, right, sign = *node.args, node.op
    if isinstance(right, Name) and not isinstance(left, Name):
        left, right, sign = right, left, _TURNED[sign]
    value = _word(right)
    if isinstance(left, Apply) and left.op == "count" and len(left.args) == 1 and isinstance(left.args[0], Name):
        how = next((how for how, one in _COUNTS.items() if one == sign), None)
        return (left.args[0].path, how, value) if how and value is not None else None
    return _about(left, _BY_SIGN[sign], value)


_READERS = {
    **dict.fromkeys(_TURNED, _compared),
    "not": lambda node: _turned(_said(node.args[0])),
    "default": _defaulted,
    "is_blank": lambda node: _about(node.args[0], "blank", ""),
    "in": lambda node: _about(node.args[1], "has", _word(node.args[0])),
    "contains": lambda node: _about(node.args[0], "contains", _word(node.args[1])),
    "starts_with": lambda node: _about(node.args[0], "begins", _word(node.args[1])),
}


def _word(node):
    """A written value as the form posts it, else None."""
    if isinstance(node, Literal) and node.kind in ("text", "int", "decimal", "date"):
        return node.value.isoformat() if node.kind == "date" else str(node.value)
    if isinstance(node, Apply) and node.op == "neg" and (inner := _word(node.args[0])) is not None:
        return f"-{inner}"
    return TODAY if isinstance(node, Apply) and node.op == "today" else None
