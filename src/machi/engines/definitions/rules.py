"""Decisions about versions: what is the same, what breaks, what a field key may become. Pure."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder

from . import define
from .define import DefinitionFault

WIDER = {("int", "decimal"), ("yen", "decimal")}
TEXTS = ("text", "longtext")
TYPE_WORDS = {
    "text": "文字",
    "longtext": "長い文字",
    "int": "整数",
    "decimal": "小数",
    "yen": "金額",
    "date": "日付",
    "bool": "はい・いいえ",
    "choice": "選択",
    "choices": "複数選択",
    "file": "ファイル",
    "point": "場所",
    "repeat": "くり返し",
    "slot": "予約枠",
    "hours": "時間の予約",
    "account": "勘定",
}


def canonical(value):
    """JSON as it is kept: keys in the order of the file, no blanks, text as it is."""
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, cls=DjangoJSONEncoder
    )


def digest_of(bundle):
    """The sha256 (hexadecimal) of a bundle. Mappings have no order here: where order counts, a definition has
    a list.
    """
    text = json.dumps(bundle, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def field_types(kind_name, bundle):
    """The field keys of a bundle with their types: {"place": "point", "lines": "repeat", "lines.item":
    "choice"}.
    """
    kind = define.KINDS[kind_name]
    if kind.keys:
        return kind.keys(bundle)
    return dict(_types(bundle.get("fields") or bundle.get("form", {}).get("fields") or []))


def _types(fields, prefix=""):
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, dict) and "key" in field and "type" in field:
            yield f"{prefix}{field['key']}", field["type"]
            yield from _types(field.get("fields"), f"{prefix}{field['key']}.")


def may_become(old, new):
    """Whether a field of type `old` may become `new`: only wider, so that every stored answer can still be
    read.
    """
    return old == new or (old, new) in WIDER or (new in TEXTS and old not in ("file", "repeat"))


def ledger_faults(ledger, types):
    """Faults for field keys that would change their type or be given to something else.

    `ledger` {key: type} is what the keys have ever been, `types` what they would be now.
    """
    return [
        DefinitionFault(
            ("fields", *key.split(".")),
            f"項目「{key}」は{_type_word(ledger[key])}として使われてきたので、{_type_word(kind)}に変えられません。",
            "新しい key の項目を作り、もとの項目は消すか hide してください。",
        )
        for key, kind in types.items()
        if key in ledger and not may_become(ledger[key], kind)
    ]


def _type_word(kind):
    return f"「{TYPE_WORDS.get(kind, kind)}」"


def compatibility(kind_name, old, new):
    """How `new` relates to `old`.

    none (only words and figures differ), additive, or breaking (what was answered may no longer fit).
    """
    kind = define.KINDS[kind_name]
    if kind.compat:
        return kind.compat(old, new)
    before, after = field_types(kind_name, old), field_types(kind_name, new)
    if any(key not in after or not may_become(was, after[key]) for key, was in before.items()):
        return "breaking"
    return "additive" if set(after) - set(before) or before != after else "none"
