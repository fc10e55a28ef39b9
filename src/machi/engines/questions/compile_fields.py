"""What one field says about itself must make sense, before its expressions are looked at."""

import re2

from machi.engines.definitions.define import DefinitionFault
from machi.engines.questions.question import option_table
from machi.engines.questions.types import MOST_ROWS, Wrong

CALCULATED = ("text", "int", "decimal", "yen", "date", "bool")
BOUNDED = ("int", "decimal", "yen", "date", "choices", "repeat")
TEXTUAL = ("text", "longtext", "name", "kana", "email", "phone", "postal", "code")


def shape_faults(question, path, tables, settings):
    """The DefinitionFaults of one field, which stands at `path` in the source; fills its options, bounds."""
    question.options = option_table(question.field, tables)
    checks = (
        _options(question, tables),
        _repeated_options(question),
        _repeat(question),
        _bounds(question, settings),
        _order_of_bounds(question),
        _slot(question),
        _account(question),
        _calc(question),
        _required(question),
        _pattern(question),
        _default(question),
    )
    return [
        DefinitionFault((*path, *place), message, mend) for found in checks for place, message, mend in found
    ]


def _options(question, tables):
    field = question.field
    picks = field.type in ("choice", "choices", "hours")
    if field.from_ and field.from_ not in tables:
        known = "、".join(sorted(tables)) or "なし"
        mend = f"uses に加えてください。いま使える表: {known}"
        yield ("from",), f"「{field.from_}」という表はありません。", mend
    elif (field.options and not picks) or (field.from_ and not (picks or field.type == "address")):
        yield (), f"型 {field.type} に選択肢は付けられません。", "options か from を消してください。"
    elif picks and bool(field.options) == bool(field.from_):
        mend = "options か from のどちらか一つを書いてください。"
        yield (), f"項目「{field.key}」の選択肢が分かりません。", mend


def _repeated_options(question):
    keys = [option.key for option in question.field.options]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield ("options", index, "key"), f"選択肢「{key}」が二度あります。", "一つを消してください。"


def _repeat(question):
    field = question.field
    if (field.type == "repeat") != bool(field.fields):
        message = "fields は repeat の項目にだけ書き、repeat には必ず書きます。"
        yield (), message, "type か fields を直してください。"
    if question.parent and field.type in ("repeat", "slot", "hours", "account"):
        yield (), f"くり返しの中に、型 {field.type} の項目は置けません。", "くり返しの外に出してください。"


def _bounds(question, settings):
    field = question.field
    for name in ("min", "max"):
        said = getattr(field, name)
        if said is None:
            continue
        if field.type not in BOUNDED:
            mend = "max_length か validate を使ってください。"
            yield (name,), f"型 {field.type} に {name} は使えません。", mend
            continue
        try:
            question.bound(name, settings)
        except KeyError:
            yield (
                (name,),
                f"「{said}」という設定はありません。",
                "settings に書き足すか、数で書いてください。",
            )
        except ValueError:
            mend = "数、日付（2026-04-01）、today、$settings.名前 のどれかで書いてください。"
            yield (name,), f"「{said}」は、この型の値ではありません。", mend


def _order_of_bounds(question):
    least, most = question.least, question.most
    if "today" not in (least, most) and None not in (least, most) and least > most:
        yield ("min",), "min が max より大きくなっています。", "入れかわっていないか確かめてください。"
    if question.field.type == "repeat" and most > MOST_ROWS:
        yield ("max",), f"くり返しは{MOST_ROWS}件までです。", f"{MOST_ROWS} 以下にしてください。"


def _slot(question):
    if question.field.type in ("slot", "hours") and question.field.pool is None:
        yield (), "予約の項目（slot・hours）に pool がありません。", "pool: 予約の名前 を加えてください。"


def _account(question):
    field = question.field
    given = [name for name in ("book", "place", "needs") if getattr(field, name)]
    if field.type != "account" and given:
        yield (given[0],), f"型 {field.type} に {given[0]} は書けません。", "消してください。"
    elif field.type == "account" and not (field.book and field.place):
        mend = "book: 帳簿のコード と place: 残りを見る置き場所 を加えてください。"
        yield (), "勘定（account）の項目に book か place がありません。", mend


def _calc(question):
    field = question.field
    if field.calc and field.type not in CALCULATED:
        yield ("calc",), f"型 {field.type} は計算できません。", f"使える型: {'、'.join(CALCULATED)}"
    if field.calc and (field.required or field.required_if or field.default or field.prefill):
        mend = "required、default、prefill を消してください。"
        yield ("calc",), "計算する項目は、人が入力しません。", mend


def _required(question):
    if question.field.required and question.field.required_if:
        message = "required と required_if が両方あります。"
        yield ("required_if",), message, "どちらか一つにしてください。"


def _pattern(question):
    field = question.field
    if not field.pattern:
        return
    if field.type not in TEXTUAL:
        yield ("pattern",), "pattern は文字の項目にだけ使えます。", "消してください。"
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(field.pattern, options)
    except re2.error:
        mend = "かっこの閉じ忘れなどを確かめてください（RE2）。"
        yield ("pattern",), "型紙（pattern）の書き方が正しくありません。", mend


def _default(question):
    try:
        question.default()
    except Wrong:
        message = f"はじめの値「{question.field.default}」は、この型の値ではありません。"
        mend = "選択肢のキー、数字、日付（2026-04-01）、true などで書いてください。"
        yield ("default",), message, mend
