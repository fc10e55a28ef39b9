"""The type checker: what an expression gives, or a sentence saying what is wrong and how to mend it."""

# A fault and its mend stand together, which the formatter would spread over five lines.
# fmt: off

import difflib
from collections.abc import Callable, Mapping

import re2

from machi.ground.expr.printer import unparse
from machi.ground.expr.syntax import AGGREGATES, Apply, ExprError, ListOf, Literal, Name, Node, label
from machi.ground.expr.types import NUMBERS, TEXTS, WORDS, Type, join, read_type

BOOL, INT, TEXT, DATE = Type("bool"), Type("int"), Type("text"), Type("date")
MOMENTS = ("date", "datetime")
ORDERED = (*NUMBERS, *MOMENTS)

# Functions whose arguments have fixed types: name -> (accepted kinds by argument, result).
# Blank arguments make the result blank, except where it is bool (then false) or length (then 0).
FIXED = {
    "age_on": ((("date",), ("date",)), Type("int", blank=True)),
    "days_between": ((("date",), ("date",)), INT),
    "add_days": ((("date",), ("int",)), DATE),
    "fiscal_year": ((("date",),), INT),
    "business_days_between": ((("date",), ("date",)), INT),
    "add_business_days": ((("date",), ("int",)), DATE),
    "today": ((), DATE),
    "starts_with": ((TEXTS, TEXTS), BOOL),
    "ends_with": ((TEXTS, TEXTS), BOOL),
    "contains": ((TEXTS, TEXTS), BOOL),
    "length": ((TEXTS,), INT),
    "lower": ((TEXTS,), TEXT),
}


def check(
    node: Node, types: Mapping[str, str], tables: Mapping[str, Mapping[str, str]] | None = None
) -> Type:
    """The type of an expression.

    `types`: dotted name -> type text (see types.py). `tables`: table -> column -> type text; without it
    tables are not checked. Raises ExprError at the first fault.
    """
    return _Checker({name: read_type(said) for name, said in types.items()}, tables).of(node)


def _word(found: Type) -> str:
    return WORDS[found.kind]


