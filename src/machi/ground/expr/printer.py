"""A tree into its one canonical text: parse(unparse(tree)) == tree."""

from decimal import Decimal

from machi.ground.expr.civil import plain_duration
from machi.ground.expr.syntax import OPERATORS, ListOf, Literal, Name, Node

_LOOSEST, _TIGHTEST = 0, 9


def unparse(node: Node) -> str:
    """The canonical text of a tree."""
    return _text(node, _LOOSEST)


def _text(node: Node, needed: int) -> str:
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Name):
        return node.path
    if isinstance(node, ListOf):
        return "[" + ", ".join(_text(item, _LOOSEST) for item in node.items) + "]"
    own = OPERATORS.get(node.op, _TIGHTEST)
    said = _call(node, own)
    return f"({said})" if own < needed else said


def _call(node: Node, own: int) -> str:
    if node.op == "not":
        return f"not {_text(node.args[0], own)}"
    if node.op == "neg":
        return f"-{_text(node.args[0], own)}"
    if own == _TIGHTEST:
        return f"{node.op}({', '.join(_text(arg, _LOOSEST) for arg in node.args)})"
    # Only + - * / % lean to the left; comparisons do not chain, and and/or hold all their parts at once.
    first = own if node.op in "+-*/%" else own + 1
    sides = [_text(arg, own + 1 if place else first) for place, arg in enumerate(node.args)]
    return f" {node.op} ".join(sides)


def _literal(node: Literal) -> str:
    if node.kind == "bool":
        return "true" if node.value else "false"
    if node.kind == "text":
        return quote(node.value)
    if node.kind in ("date", "datetime"):
        return f"{node.kind}('{node.value.isoformat()}')"
    if node.kind == "duration":
        return f"duration('{plain_duration(node.value)}')"
    plain = plain_number(node.value)
    return f"{plain}.0" if node.kind == "decimal" and "." not in plain else plain


def quote(text: str) -> str:
    """A text literal, in single quotes."""
    return (
        "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t") + "'"
    )


def plain_number(number: int | Decimal) -> str:
    """A number in plain digits, without an exponent and without trailing zeros."""
    said = format(number, "f") if isinstance(number, Decimal) else str(number)
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said == "-0" else said
