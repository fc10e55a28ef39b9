"""Text into tokens. Only half-width signs are signs; a full-width one is an error that says so."""

import re
import unicodedata
from typing import NamedTuple

from machi.ground.expr.syntax import MAX_LENGTH, MAX_PLACES, MAX_WHOLE_DIGITS, ExprError, TooLong


class Token(NamedTuple):
    """One word or sign; `kind` is number, text, name, sign or end; `value` is what it means."""

    kind: str
    value: str
    position: int


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>\$?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<sign>==|!=|<=|>=|[-+*/%<>()\[\],]))",
    re.ASCII | re.DOTALL,
)
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t"}
_HINTS = {"=": "等しいときは == と書きます。", "&": "かつは and と書きます。",
          "|": "またはは or と書きます。",
          "!": "でないは not と書きます。"}  # fmt: skip


def tokens(text: str) -> list[Token]:
    """All tokens, the last of kind `end`. Raises ExprError, TooLong."""
    if len(text) > MAX_LENGTH:
        raise TooLong(f"式が{MAX_LENGTH}文字を超えています。", MAX_LENGTH, "計算項目に分けてください。")
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if not match:
            raise _unreadable(text, at)
        kind = match.lastgroup
        found.append(_token(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, Token("end", "", end)]


def _token(kind: str, said: str, position: int) -> Token:
    if kind == "text":
        return Token(kind, _unescape(said[1:-1], position), position)
    if kind == "number":
        whole, _, places = said.partition(".")
        if len(whole.lstrip("0")) > MAX_WHOLE_DIGITS or len(places) > MAX_PLACES:
            raise ExprError(
                "数の桁が多すぎます。",
                position,
                f"整数は{MAX_WHOLE_DIGITS}桁、小数は{MAX_PLACES}桁までです。",
            )
    return Token(kind, said, position)


def _unescape(body: str, position: int) -> str:
    def replace(match: re.Match) -> str:
        if match[1] not in _ESCAPES:
            raise ExprError(
                f"文字列の中の「\\{match[1]}」は読めません。", position, "円記号は \\\\ と書きます。"
            )
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", replace, body, flags=re.DOTALL)


def _unreadable(text: str, at: int) -> ExprError:
    while text[at].isspace():
        at += 1
    sign = text[at]
    if sign in "'\"":
        return ExprError("文字列が閉じていません。", at, f"終わりに {sign} を付けてください。")
    narrow = unicodedata.normalize("NFKC", sign)
    if narrow != sign and narrow.isascii():
        return ExprError(f"全角の「{sign}」は使えません。", at, f"半角の {narrow} で書いてください。")
    hint = _HINTS.get(sign, "文字は ' で囲み、項目は半角英数字の名前で書きます。")
    return ExprError(f"「{sign}」は式に使えません。", at, hint)
