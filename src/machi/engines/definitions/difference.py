"""What differs between two versions of a definition, in Japanese sentences that a clerk can check. Pure.

Works on sources, not on bundles: on what people wrote, with labels in place of keys.
"""

import re

from machi.ground.languages import LANGUAGES, TAGS, pick
from machi.ground.money import yen_words

from .vocabulary import COLUMNS, NOUNS, PROPERTIES

_LANGUAGE = {language.tag: language.name for language in LANGUAGES}
_UNITS = {"Y": "年", "M": "か月", "W": "週間", "D": "日", "BD": "開庁日", "H": "時間", "TM": "分", "TS": "秒"}
_DURATION = re.compile(r"(-?)P(T?)(\d+)(BD|[YMWDHS])")
_SKIPPED = ("machi", "kind")
LIMIT = 60


def sentences(old, new):
    """Sentences for every difference of two source trees."""
    found = []
    for name in _names(old, new):
        if name in _SKIPPED:
            continue
        before, after = old.get(name), new.get(name)
        if name == "tests":
            found += _tests(before or [], after or [])
        elif name == "options":
            found += _options(before or [], after or [], new.get("columns") or {})
        else:
            found += _compare(before, after, [], name)
    return found


def _compare(before, after, where, name, context=None):
    """Differences of the value called `name` inside `where` (words of the things around it)."""
    if before == after:
        return []
    if _is_text(before) and _is_text(after) and (isinstance(before, dict) or isinstance(after, dict)):
        return _texts(before, after, _subject(where, name))
    if isinstance(before or after, dict) and isinstance(after or before, dict):
        return _mappings(before or {}, after or {}, where, name)
    if _is_named(before or []) and _is_named(after or []) and (before or after):
        return _things(_by_key(before), _by_key(after), where, name)
    if (
        isinstance(before, list)
        and isinstance(after, list)
        and not any(isinstance(x, (dict, list)) for x in before + after)
    ):
        return _plain_lists(before, after, _subject(where, name))
    return [f"{_subject(where, name)}: {say(before, context)} → {say(after, context)}"]


def _mappings(before, after, where, name):
    values = [*before.values(), *after.values()]
    if name in NOUNS and all(isinstance(value, dict) for value in values):
        return _things(before, after, where, name)
    inner, kind = [*where, _property(name)], (after or before).get("type")
    return [
        line
        for key in _names(before, after)
        for line in _compare(before.get(key), after.get(key), inner, key, kind)
    ]


def _things(before, after, where, name):
    """Differences of named things: gone, new, changed, moved."""
    noun, prefix = NOUNS.get(name, _property(name)), "の".join(where) + "の" if where else ""
    lines = [f"{prefix}{noun}「{label_of(before[key], key)}」をなくす" for key in before if key not in after]
    for key, thing in after.items():
        if key not in before:
            lines.append(f"{prefix}{noun}「{label_of(thing, key)}」を追加")
        elif thing != before[key]:
            lines += _thing(before[key], thing, [*where, f"{noun}「{label_of(before[key], key)}」"])
    kept = [key for key in before if key in after]
    if name != "settings" and kept != [key for key in after if key in before]:
        lines.append(f"{prefix}{noun}の並び順を変更")
    return lines


def _thing(before, after, where):
    """Differences inside one thing; its key names it and is not compared."""
    if set(before) == set(after) == {"type", "value"} or (before | {"value": 0}) == (after | {"value": 0}):
        kind = after.get("type")
        return [f"{'の'.join(where)}: {say(before.get('value'), kind)} → {say(after.get('value'), kind)}"]
    kind = after.get("type")
    names = [name for name in _names(before, after) if name != "key"]
    return [line for name in names for line in _compare(before.get(name), after.get(name), where, name, kind)]


def _options(before, after, columns):
    """Differences of a list to choose from: 「手数料: ソファ 800円 → 1,000円」."""
    old, new = _by_key(_flat(before)), _by_key(_flat(after))
    lines = [f"選択肢「{label_of(old[key], key)}」をなくす" for key in old if key not in new]
    for key, option in new.items():
        label = label_of(option, key)
        if key not in old:
            lines.append(f"選択肢「{label}」を追加{_figures(option, columns)}")
            continue
        for name in _names(old[key], option):
            was, now = old[key].get(name), option.get(name)
            if was != now and name in columns:
                kind = _column_type(columns[name])
                lines.append(f"{_column_word(name, columns)}: {label} {say(was, kind)} → {say(now, kind)}")
            elif was != now:
                lines += _compare(was, now, [f"選択肢「{label_of(old[key], key)}」"], name)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        lines.append("選択肢の並び順を変更")
    return lines


