"""The indexable subset of the language as SQL for PostgreSQL: queues, views and audiences filter with it.

Comparisons stand bare where a NULL does no harm (on top, under and/or), so that an index serves them; inside
`not`, `if` and values they are made two-valued with IS TRUE. Arithmetic is in numeric, with the same bounds
as in Python.
"""

from collections.abc import Callable, Mapping
from datetime import date

from machi.ground.expr.syntax import Apply, ExprError, ListOf, Literal, Name, Node, NotIndexable
from machi.ground.expr.types import TEXTS, read_type

Sql = tuple[str, list]
CASTS = {"bool": "boolean", "int": "numeric", "decimal": "numeric", "text": "text", "date": "date",
         "datetime": "timestamptz"}  # fmt: skip
_CONDITIONS = ("and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "in", "is_blank", "starts_with",
               "ends_with", "contains")  # fmt: skip
# Functions of numbers and dates as SQL over the derived columns a, b; the outcome `v` is bounded afterwards.
_NUMERIC = {
    "+": "a + b", "-": "a - b", "*": "round(a * b, 10)", "neg": "-a", "abs": "abs(a)",
    "/": "sign(a) * sign(b) * div(2 * abs(a) * 10000000000 + abs(b), nullif(2 * abs(b), 0)) / 10000000000",
    "%": "a - b * floor(a / nullif(b, 0))",
    "round_half_up": "round(a, b::int)", "round_down": "trunc(a, b::int)",
    "round_up": "trunc(a, b::int) + "
    "CASE WHEN a = trunc(a, b::int) THEN 0 ELSE sign(a) * (10::numeric ^ (-b)) END",
}  # fmt: skip
_DATED = {
    "days_between": "b - a", "fiscal_year": "extract(year FROM a - interval '3 months')::int",
    "age_on": "CASE WHEN b >= a THEN (extract(year FROM b + 1) - extract(year FROM a) - CASE WHEN "
    "(extract(month FROM b + 1), extract(day FROM b + 1)) < (extract(month FROM a), extract(day FROM a)) "
    "THEN 1 ELSE 0 END)::int END",
}  # fmt: skip


def to_sql(node: Node, columns: Mapping[str, tuple[str, str]], today: date | None = None) -> tuple[str, list]:
    """A *checked* expression as (sql, params) with %s placeholders.

    `columns`: name -> (SQL of the column, type text). `today` is needed by today(). A condition may be NULL
    where it is not true. Raises NotIndexable when the database cannot decide it.
    """
    writer = _Writer(columns, today)
    return (
        writer.condition(node) if isinstance(node, Apply) and node.op in _CONDITIONS else writer.value(node)
    )


