"""Faults in words: what YAML and pydantic say, said so that a clerk knows what to do."""

import difflib
import re
import unicodedata

_INDENT = ("字下げがそろっていません。", "前後の行と先頭の位置をそろえてください。")
_UNCLOSED = ("囲み（\" や ' ）が閉じていません。", "閉じる \" または ' を書いてください。")
_REFERENCE = ("「&」や「*」で始まる参照は使えません。", '"" で囲んで文字にしてください。')
_TAG = ("「!」で始まる型の指定は使えません。", '"" で囲んで文字にしてください。')
_COLON = ("「:」の位置が正しくありません。", '字下げをそろえてください。文の中の「: 」は "" で囲みます。')
_ESCAPE = ("「\\」の使い方が正しくありません。", "\"\" を '' に替えるか、「\\\\」と書いてください。")
_START = ("この記号から始まる値は書けません。", '値を "" で囲んでください。')
_YAML = {  # what libyaml says, or the beginning or a part of it
    "tab character": ("行の先頭にタブが使われています。", "タブを半角の空白に置きかえてください。"),
    "mapping values are not allowed": _COLON,
    "found unexpected ':'": _COLON,
    "could not find expected ':'": (
        "「:」がありません。",
        "「名前: 値」の形で書いてください。「:」の後に空白を一つ入れます。",
    ),
    "block sequence entries are not allowed": (
        "「-」の位置が正しくありません。",
        '字下げをそろえてください。「- 」で始まる文は "" で囲みます。',
    ),
    "did not find expected key": _INDENT,
    "did not find expected '-' indicator": _INDENT,
    "unexpected end of stream": _UNCLOSED,
    "unexpected document indicator": _UNCLOSED,
    "expected ',' or ']'": (
        "[ ] の区切りが正しくありません。",
        "「,」で区切り、最後を「]」で閉じてください。",
    ),
    "expected ',' or '}'": (
        "{ } の区切りが正しくありません。",
        "「,」で区切り、最後を「}」で閉じてください。",
    ),
    "while scanning an alias": _REFERENCE,
    "while scanning an anchor": _REFERENCE,
    "while scanning a tag": _TAG,
    "while parsing a tag": _TAG,
    "undefined tag handle": _TAG,
    "that cannot start any token": _START,
    "did not find expected node content": _START,
    "while scanning a directive": _START,
    "invalid Unicode character escape": (
        "目に見えない制御文字が入っています。",
        "その行を打ち直してください。",
    ),
    "unknown escape character": _ESCAPE,
    "expected hexdecimal number": _ESCAPE,
    "expected <document start>": (
        "定義の区切りが正しくありません。",
        "次の定義の前に「---」の行を入れてください。",
    ),
}
_TYPES = {
    "int": "整数",
    "float": "数",
    "decimal": "数",
    "bool": "true か false",
    "date": "日付（例: 2026-11-22）",
    "date_from_datetime": "日付（例: 2026-11-22）",
    "datetime": "日時（例: 2026-11-22T09:00）",
    "time": "時刻（例: 09:00）",
    "string": "文字",
    "list": "並び（- で始まる行か [ ]）",
    "dict": "「名前: 値」の並び",
    "tuple": "並び（- で始まる行か [ ]）",
    "set": "並び（- で始まる行か [ ]）",
    "model": "「名前: 値」の並び",
    "model_attributes": "「名前: 値」の並び",
    "url": "アドレス（https://…）",
    "uuid": "識別子",
}


def yaml_words(said, letter=""):
    """(message, mend) for what the YAML reader said about this letter."""
    said = said.replace("character that", "tab character that") if letter == "\t" else said
    for sign, words in _YAML.items():
        if sign in said:
            return words
    return "YAML として読めません。", "この行とその前の行の、記号・字下げ・囲みを見直してください。"


def near(word, known):
    """The known word that `word` is most likely meant to be, or None."""
    cutoff = 0.6 if len(str(word)) > 3 else 0.5
    found = difflib.get_close_matches(str(word).lower(), [str(name) for name in known], n=1, cutoff=cutoff)
    return found[0] if found else None


def suggest(word, known, otherwise):
    """How to repair a wrong word: the nearest known one, else the choice of all (at most 20), else
    `otherwise`.
    """
    if guess := near(word, known):
        return f"「{guess}」の書きまちがいではありませんか。"
    known = sorted(str(name) for name in known)
    return f"使えるのは {'、'.join(known)} です。" if 0 < len(known) <= 20 else otherwise


def pydantic_words(error, known):
    """(message, mend) for one error of pydantic (an item of `errors()`); `known`: keys allowed there."""
    kind, context, name = error["type"], error.get("ctx", {}), str(error["loc"][-1]) if error["loc"] else ""
    value = error["input"]
    if kind in _WHOLE:
        return _WHOLE[kind](name, value, context, known)
    if kind == "value_error":
        return str(context.get("error", error["msg"])), ""
    if value is None:
        return f"「{name}」に値がありません。", "値を書くか、この行を消してください。"
    for ending, words in _ENDINGS.items():
        if kind.endswith(ending):
            return words(kind, value)
    return (
        f"「{_short(value)}」は正しくありません（{error['msg']}）。",
        "もとの書き方にならって直してください。",
    )