def _figures(option, columns):
    said = [
        f"{_column_word(n, columns)} {say(option.get(n), _column_type(c))}"
        for n, c in columns.items()
        if n in option
    ]
    return f"（{'、'.join(said)}）" if said else ""


def _flat(options):
    for item in options:
        if isinstance(item, dict) and isinstance(item.get("options"), list):
            yield from ({**option, "group": item.get("group")} for option in item["options"])
        else:
            yield item


def _column_type(column):
    return column.get("type") if isinstance(column, dict) else column


def _column_word(name, columns):
    column = columns[name]
    label = column.get("label") if isinstance(column, dict) else None
    return pick(label, "ja") or COLUMNS.get(name, name)


def _texts(before, after, subject):
    """Differences of words, language by language; Japanese goes without its name."""
    old, new = (
        value if isinstance(value, dict) else {"ja": value} if value else {} for value in (before, after)
    )
    lines = []
    for tag in _names(old, new):
        if old.get(tag) != new.get(tag):
            language = "" if tag == "ja" else f"（{_LANGUAGE[tag]}）"
            lines.append(f"{subject}{language}: {say(old.get(tag))} → {say(new.get(tag))}")
    return lines


def _plain_lists(before, after, subject):
    gone, come = [x for x in before if x not in after], [x for x in after if x not in before]
    lines = [f"{subject}から{say(item)}をなくす" for item in gone] + [
        f"{subject}に{say(item)}を追加" for item in come
    ]
    return lines or [f"{subject}の並び順を変更"]


def _tests(before, after):
    return [f"確かめの例: {len(before)}件 → {len(after)}件（内容を変更）"] if before != after else []


def say(value, kind=None):
    """A value as people read it; `kind` is the type of what it is a value of."""
    if value is None or value == "":
        return "なし"
    if isinstance(value, dict):
        inside = "、".join(f"{_property(key)} {say(inner)}" for key, inner in value.items())
        return f"「{inside[: LIMIT * 2]}」"
    if isinstance(value, list):
        return "・".join(say(item) for item in value)[: LIMIT * 2]
    return _say_scalar(str(value), kind)


def _say_scalar(text, kind):
    if kind == "yen" and re.fullmatch(r"-?\d{1,15}", text):
        return yen_words(int(text))
    if text in ("true", "false"):
        return "はい" if text == "true" else "いいえ"
    if found := _DURATION.fullmatch(text):
        sign, time, number, unit = found.groups()
        return f"{'マイナス' if sign else ''}{number}{_UNITS.get(time + unit, _UNITS.get(unit, unit))}"
    if re.fullmatch(r"-?[\d.]+", text):
        return text
    return f"「{text if len(text) <= LIMIT else text[: LIMIT - 1] + '…'}」"


def label_of(thing, key):
    """What people call a thing: its Japanese label or title, else its key."""
    if isinstance(thing, dict):
        for name in ("label", "title", "name"):
            if words := pick(thing.get(name), "ja"):
                return words
    return key


def _subject(where, name):
    return "の".join([*where, _property(name)])


def _property(name):
    return PROPERTIES.get(name) or NOUNS.get(name) or _LANGUAGE.get(name) or name


def _names(before, after):
    """Keys of both, in the order of the newer."""
    return [*after, *(key for key in before if key not in after)]


def _is_text(value):
    if isinstance(value, dict):
        return bool(value) and all(key in TAGS and isinstance(words, str) for key, words in value.items())
    return value is None or isinstance(value, str)


def _is_named(items):
    return isinstance(items, list) and all(isinstance(item, dict) and _key_of(item) for item in items)


def _key_of(item):
    return next((item[name] for name in ("key", "code", "use") if isinstance(item.get(name), str)), None)


def _by_key(items):
    return {_key_of(item) or str(index): item for index, item in enumerate(items or [])}
