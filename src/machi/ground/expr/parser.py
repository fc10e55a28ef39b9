"""Tokens into a tree, by binding strength (Pratt, "Top down operator precedence", 1973)."""

import difflib

from machi.ground.expr.lexer import Token, tokens
from machi.ground.expr.syntax import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LIST,
    OPERATORS,
    READERS,
    Apply,
    ExprError,
    ListOf,
    Literal,
    Name,
    Node,
    TooDeep,
    TooLong,
    arity,
    walk,
)

# A fault and its mend stand together, which the formatter would spread over five lines.
# fmt: off

_WORDS = {"and", "or", "not", "in", "true", "false"}
_COMPARISON = OPERATORS["=="]


def parse(text: str) -> Node:
    """The tree of an expression. Raises ExprError (with its place and its mend), TooLong, TooDeep."""
    reader = _Reader(tokens(text))
    node = reader.expression(1)
    if reader.now.kind != "end":
        raise reader.unexpected()
    for _ in walk(node):
        pass
    return node


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self.tokens, self.index, self.level = found, 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.now
        self.index += token.kind != "end"
        return token

    def sees(self, *signs: str) -> bool:
        return self.now.kind in ("sign", "name") and self.now.value in signs

    def expect(self, sign: str) -> None:
        if not (self.now.kind == "sign" and self.now.value == sign):
            raise ExprError(f"「{sign}」がありません。", self.now.position, f"ここに {sign} が要ります。")
        self.take()

    def unexpected(self) -> ExprError:
        if self.now.kind == "end":
            return ExprError("式が途中で終わっています。", self.now.position, "続きを書いてください。")
        return ExprError(f"ここに「{self.now.value}」は書けません。", self.now.position,
                         "演算子、かっこ、コンマの抜けを確かめてください。")

    def expression(self, strength: int) -> Node:
        self.level += 1
        if self.level > MAX_DEPTH:
            raise TooDeep(f"式の入れ子が{MAX_DEPTH}段を超えています。", self.now.position,
                          "計算項目に分けてください。")
        left = self.prefix(strength)
        while (binds := self.infix_strength()) >= strength:
            left = self.infix(left, binds)
        self.level -= 1
        return left

    def infix_strength(self) -> int:
        if self.now.kind not in ("sign", "name") or self.now.value in ("not", "neg"):
            return 0
        return OPERATORS.get(self.now.value, 0)

    def infix(self, left: Node, binds: int) -> Node:
        operator = self.take()
        args = [left, self.expression(binds + 1)]
        if operator.value in ("and", "or"):
            while self.sees(operator.value):
                self.take()
                args.append(self.expression(binds + 1))
        if binds == _COMPARISON and self.infix_strength() == _COMPARISON:
            raise ExprError("比較を続けて書くことはできません。", self.now.position,
                            "a < b and b < c のように and でつないでください。")
        return Apply(operator.value, tuple(args), operator.position)

    def prefix(self, strength: int) -> Node:
        token = self.take()
        if token.kind == "name":
            return self.word(token, strength)
        if token.kind == "number":
            kind = "decimal" if "." in token.value else "int"
            return Literal(kind, READERS[kind](token.value), token.position)
        if token.kind == "text":
            return Literal("text", token.value, token.position)
        if token.value == "-":
            return Apply("neg", (self.expression(OPERATORS["neg"]),), token.position)
        if token.value == "(":
            inner = self.expression(1)
            self.expect(")")
            return inner
        if token.value == "[":
            return self.list_of(token.position)
        self.index -= token.kind != "end"
        raise self.unexpected()

    def word(self, token: Token, strength: int) -> Node:
        if token.value in ("true", "false"):
            return Literal("bool", token.value == "true", token.position)
        if token.value == "not" and strength <= OPERATORS["not"]:
            return Apply("not", (self.expression(OPERATORS["not"]),), token.position)
        if token.value in _WORDS:
            raise ExprError(f"ここに「{token.value}」は書けません。", token.position, "かっこで囲みます。")
        if not self.sees("("):
            return Name(token.value, token.position)
        return self.dated(token) if token.value in ("date", "datetime", "duration") else self.call(token)

    def dated(self, token: Token) -> Literal:
        self.take()
        said = self.take()
        try:
            value = READERS[token.value](said.value if said.kind == "text" else "")
        except ValueError:
            example = {"date": "2026-04-01", "datetime": "2026-04-01T09:00", "duration": "P3D"}[token.value]
            raise ExprError(f"{token.value} の中の書き方が正しくありません。", said.position,
                            f"{token.value}('{example}') のように書いてください。") from None
        self.expect(")")
        return Literal(token.value, value, token.position)

    def items(self, closing: str) -> tuple[Node, ...]:
        found = []
        while not self.sees(closing):
            if found:
                self.expect(",")
            found.append(self.expression(1))
        self.expect(closing)
        return tuple(found)

    def list_of(self, position: int) -> ListOf:
        items = self.items("]")
        if len(items) > MAX_LIST:
            raise TooLong(f"一覧が{MAX_LIST}個を超えています。", position, "表と lookup を使ってください。")
        return ListOf(items, position)

    def call(self, token: Token) -> Apply:
        if token.value not in FUNCTIONS:
            near = difflib.get_close_matches(token.value, FUNCTIONS, 1)
            raise ExprError(f"「{token.value}」という関数はありません。", token.position,
                            f"{near[0]} のことですか。" if near else f"使える関数: {', '.join(FUNCTIONS)}")
        self.take()
        args = self.items(")")
        fewest, most = arity(token.value)
        if not fewest <= len(args) <= most:
            count = f"{fewest}" if fewest == most else f"{fewest}から{most}"
            raise ExprError(f"{token.value} に渡す値の数が違います。", token.position, f"{count}個です。")
        return Apply(token.value, args, token.position)
