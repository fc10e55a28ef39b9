"""Procedures are found by what people say: title, summary and words in every language."""

from machi.engines.search.public import index, remove
from machi.ground.languages import LANGUAGES, pick


def enter_in_search(version):
    """Enter a published procedure into the search, once a language."""
    bundle = version.bundle
    if bundle["audience"] != "public":
        remove(kind="procedure", ref=version.code)  # it may have been public before
        return
    for language in LANGUAGES:
        words = bundle["words"].get(language.tag, []) + bundle["words"].get("ja", [])
        index(
            kind="procedure",
            ref=version.code,
            language=language.code,
            title=pick(bundle["title"], language.code),
            body=" ".join(pick(text, language.code) for text in (bundle["summary"], bundle["facts"]["who"])),
            words=words,
            url=f"/procedures/{version.code}/",
            door=bundle["door"] or "",
        )