class _Checker:
    def __init__(self, types: Mapping[str, Type], tables: Mapping | None) -> None:
        self.form, self.tables, self.row = types, tables, None
        self.known, self.rows = {}, []

    def of(self, node: Node) -> Type:
        """The type of a node; each node is worked out once in each row it stands in."""
        key = (id(node), id(self.row))
        if key not in self.known:
            self.known[key] = self.work_out(node)
        return self.known[key]

    def work_out(self, node: Node) -> Type:
        if isinstance(node, Literal):
            return Type(node.kind, blank=node.value == "" and node.kind == "text")
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, ListOf):
            return self.list_of(node)
        special = getattr(self, f"_{_METHODS.get(node.op, node.op)}", None)
        return special(node) if special else self.fixed(node)

    # Names and lists

    def name(self, node: Name) -> Type:
        path = node.path.removeprefix("$form.")
        scope = self.form if self.row is None or node.path[0] == "$" else self.row
        if found := _find(scope, path):
            return found
        if scope is self.row and _find(self.form, path):
            raise ExprError(f"「{path}」は行の項目ではありません。", node.position,
                            f"行の外の項目は $form.{path} と書いてください。")
        near = difflib.get_close_matches(path, scope, 1)
        mend = f"{near[0]} のことですか。" if near else f"使える項目: {'、'.join(sorted(scope))}"
        raise ExprError(f"「{path}」という項目はありません。", node.position, mend)

    def list_of(self, node: ListOf) -> Type:
        item = self.joined(node.items, node) if node.items else TEXT
        return Type("list", item=item)

    def joined(self, nodes: tuple[Node, ...], at: Node) -> Type:
        found = self.of(nodes[0])
        for other in nodes[1:]:
            mine = self.of(other)
            message = f"{_word(found)}と{_word(mine)}は一緒に使えません。"
            found = self.must(join(found, mine), other, message, "同じ種類の値にそろえてください。")
        return found

    def must(self, found: Type | None, at: Node, message: str, mend: str) -> Type:
        if found is None:
            raise ExprError(message, at.position, mend)
        return found

    def expect(self, node: Node, kinds: tuple[str, ...], mend: str = "") -> Type:
        found = self.of(node)
        wanted = "か".join(WORDS[kind] for kind in kinds)
        message = f"ここには{wanted}が必要ですが、{_word(found)}が書かれています。"
        return self.must(found if found.kind in kinds else None, node, message, mend)

    def condition(self, node: Node) -> None:
        self.expect(node, ("bool",), "a == b のような条件を書いてください。")

    def number(self, node: Node) -> Type:
        found = self.expect(node, NUMBERS)
        said = unparse(node)
        message = f"「{said}」は空欄のことがあるので計算できません。"
        mend = f"default({said}, 0) のように、空欄のときの値を決めてください。"
        return self.must(None if found.blank else found, node, message, mend)

    # Operators

    def _logic(self, node: Apply) -> Type:
        for arg in node.args:
            self.condition(arg)
        return BOOL

    def _equality(self, node: Apply) -> Type:
        left, right = (self.of(arg) for arg in node.args)
        if any(isinstance(arg, Literal) and arg.value == "" for arg in node.args):
            raise ExprError("空の文字とは比べられません。", node.position, "is_blank(項目) を使います。")
        same = join(left, right) is not None and left.kind not in ("list", "row", "geometry")
        self.must(BOOL if same else None, node, f"{_word(left)}と{_word(right)}は比べられません。",
                  "同じ種類の値どうしを比べてください。")
        return BOOL

    def _order(self, node: Apply) -> Type:
        self._equality(node)
        for arg in node.args:
            self.expect(arg, ORDERED, "大小を比べられるのは数、日付、日時だけです。")
        return BOOL

    def _in(self, node: Apply) -> Type:
        left, right = self.of(node.args[0]), self.expect(node.args[1], ("list",), "['a', 'b'] と書きます。")
        empty = isinstance(node.args[1], ListOf) and not node.args[1].items
        comparable = left.kind not in ("list", "row", "geometry") and (empty or join(left, right.item))
        message = f"{_word(left)}は{_word(right.item)}の一覧にありえません。"
        self.must(BOOL if comparable else None, node, message, "同じ種類の値にそろえてください。")
        return BOOL

    def _plus(self, node: Apply) -> Type:
        left = self.of(node.args[0])
        if left.kind in MOMENTS:
            return self.shifted(node, left)
        if left.kind in TEXTS:
            raise ExprError("文字は + でつなげません。", node.position, "concat(a, b) を使ってください。")
        return join(self.number(node.args[0]), self.number(node.args[1]))

    def _minus(self, node: Apply) -> Type:
        left, right = (self.of(arg) for arg in node.args)
        if left.kind in MOMENTS and right.kind in MOMENTS:
            raise ExprError("日付どうしの引き算はできません。", node.position,
                            "days_between(前の日, 後の日) を使います。")
        return self._plus(node)

    def shifted(self, node: Apply, left: Type) -> Type:
        by = self.expect(node.args[1], ("duration",), "duration('P3D') のように書くか、add_days を使います。")
        hours = isinstance(node.args[1], Literal) and node.args[1].value.seconds
        self.must(None if hours and left.kind == "date" else left, node, "日付に時間は足せません。",
                  "日数で書くか、日時の項目を使ってください。")
        return left.maybe(by.blank)

    def _times(self, node: Apply) -> Type:
        left, right = (self.number(arg) for arg in node.args)
        if left.kind == right.kind == "yen":
            raise ExprError("金額どうしは掛けられません。", node.position, "一方は個数か割合にしてください。")
        return join(left, right)

    def _divide(self, node: Apply) -> Type:
        for arg in node.args:
            self.number(arg)
        return Type("decimal", blank=not _never_zero(node.args[1]))

    def _modulo(self, node: Apply) -> Type:
        for arg in node.args:
            self.number(arg)
            self.expect(arg, ("int", "yen"), "% は整数にだけ使えます。")
        return Type("int", blank=not _never_zero(node.args[1]))

    def _neg(self, node: Apply) -> Type:
        return self.number(node.args[0])

    # Functions

    def fixed(self, node: Apply) -> Type:
        accepted, result = FIXED[node.op]
        found = [self.expect(arg, kinds) for arg, kinds in zip(node.args, accepted, strict=True)]
        blank = any(one.blank for one in found)
        return result if result.kind == "bool" or node.op == "length" else result.maybe(blank)

    def _if(self, node: Apply) -> Type:
        self.condition(node.args[0])
        return self.joined(node.args[1:], node)

    def _default(self, node: Apply) -> Type:
        return self.joined(node.args, node).filled().maybe(self.of(node.args[1]).blank)

    def _is_blank(self, node: Apply) -> Type:
        self.of(node.args[0])
        return BOOL

    def _aggregate(self, node: Apply) -> Type:
        rows = self.of(node.args[0])
        if rows.kind != "list" and node.op in ("min", "max") and len(node.args) > 1:
            return self.least(node, self.joined(node.args, node))
        self.expect(node.args[0], ("list",), "くり返しの項目の名前を書いてください。")
        each = self.each(node, rows.item) if len(node.args) > 1 else rows.item
        if node.op == "count":
            return INT
        if node.op in ("any", "all"):
            return BOOL
        if node.op == "sum":
            wrong = each.kind not in NUMBERS
            self.must(None if wrong else each, node, "合計できるのは数だけです。",
                      "sum(くり返し, 数の項目) と書きます。")
            return each.filled()
        return self.least(node, each).maybe(not (isinstance(node.args[0], ListOf) and node.args[0].items))

    def each(self, node: Apply, item: Type) -> Type:
        """The type of the row expression, read among the row's names (`it` in a list of plain values)."""
        if len(node.args) > 2:
            raise ExprError(f"{node.op} に渡す値が多すぎます。", node.position,
                            "一覧と、行の式の二つにしてください。")
        outer, self.row = self.row, dict(item.fields) if item.kind == "row" else {"it": item}
        self.rows.append(self.row)  # kept, so that its id stays its own
        found = self.of(node.args[1])
        if node.op in ("any", "all", "count"):
            self.condition(node.args[1])
        self.row = outer
        return found

    def least(self, node: Apply, each: Type) -> Type:
        message = f"{node.op} は数か日付に使います。"
        return self.must(each if each.kind in ORDERED else None, node, message, "")

    def _round(self, node: Apply) -> Type:
        found = self.expect(node.args[0], NUMBERS)
        places = _whole(node.args[1]) if len(node.args) > 1 else 0
        if places is None or not -10 <= places <= 10:
            at = node.args[1].position
            raise ExprError("けた数は -10 から 10 までの整数で書きます。", at, "百円未満なら -2 です。")
        kind = found.kind if found.kind != "decimal" else "decimal" if places > 0 else "int"
        return Type(kind, found.blank)

    def _abs(self, node: Apply) -> Type:
        return self.expect(node.args[0], NUMBERS)

    def _lookup(self, node: Apply) -> Type:
        table, key = label(node, 0), self.expect(node.args[1], (*TEXTS, "int"))
        column = node.args[2]
        if not (isinstance(column, Literal) and column.kind == "text"):
            raise ExprError("列の名前は文字で書きます。", column.position,
                            "'fee' のように ' で囲んでください。")
        sure = key.table == table and not key.blank
        if self.tables is None:
            return Type("text", blank=not sure)
        columns = self.tables.get(table)
        if columns is None:
            raise ExprError(f"「{table}」という表はありません。", node.args[0].position,
                            f"使える表: {'、'.join(sorted(self.tables))}")
        if column.value not in columns:
            raise ExprError(f"表「{table}」に「{column.value}」という列はありません。", column.position,
                            f"使える列: {'、'.join(sorted(columns))}")
        return read_type(columns[column.value]).maybe(not sure)

    def _area_of(self, node: Apply) -> Type:
        label(node, 0)
        self.expect(node.args[1], ("geometry",))
        return Type("text", blank=True)

    def _within(self, node: Apply) -> Type:
        label(node, 1)
        self.expect(node.args[0], ("geometry",))
        return BOOL

    def _matches(self, node: Apply) -> Type:
        self.expect(node.args[0], TEXTS)
        pattern(node)
        return BOOL

    def _concat(self, node: Apply) -> Type:
        blanks = [self.expect(arg, TEXTS, "text(x) で文字にしてください。").blank for arg in node.args]
        return TEXT.maybe(all(blanks))

    def _text(self, node: Apply) -> Type:
        return TEXT.maybe(self.expect(node.args[0], ("bool", *ORDERED, *TEXTS)).blank)


