"""XPath of XLSForm (relevant, constraint, calculation) in the expression language of definitions.

What it means must stay what it meant: a comparison with a blank is false in both; `!=` with a blank is true there,
so it becomes `not (a == b)` here. Whatever cannot be said alike is Untranslatable, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from machi.ground.expr import ExprError, parse, unparse
from machi.ground.expr.syntax import Apply, Literal, Name

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<ref>[^}]+?)\s*\}"
    r"|(?P<name>[A-Za-z_][\w\-]*(?::[A-Za-z_][\w\-]*)?)|(?P<sign>!=|<=|>=|\.\.|[-+*/=<>(),.|\[\]@]))"
)
STRENGTH = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6,
            "mod": 6}  # fmt: skip
NUMBERS, ARITHMETIC = ("int", "decimal"), {"+": "+", "-": "-", "*": "*", "div": "/", "mod": "%"}
TEXTS = ("text", "choice")
DEEPEST = 30
YEAR = (Decimal("365.25"), Decimal(365))


class Untranslatable(Exception):
    """Something that the language of definitions cannot say; its words tell what."""


@dataclass(frozen=True)
class Known:
    """A question that an expression may name: its key, the kind of its values, the repeat it stands in."""

    key: str
    kind: str  # int, decimal, text, choice, choices, date, bool, repeat, point, file, none
    repeat: str = ""


@dataclass(frozen=True)
class Said:
    """A part of an expression: the tree, and the kind of what it gives."""

    node: object
    kind: str

    @property
    def text(self):
        """How it is written."""
        return unparse(self.node)


def translate(text, names, own=None, repeat=""):
    """`text` in our language, as a Said. Raises Untranslatable.

    `names` {XLSForm name: Known}; `own` is the Known that `.` means; `repeat` the key of the repeat it stands in.
    """
    reader = _Reader(_tokens(text), names, own, repeat)
    said = reader.expression(0)
    if reader.peek()[0] != "end":
        raise Untranslatable(f"「{reader.peek()[1]}」の使い方がわかりません")
    try:
        parse(unparse(said.node))
    except ExprError as error:
        raise Untranslatable(error.message) from None
    return said


def _tokens(text):
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Untranslatable(f"「{text[at : at + 10]}」を読めません")
        kind = match.lastgroup
        found.append((kind, match[kind][1:-1] if kind == "text" else match[kind]))
        at = match.end()
    return [*found, ("end", "")]


class _Reader:
    def __init__(self, tokens, names, own, repeat):
        self.tokens, self.names, self.own, self.repeat, self.at, self.depth = tokens, names, own, repeat, 0, 0

    def peek(self):
        return self.tokens[self.at]

    def take(self, sign=None):
        kind, value = self.tokens[self.at]
        if sign is not None and (kind, value) != ("sign", sign):
            raise Untranslatable(f"「{sign}」が足りません")
        self.at += 1
        return kind, value

    def expression(self, strength):
        """Operators by binding strength (Pratt)."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Untranslatable("入れ子の深すぎる式です")
        left = self.prefix()
        while (mine := STRENGTH.get(self.peek()[1], 0)) > strength and self.peek()[0] in ("name", "sign"):
            operator = self.take()[1]
            left = _operate(operator, left, self.expression(mine))
        self.depth -= 1
        return left

    def prefix(self):
        kind, value = self.take()
        plain = {"number": _number, "text": lambda said: Said(Literal("text", said), "text"), "ref": self.reference}
        if kind in plain:
            return plain[kind](value)
        if kind == "name" and self.peek() == ("sign", "("):
            return self.call(value)
        begins = {".": self.itself, "(": self.bracketed, "-": self.negative}
        if kind == "sign" and value in begins:
            return begins[value]()
        raise Untranslatable(f"「{value or '式の終わり'}」の使い方がわかりません")

    def bracketed(self):
        inner = self.expression(0)
        self.take(")")
        return inner

    def negative(self):
        inner = _counted(self.expression(7))
        return Said(Apply("neg", (inner.node,)), inner.kind)

    def itself(self):
        if self.own is None:
            raise Untranslatable("「.」が何を指すかわかりません")
        return Said(Name(self.own.key), self.own.kind)

    def reference(self, name):
        known = self.names.get(name)
        if known is None:
            raise Untranslatable(f"「{name}」という項目はありません")
        if known.kind == "none":
            raise Untranslatable(f"「{name}」は引き継げなかった項目です")
        if known.repeat and known.repeat != self.repeat:
            return Said(known, "rows")  # only an aggregate may take it
        outside = self.repeat and not known.repeat
        return Said(Name(f"$form.{known.key}" if outside else known.key), known.kind)

    def call(self, name):
        self.take("(")
        args = []
        while self.peek() != ("sign", ")"):
            args.append(self.expression(0))
            if self.peek() != ("sign", ")"):
                self.take(",")
        self.take(")")
        made = FUNCTIONS.get(name)
        if made is None:
            raise Untranslatable(f"「{name}」という関数は使えません")
        try:
            return made(*args)
        except TypeError:
            raise Untranslatable(f"「{name}」に渡す値の数が合いません") from None


