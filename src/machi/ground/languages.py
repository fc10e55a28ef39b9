"""The languages people read here, and texts written in several of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language: `code` as the program says it, `tag` as definition files write it, `name` in its own words."""

    code: str
    tag: str
    name: str
    html: str


LANGUAGES = (
    Language("ja", "ja", "日本語", "ja"),
    Language("ja-easy", "ja-easy", "やさしい日本語", "ja"),
    Language("en", "en", "English", "en"),
    Language("pt-br", "pt-BR", "Português", "pt-BR"),
    Language("es", "es", "Español", "es"),
    Language("zh-hans", "zh-Hans", "中文", "zh-Hans"),
)
BY_CODE = {language.code: language for language in LANGUAGES}
TAGS = tuple(language.tag for language in LANGUAGES)


def pick(text, code):
    """The words of `text` (a mapping tag → words, or plain words) in the language `code`.

    Where a language is missing, the reader gets Japanese (the language that binds).
    """
    if not isinstance(text, dict):
        return text or ""
    tag = BY_CODE[code].tag if code in BY_CODE else code
    return text.get(tag) or text.get("ja") or next(iter(text.values()), "")
