"""Numbers as they are written, and what a stranger may see of a document. No database here."""

import datetime as dt
import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from machi.ground.calendar import era_year, fiscal_year

NAMES = ("fy", "era_fy", "unit", "sign", "unit_sign", "seq", "n")
USUAL_LABELS = {
    "number": _("受付番号"),
    "name": _("氏名"),
    "address": _("住所"),
    "day": _("日"),
    "load": _("点数"),
    "total": _("金額"),
}
MASK = "○"
_FIELD = re.compile(r"\{([^{}:]*)(?::0?(\d{1,2}))?\}")


def faults_of_format(text, *, counts):
    """What is wrong with a number's format (`counts`) or sequence: sentences for the clerk who wrote it."""
    names = [name for name, _width in _FIELD.findall(text)]
    faults = [
        f"「{{{name}}}」は使えません。使えるのは {'、'.join(NAMES)} です。"
        for name in names
        if name not in NAMES
    ]
    if "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        faults.append("「{」と「}」が組になっていません。")
    has_number = bool({"seq", "n"} & set(names))
    if counts and not has_number:
        faults.append("通し番号 {seq} がありません。")
    if not counts and has_number:
        faults.append("通し番号は sequence ではなく format に書きます。")
    return faults


def filled(text, values):
    """`text` with its {names} filled from `values`; {seq:6} with zeros in front. KeyError for a name not
    given.
    """
    return _FIELD.sub(lambda found: str(values[found[1]]).zfill(int(found[2] or 0)), text)


def number_names(*, day, unit="", sign=""):
    """The names a number may be made of on `day`: fiscal year 2026 and 令和8, the unit's code and sign."""
    year = fiscal_year(day)
    era = era_year(dt.date(year, 12, 31)).removesuffix("年")
    return {"fy": year, "era_fy": era, "unit": unit, "sign": sign, "unit_sign": sign}


def mask(words):
    """`words` so that who knows them recognises them, and nobody else learns them: 山田 太郎 → 山○ 太○."""
    return " ".join(_masked(part) for part in words.split())


def _masked(part):
    letters = _letters(part)
    return letters[0] + MASK * min(len(letters) - 1, 6) if len(letters) > 1 else MASK


def _letters(part):
    """Letters with their variation selectors and combining marks."""
    letters = []
    for sign in part:
        is_mark = (
            "\ufe00" <= sign <= "\ufe0f"
            or "\U000e0100" <= sign <= "\U000e01ef"
            or unicodedata.combining(sign)
        )
        if letters and is_mark:
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def shown_values(bundle, data):
    """What the public page may tell of `data` (evaluated values): a list of {key, label, value}.

    Blank values and lists are left out; words that people gave are masked here, so that they are not even
    kept.
    """
    lines = []
    for entry in bundle["shown"]:
        value = data.get(entry["key"])
        if isinstance(value, dict) and "day" in value:  # a booked slot
            value = dt.date.fromisoformat(str(value["day"])[:10])
        if value is None or isinstance(value, list | tuple | dict):
            continue
        if isinstance(value, dt.date):
            value = {"date": value.isoformat()[:10]}
        elif not isinstance(value, bool | int):
            value = mask(str(value)) if entry["mask"] else str(value)
        lines.append({"key": entry["key"], "label": entry["label"], "value": value})
    return lines


def grouped(digest):
    """A digest in groups of eight, to be compared by eye."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