def _number(value):
    exact = Decimal(value)
    if "." in value and exact != exact.to_integral_value():
        return Said(Literal("decimal", exact), "decimal")
    return Said(Literal("int", int(exact)), "int")


def _operate(operator, left, right):
    if operator in ("and", "or"):
        return Said(Apply(operator, (_condition(left).node, _condition(right).node)), "bool")
    if operator in ("=", "!="):
        same = _equal(left, right)
        return same if operator == "=" else _not(same)
    if operator in ARITHMETIC:
        return _reckon(operator, left, right)
    left, right = _alike(left, right)
    if left.kind not in (*NUMBERS, "date") or right.kind not in (*NUMBERS, "date"):
        raise Untranslatable("大小を比べられるのは、数と日付だけです")
    return Said(Apply(operator, (left.node, right.node)), "bool")


def _equal(left, right):
    for one, other in ((left, right), (right, left)):
        if isinstance(other.node, Literal) and other.node.value == "" and other.kind == "text":
            return Said(Apply("is_blank", (_single(one).node,)), "bool")
        if one.kind == "bool" and isinstance(one.node, Name) and isinstance(other.node, Literal):
            return _ticked(one)
    left, right = _alike(left, right)
    if "choices" in (left.kind, right.kind):
        raise Untranslatable("複数選ぶ項目は = では比べられません")
    return Said(Apply("==", (_single(left).node, _single(right).node)), "bool")


def _alike(left, right):
    """A number written as words beside a number, words written as a number beside words, a date beside a date."""
    return _as(left, right.kind), _as(right, left.kind)


def _as(said, kind):
    if not isinstance(said.node, Literal):
        return said
    value = said.node.value
    if kind in TEXTS and said.kind in NUMBERS:
        return Said(Literal("text", str(value)), "text")
    if kind in NUMBERS and said.kind == "text" and re.fullmatch(r"\d+(\.\d+)?", value):
        return _number(value)
    return _date(said) if kind == "date" and said.kind == "text" else said


def _reckon(operator, left, right):
    if left.kind == right.kind == "date":
        if operator != "-":
            raise Untranslatable("日付どうしは引き算だけできます")
        return Said(Apply("days_between", (right.node, left.node)), "days")
    if left.kind == "date" and right.kind == "int" and operator in "+-":
        days = right.node if operator == "+" else Apply("neg", (right.node,))
        return Said(Apply("add_days", (left.node, days)), "date")
    if left.kind == "days" and operator == "div" and isinstance(right.node, Literal) and right.node.value in YEAR:
        return Said(left.node, "years")
    left, right = _counted(left), _counted(right)
    exact = "decimal" if operator == "div" or "decimal" in (left.kind, right.kind) else "int"
    return Said(Apply(ARITHMETIC[operator], (left.node, right.node)), exact)


def _counted(said):
    """A number to reckon with; a question left blank counts as nought."""
    if said.kind not in NUMBERS:
        raise Untranslatable("数でないものは計算できません")
    blank = isinstance(said.node, Name) or (isinstance(said.node, Apply) and said.node.op in ("/", "%"))
    return Said(Apply("default", (said.node, Literal("int", 0))), said.kind) if blank else said


def _condition(said):
    if said.kind != "bool":
        raise Untranslatable("条件でないものが条件として使われています")
    return _ticked(said) if isinstance(said.node, Name) else said


def _ticked(said):
    return Said(Apply("default", (said.node, Literal("bool", value=False))), "bool")


def _not(said):
    return Said(Apply("not", (_condition(said).node,)), "bool")


def _single(said):
    if said.kind in ("rows", "years", "repeat"):
        raise Untranslatable("くり返しの中の項目は、sum や count でだけ使えます")
    return said