class _Writer:
    def __init__(self, columns: Mapping[str, tuple[str, str]], today: date | None) -> None:
        self.columns, self.today = columns, today

    def refuse(self, node: Node) -> ExprError:
        return NotIndexable(
            "この式はデータベースでは判断できません。", node.position, "一覧の絞り込みには使えません。"
        )

    # Conditions

    def condition(self, node: Node, exact: bool = False) -> Sql:
        """A boolean; with `exact` never NULL."""
        if not (isinstance(node, Apply) and node.op in _CONDITIONS):
            sql, params = self.value(node)
            return (f"({sql}) IS TRUE" if exact else sql), params
        if node.op in ("and", "or"):
            parts = [self.condition(arg, exact) for arg in node.args]
            return f" {node.op.upper()} ".join(f"({sql})" for sql, _ in parts), [
                p for _, ps in parts for p in ps
            ]
        if node.op == "not":
            sql, params = self.condition(node.args[0], exact=True)
            return f"NOT ({sql})", params
        if node.op == "is_blank":
            sql, params = self.value(node.args[0])
            return f"({sql}) IS NULL", params
        sql, params = self.comparison(node)
        return (f"({sql}) IS TRUE" if exact else sql), params

    def comparison(self, node: Apply) -> Sql:
        if node.op == "in":
            return self.member(node)
        if node.op == "ends_with":
            return self.derived("SELECT right(a, length(b)) = b", node.args)
        constant = any(isinstance(arg, Literal) for arg in node.args)
        (a, ap), (b, bp) = (self.value(arg, bare=constant) for arg in node.args)
        form = {"starts_with": "starts_with({}, {})", "contains": "strpos({}, {}) > 0", "==": "{} = {}",
                "!=": "{} <> {}"}.get(node.op, f"{{}} {node.op} {{}}")  # fmt: skip
        return form.format(a, b), [*ap, *bp]

    def member(self, node: Apply) -> Sql:
        items = node.args[1]
        if not isinstance(items, ListOf) or not items.items:
            raise self.refuse(node)
        parts = [self.value(item) for item in items.items]
        sql, params = self.value(node.args[0])
        return f"{sql} IN ({', '.join(part for part, _ in parts)})", [
            *params,
            *(p for _, ps in parts for p in ps),
        ]

    # Values

    def value(self, node: Node, bare: bool = False) -> Sql:
        """A value; blank is NULL. `bare` leaves a text column as it is, for an index on it."""
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, Name):
            return self.column(node, bare)
        if isinstance(node, ListOf):
            raise self.refuse(node)
        if node.op in _CONDITIONS:
            return self.condition(node, exact=True)
        if node.op in _NUMERIC:
            return self.numeric(node)
        writer: Callable[[Apply], Sql] | None = getattr(self, f"_{node.op}", None)
        if node.op in _DATED:
            return self.derived(f"SELECT {_DATED[node.op]}", node.args)
        if writer is None:
            raise self.refuse(node)
        return writer(node)

    def literal(self, node: Literal) -> Sql:
        if node.kind not in CASTS:
            raise self.refuse(node)
        return f"%s::{CASTS[node.kind]}", [None if node.value == "" else node.value]

    def column(self, node: Name, bare: bool) -> Sql:
        if node.path not in self.columns:
            raise self.refuse(node)
        sql, said = self.columns[node.path]
        kind = read_type(said).kind
        if kind not in CASTS and kind not in ("yen", "choice"):
            raise self.refuse(node)
        return (sql if bare or kind not in TEXTS else f"nullif({sql}, '')"), []

    def derived(self, select: str, args: tuple[Node, ...], cast: str = "") -> Sql:
        """A value computed from named arguments, so that each is written once."""
        parts = [self.value(arg) for arg in args]
        named = ", ".join(f"({sql}){cast} AS {name}" for (sql, _), name in zip(parts, "ab", strict=False))
        return f"({select} FROM (SELECT {named}) AS args)", [p for _, ps in parts for p in ps]

    def numeric(self, node: Apply) -> Sql:
        if node.op in "+-" and self.kind(node.args[0]) in ("date", "datetime"):
            return self.shifted(node)
        args = (
            node.args if len(node.args) == 2 or node.op in ("neg", "abs") else (*node.args, Literal("int", 0))
        )
        sql, params = self.derived(f"SELECT {_NUMERIC[node.op]} AS v", args, "::numeric")
        return f"(SELECT CASE WHEN abs(v) < 1e24 THEN v END FROM {sql} AS outcome)", params  # noqa: S608

    def kind(self, node: Node) -> str:
        """The kind of a moment or anything else; enough to tell dates from numbers."""
        if isinstance(node, Name) and node.path in self.columns:
            return read_type(self.columns[node.path][1]).kind
        if isinstance(node, Apply) and node.op in ("default", "+", "-"):
            return self.kind(node.args[0])
        if isinstance(node, Apply) and node.op == "if":
            return self.kind(node.args[1])
        if isinstance(node, Literal):
            return node.kind
        return "date" if isinstance(node, Apply) and node.op in ("today", "add_days") else "other"

    def shifted(self, node: Apply) -> Sql:
        by = node.args[1]
        if self.kind(node.args[0]) != "date" or not isinstance(by, Literal) or by.value.business:
            raise self.refuse(node)
        sql, params = self.value(node.args[0])
        moved = f"({sql} {node.op} make_interval(months => %s, days => %s))::date"
        return self.bounded_date(moved, [*params, by.value.months, by.value.days])

    def bounded_date(self, sql: str, params: list) -> Sql:
        inside = "v BETWEEN date '0001-01-01' AND date '9999-12-31'"
        return f"(SELECT CASE WHEN {inside} THEN v END FROM (SELECT {sql} AS v) AS outcome)", params  # noqa: S608

    def _add_days(self, node: Apply) -> Sql:
        near = "CASE WHEN abs(b) < 4000000 THEN a + b::int END"
        return self.bounded_date(*self.derived(f"SELECT {near}", node.args))

    def _today(self, node: Apply) -> Sql:
        if self.today is None:
            raise self.refuse(node)
        return "%s::date", [self.today]

    def _if(self, node: Apply) -> Sql:
        (c, cp), (a, ap), (b, bp) = self.condition(node.args[0], exact=True), *map(self.value, node.args[1:])
        return f"CASE WHEN {c} THEN {a} ELSE {b} END", [*cp, *ap, *bp]

    def _default(self, node: Apply) -> Sql:
        (a, ap), (b, bp) = map(self.value, node.args)
        return f"coalesce({a}, {b})", [*ap, *bp]

    def _length(self, node: Apply) -> Sql:
        sql, params = self.value(node.args[0])
        return f"coalesce(length({sql}), 0)", params

    def _lower(self, node: Apply) -> Sql:
        sql, params = self.value(node.args[0])
        return f"translate({sql}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')", params

    def _concat(self, node: Apply) -> Sql:
        parts = [self.value(arg) for arg in node.args]
        return f"nullif(concat({', '.join(sql for sql, _ in parts)}), '')", [p for _, ps in parts for p in ps]
