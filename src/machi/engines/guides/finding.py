"""Guides are found by what people say of their lives."""

from machi.engines.guides.rules import said
from machi.engines.search.public import index
from machi.ground.languages import LANGUAGES, pick


def enter_in_search(version):
    """Enter a published guide into the search, once a language."""
    bundle = version.bundle
    if bundle["audience"] != "public":
        return
    for language in LANGUAGES:
        titles = [said(task["title"], bundle["settings"], language.code) for task in bundle["tasks"]]
        index(
            kind="guide",
            ref=version.code,
            language=language.code,
            title=pick(bundle["title"], language.code),
            body=" ".join([pick(bundle["summary"], language.code), *titles]),
            words=bundle["words"].get(language.tag, []) + bundle["words"].get("ja", []),
            url=f"/guide/{version.code}/",
        )