def _date(said):
    try:
        return Said(Literal("date", date.fromisoformat(str(said.node.value)[:10])), "date")
    except (AttributeError, ValueError):
        raise Untranslatable("日付を読めません") from None


def _words(said):
    if _single(said).kind in TEXTS:
        return said.node
    if said.kind in (*NUMBERS, "date"):
        return Apply("text", (said.node,))
    raise Untranslatable("文字として使えません")


def _written(said):
    if not isinstance(said.node, Literal) or said.kind != "text":
        raise Untranslatable("型紙は文字で書きます")
    return said.node


def _selected(question, option):
    if not isinstance(option.node, Literal):
        raise Untranslatable("selected の選択肢は文字で書きます")
    chosen = _as(option, "text").node
    if question.kind == "choice":
        return Said(Apply("==", (question.node, chosen)), "bool")
    if question.kind == "choices":
        return Said(Apply("in", (chosen, question.node)), "bool")
    raise Untranslatable("selected は選ぶ項目にだけ使えます")


def _aggregate(name):
    def made(rows, *rest):
        if rest and name in ("min", "max"):
            counted = [_counted(one) for one in (rows, *rest)]
            kind = "decimal" if "decimal" in {one.kind for one in counted} else "int"
            return Said(Apply(name, tuple(one.node for one in counted)), kind)
        if rows.kind != "rows" or rows.node.kind not in NUMBERS or rest:
            raise Untranslatable(f"{name} は、くり返しの中の数の項目に使います")
        known = rows.node
        return Said(Apply(name, (Name(known.repeat), Name(known.key))), known.kind)

    return made


def _count(rows):
    if rows.kind == "repeat":
        return Said(Apply("count", (rows.node,)), "int")
    if rows.kind == "rows":
        asked = Apply("not", (Apply("is_blank", (Name(rows.node.key),)),))
        return Said(Apply("count", (Name(rows.node.repeat), asked)), "int")
    raise Untranslatable("count は、くり返しに使います")


def _count_selected(said):
    if said.kind != "choices":
        raise Untranslatable("count-selected は、複数選ぶ項目に使います")
    return Said(Apply("count", (said.node,)), "int")


def _whole(said):
    if said.kind == "years":  # int((today() - born) div 365.25): how old somebody is
        return Said(Apply("age_on", said.node.args), "int")
    return Said(Apply("round_down", (_counted(said).node,)), "int")


def _round(said, places=None):
    if places is None:
        return Said(Apply("round_half_up", (_counted(said).node,)), "int")
    return Said(Apply("round_half_up", (_counted(said).node, places.node)), "decimal")


def _if(condition, then, other):
    then, other = _alike(then, other)
    if _single(then).kind != _single(other).kind and not {then.kind, other.kind} <= set(NUMBERS):
        raise Untranslatable("if の二つの値の種類が違います")
    kind = then.kind if then.kind == other.kind else "decimal"
    return Said(Apply("if", (_condition(condition).node, then.node, other.node)), kind)


def _text_test(name):
    return lambda text, part: Said(Apply(name, (_words(text), _words(part))), "bool")


FUNCTIONS = {
    "selected": _selected,
    "count-selected": _count_selected,
    "count": _count, "sum": _aggregate("sum"), "min": _aggregate("min"), "max": _aggregate("max"),
    "not": _not, "true": lambda: Said(Literal("bool", value=True), "bool"),
    "false": lambda: Said(Literal("bool", value=False), "bool"),
    "if": _if, "coalesce": lambda one, other: Said(Apply("default", (one.node, other.node)), one.kind),
    "today": lambda: Said(Apply("today", ()), "date"),
    "date": lambda said: said if said.kind == "date" else _date(said),
    "int": _whole, "round": _round, "number": _counted,
    "abs": lambda said: Said(Apply("abs", (_counted(said).node,)), said.kind),
    "string-length": lambda said: Said(Apply("length", (_words(said),)), "int"),
    "string": lambda said: Said(_words(said), "text"),
    "concat": lambda *said: Said(Apply("concat", tuple(map(_words, said))), "text"),
    "lower-case": lambda said: Said(Apply("lower", (_words(said),)), "text"),
    "regex": lambda said, form: Said(Apply("matches", (_words(said), _written(form))), "bool"),
    "contains": _text_test("contains"), "starts-with": _text_test("starts_with"), "ends-with": _text_test("ends_with"),
}  # fmt: skip