def _short(value):
    if isinstance(value, dict):
        return "名前: 値 の並び"
    text = (
        str(value)
        if isinstance(value, str)
        else "、".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )
    return text if len(text) <= 40 else text[:39] + "…"


def _limits(context):
    """The limits that a length or number may have, as pydantic names them."""
    return next(
        (context[name] for name in ("ge", "le", "gt", "lt", "min_length", "max_length") if name in context),
        "",
    )


def _missing(name, value, context, known):
    return f"「{name}」がありません。", f"「{name}: …」の行を足してください。"


def _extra(name, value, context, known):
    mend = suggest(name, known, "この行を消すか、名前を直してください。")
    return f"「{name}」という項目は、ここにはありません。", mend


def _literal(name, value, context, known):
    allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    return f"「{_short(value)}」は使えません。", suggest(
        value, allowed, f"使えるのは {context.get('expected')} です。"
    )


def _tag(name, value, context, known):
    tag = context.get("tag", "")
    allowed = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
    return f"「{tag}」という種類はありません。", suggest(tag, allowed, "種類の名前を直してください。")


def _pattern(name, value, context, known):
    said = f"「{_short(value)}」の書き方が正しくありません。"
    pattern = str(context.get("pattern", ""))
    if pattern.startswith("^[a-z"):
        return said, "英小文字で始め、英小文字・数字・「_」だけで書いてください（例: pay_days）。"
    if pattern.startswith(("^P", "^-?P")):
        return said, "期間は P3D（3日）、P3BD（3開庁日）、P1M（1か月）、PT15M（15分）のように書いてください。"
    if pattern.startswith("^#"):
        return said, "色は #0b5563 のように、# と6桁の英数字で書いてください。"
    return said, f"次の形に合わせてください: {pattern}"


_WHOLE = {
    "missing": _missing,
    "extra_forbidden": _extra,
    "literal_error": _literal,
    "enum": _literal,
    "union_tag_invalid": _tag,
    "union_tag_not_found": lambda *_: ("「type」がありません。", "「type: …」の行を足してください。"),
    "string_pattern_mismatch": _pattern,
    "text_form": lambda *_: ("文が書かれていません。", "日本語の文か、{ja: …, en: …} の形で書いてください。"),
    "text_tag": lambda name, value, context, known: (
        f"「{context['tag']}」という言語はありません。",
        suggest(context["tag"], ("ja", "ja-easy", "en", "pt-BR", "es", "zh-Hans"), ""),
    ),
    "text_empty": lambda name, value, context, known: (
        f"「{context['tag']}」の文が空です。",
        "文を書くか、この行を消してください。",
    ),
    "text_japanese": lambda *_: ("日本語（ja）がありません。", "「ja: …」を足してください。"),
    "greater_than_equal": lambda n, v, c, k: (
        f"「{_short(v)}」は小さすぎます。",
        f"{_limits(c)} 以上にしてください。",
    ),
    "greater_than": lambda n, v, c, k: (
        f"「{_short(v)}」は小さすぎます。",
        f"{_limits(c)} より大きくしてください。",
    ),
    "less_than_equal": lambda n, v, c, k: (
        f"「{_short(v)}」は大きすぎます。",
        f"{_limits(c)} 以下にしてください。",
    ),
    "less_than": lambda n, v, c, k: (
        f"「{_short(v)}」は大きすぎます。",
        f"{_limits(c)} より小さくしてください。",
    ),
    "int_parsing_size": lambda *_: ("数が大きすぎます。", "けた数を確かめてください。"),
    "finite_number": lambda *_: ("この数は使えません。", "ふつうの数を書いてください。"),
    "decimal_max_places": lambda n, v, c, k: (
        f"「{_short(v)}」は小数のけたが多すぎます。",
        f"小数点の後は {c['decimal_places']} けたまでにしてください。",
    ),
    "string_too_long": lambda n, v, c, k: ("文字が長すぎます。", f"{_limits(c)} 文字以内にしてください。"),
    "string_too_short": lambda n, v, c, k: ("文字が足りません。", f"{_limits(c)} 文字以上にしてください。"),
    "too_long": lambda n, v, c, k: ("数が多すぎます。", f"{_limits(c)} 個以内にしてください。"),
    "too_short": lambda n, v, c, k: ("数が足りません。", f"{_limits(c)} 個以上書いてください。"),
}


def _not_type(kind, value):
    wanted = _TYPES.get(kind.rsplit("_", 1)[0], "正しい形")
    mend = f"{wanted}を書いてください。"
    if isinstance(value, str):
        plain = (
            unicodedata.normalize("NFKC", value).replace(",", "").replace("、", "").removesuffix("円").strip()
        )
        if plain != value and re.fullmatch(r"-?\d+(\.\d+)?", plain):
            mend = f"「{plain}」のように、半角の数字だけで書いてください。"
    return f"「{_short(value)}」は{wanted}ではありません。", mend


_ENDINGS = {"_type": _not_type, "_parsing": _not_type, "_from_float": _not_type}
