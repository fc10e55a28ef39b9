"""Names and texts of an XLSForm, as definitions have them."""

import re
import unicodedata

_TAGS = {
    "ja": "ja", "jp": "ja", "japanese": "ja", "日本語": "ja", "ja-easy": "ja-easy", "やさしい日本語": "ja-easy",
    "en": "en", "english": "en", "pt": "pt-BR", "pt-br": "pt-BR", "portuguese": "pt-BR", "português": "pt-BR",
    "portugues": "pt-BR", "es": "es", "spanish": "es", "español": "es", "espanol": "es", "zh": "zh-Hans",
    "zh-cn": "zh-Hans", "zh-hans": "zh-Hans", "chinese": "zh-Hans", "中文": "zh-Hans", "简体中文": "zh-Hans",
}  # fmt: skip


def tag_of(language):
    """The language tag of `Português (pt)`, `pt`, or `Portuguese`; None when we have no such language."""
    code = re.search(r"\(([^)]+)\)\s*$", language)
    said = [code[1]] if code else []
    said.append(re.sub(r"\([^)]*\)", "", language))
    return next((_TAGS[one] for one in (word.strip().lower() for word in said) if one in _TAGS), None)


def text_of(row, name, default):
    """(text {tag: words}, headings whose language we do not have) of a column of `row`.

    `default` is the language of a heading without one. A text without Japanese says the first it has in its place.
    """
    text, strange = {}, []
    for heading, words in row.texts(name).items():
        tag = tag_of(heading.partition("::")[2]) if "::" in heading else default
        if tag is None:
            strange.append(heading)
        else:
            text.setdefault(tag, words)
    if text and "ja" not in text:
        text = {"ja": next(iter(text.values())), **text}
    return text, strange


def key_of(name, taken, first="q"):
    """A key for `name` that nobody in `taken` has: small letters, digits and `_`, beginning with a letter."""
    plain = unicodedata.normalize("NFKC", name).lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36] if plain.isascii() else ""
    if not key or not key[0].isalpha():
        key = f"{first}_{key}".rstrip("_") if key else first
    tried, number = key, 2
    while tried in taken:
        tried, number = f"{key}_{number}", number + 1
    return tried


def option_key(name, taken):
    """As `key_of`, for an option, which may begin with a digit and have capitals."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}", name) and name not in taken:
        return name
    return key_of(name, taken, "a")