_METHODS: dict[str, str] = {
    "and": "logic", "or": "logic", "not": "logic", "==": "equality", "!=": "equality",
    "<": "order", "<=": "order", ">": "order", ">=": "order",
    "+": "plus", "-": "minus", "*": "times", "/": "divide", "%": "modulo",
    "round_up": "round", "round_down": "round", "round_half_up": "round",
    **dict.fromkeys(AGGREGATES, "aggregate"),
}


def pattern(node: Apply) -> Callable[[str], bool]:
    """The compiled RE2 pattern of a matches(text, 'pattern'): fits the whole text. Raises ExprError."""
    said = node.args[1]
    if not (isinstance(said, Literal) and said.kind == "text"):
        raise ExprError("型紙（パターン）は文字で書きます。", said.position, "'[0-9]{7}' と書きます。")
    try:
        options = re2.Options()
        options.log_errors = False
        return re2.compile(said.value, options).fullmatch
    except re2.error:
        raise ExprError("型紙（パターン）の書き方が正しくありません。", said.position,
                        "かっこの閉じ忘れなどを確かめてください。") from None


def _find(scope: Mapping[str, Type], path: str) -> Type | None:
    if path in scope or "." not in path:
        return scope.get(path)
    head, _, last = path.rpartition(".")
    above = _find(scope, head)
    found = dict(above.fields).get(last) if above and above.kind == "row" else None
    return found and found.maybe(above.blank)


def _whole(node: Node) -> int | None:
    if isinstance(node, Apply) and node.op == "neg":
        inner = _whole(node.args[0])
        return None if inner is None else -inner
    return node.value if isinstance(node, Literal) and node.kind == "int" else None


def _never_zero(node: Node) -> bool:
    return isinstance(node, Literal) and node.value != 0
