"""The types of the expression language, and how they are written.

`bool int decimal yen text date datetime duration choice geometry row{a:int,b:text?} list<…>`; a `?` at the
end says that the value may be blank; `choice<items>` says that the choice is a key of the table `items`, so
that looking it up there is never blank. `point`, `line` and `area` are other words for geometry.

Nothing is converted silently, except:

| where            | given       | taken as | because                          |
|------------------|-------------|----------|----------------------------------|
| + - and compare  | int         | decimal  | every whole number is a decimal  |
| + - and compare  | int         | yen      | 500 beside a fee means 500 yen   |
| + - and compare  | yen         | decimal  | a rate of a fee has a fraction   |
| * by a number    | int * yen   | yen      | three times a fee is a fee       |
| if, default, min | choice      | text     | the key of a choice is a text    |
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from machi.ground.expr.syntax import ExprError

SIMPLE = ("bool", "int", "decimal", "yen", "text", "date", "datetime", "duration", "choice", "geometry")
NUMBERS = ("int", "yen", "decimal")
TEXTS = ("text", "choice")
WORDS = {"bool": "はい・いいえ", "int": "整数", "decimal": "小数", "yen": "金額", "text": "文字",
         "date": "日付",
         "datetime": "日時", "duration": "期間", "choice": "選択肢", "geometry": "場所", "list": "一覧",
         "row": "行"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Type:
    """A type; `item` belongs to lists, `fields` to rows, `table` to choices."""

    kind: str
    blank: bool = False
    item: "Type | None" = None
    fields: tuple[tuple[str, "Type"], ...] = ()
    table: str = ""

    def __str__(self) -> str:
        inside = f"<{self.item or self.table}>" if self.item or self.table else ""
        if self.kind == "row":
            inside = "{" + ",".join(f"{key}:{of}" for key, of in self.fields) + "}"
        return self.kind + inside + ("?" if self.blank else "")

    def maybe(self, blank: bool = True) -> "Type":
        """The same type, and also blank when asked."""
        return replace(self, blank=self.blank or blank)

    def filled(self) -> "Type":
        """The same type, never blank."""
        return replace(self, blank=False)


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[<>{}:,?()]|\s+")


@lru_cache(maxsize=4096)  # a procedure says the same few types again and again
def read_type(text: str) -> Type:
    """The type that a text such as "list<row{fee:yen,note:text?}>" writes. Raises ExprError."""
    words = [m for m in _WORD.findall(text) if not m.isspace()]
    if "".join(words) != "".join(text.split()):
        raise ExprError(f"「{text}」という型は読めません。")
    reader = _TypeReader(text, words)
    found = reader.read()
    if reader.words:
        raise reader.fault()
    return found


class _TypeReader:
    def __init__(self, text: str, words: list[str]) -> None:
        self.text, self.words = text, words

    def fault(self) -> ExprError:
        return ExprError(f"「{self.text}」という型は読めません。")

    def take(self, *signs: str) -> str:
        if not self.words or (signs and self.words[0] not in signs):
            raise self.fault()
        return self.words.pop(0)

    def skip(self, sign: str) -> bool:
        found = bool(self.words) and self.words[0] == sign
        if found:
            self.words.pop(0)
        return found

    def read(self) -> Type:
        found = self.inner(self.take())
        return found.maybe(self.skip("?"))

    def inner(self, kind: str) -> Type:
        if kind == "list":
            self.take("<")
            found = Type("list", item=self.read())
            self.take(">")
            return found
        if kind == "row":
            self.take("{")
            fields = [self.field()]
            while self.take(",", "}") == ",":
                fields.append(self.field())
            return Type("row", fields=tuple(fields))
        if kind == "choice" and self.skip("<"):
            found = Type("choice", table=self.take())
            self.take(">")
            return found
        kind = "geometry" if kind in ("point", "line", "area") else kind
        if kind not in SIMPLE:
            raise self.fault()
        return Type(kind)

    def field(self) -> tuple[str, Type]:
        key = self.take()
        self.take(":")
        return key, self.read()


def join(left: Type, right: Type) -> Type | None:
    """The one type that holds both, or None when there is none."""
    blank = left.blank or right.blank
    kinds = {left.kind, right.kind}
    if left.kind == right.kind and (left.item, left.fields) == (right.item, right.fields):
        return replace(left, blank=blank, table=left.table if left.table == right.table else "")
    if kinds <= set(NUMBERS):
        return Type("decimal" if "decimal" in kinds else "yen", blank)
    if kinds == set(TEXTS):
        return Type("text", blank)
    return None
