"""What is still to do before a procedure can be published, each with the way to its place."""

from django.utils.translation import gettext as _

from machi.engines.definitions import public as definitions
from machi.entrances.builder.operations.about import text_places
from machi.ground.languages import LANGUAGES, TAGS


def tasks(manuscript, tree):
    """[{stops, words, mend, page, query}]: faults stop publishing; the others are what residents would miss."""
    examined = definitions.examine(tree, manuscript.assets)
    found = [
        {"stops": True, "words": fault.message, "mend": fault.mend, **_place(tree, path)}
        for fault, path in zip(examined.faults, examined.paths, strict=True)
        if fault.level == "error"
    ]
    if tree.get("audience") != "staff":
        found += _untranslated(tree)
    if not tree.get("tests"):
        words = _("確かめの例がありません。試して、そのまま例として残してください。")
        found.append({"stops": False, "words": words, "mend": "", "page": "trials", "query": ""})
    return found


def _untranslated(tree):
    for one in LANGUAGES:
        lacking = sum(one.tag not in text for _path, text in text_places(tree))
        if lacking and one.tag in TAGS and one.tag != "ja":
            words = _("%(language)sの訳がない文が%(count)s個あります。") % {"language": one.name, "count": lacking}
            yield {"stops": False, "words": words, "mend": "", "page": "languages", "query": f"tag={one.tag}"}


def _place(tree, path):
    """The page and the query that choose the thing a fault is about."""
    if path[:1] == ("fields",) and len(path) > 1 and isinstance(path[1], int):
        return {"page": "edit", "query": f"field={_address(tree['fields'], path[1:])}"}
    if path[:1] == ("pages",) and len(path) > 1 and isinstance(path[1], int):
        return {"page": "edit", "query": f"page={tree['pages'][path[1]].get('key', '')}"}
    if path[:2] == ("flow", "steps") and len(path) > 2:
        return {"page": "flow", "query": f"step={path[2]}"}
    if path[:1] == ("pools",) and len(path) > 1:
        return {"page": "flow", "query": f"pool={path[1]}"}
    if path[:1] == ("letters",) and len(path) > 1:
        return {"page": "letters", "query": f"letter={path[1]}"}
    return {"page": {"flow": "flow", "tests": "trials", "notices": "told"}.get((*path, "")[0], "about"), "query": ""}


def _address(fields, path):
    """The address of the question that a path like (2, "fields", 0, "label") leads into."""
    keys = []
    while path and isinstance(path[0], int) and path[0] < len(fields):
        keys.append(fields[path[0]].get("key", ""))
        fields, path = fields[path[0]].get("fields", []), path[2:] if path[1:2] == ("fields",) else ()
    return ".".join(keys)
