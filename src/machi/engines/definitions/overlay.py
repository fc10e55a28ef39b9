"""A city's changes to a definition of the package: words, fees, settings, fields hidden or added.

An overlay works on the *source* of its base, before that is checked. A place is named by keys joined with
dots:
`fields.place.label.ja`, `settings.pay_days`, `options.sofa.fee`, `flow.steps.check.due`. Things in lists are
named by their key. A place that does not exist is a fault, never guessed.
"""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from machi.ground.languages import TAGS

from .define import DefinitionFault
from .source import Map, Seq
from .words import suggest

_NAMES = ("key", "code", "use", "group", "name")
_NO_WORDS = re.compile(r"[a-z0-9_.]*")  # true, 12, a key: no text that could have languages
_INNER = ("fields", "options", "steps")
HOMES = {
    "field": "fields",
    "option": "options",
    "page": "pages",
    "step": "steps",
    "pool": "pools",
    "setting": "settings",
}


class Addition(BaseModel):
    """One thing to add, `after` or `before` another, or at the end; or `put`: new properties of the thing at
    `at`.
    """

    model_config = ConfigDict(extra="forbid")

    after: str | None = None
    before: str | None = None
    field: dict[str, Any] | None = None
    option: dict[str, Any] | None = None
    page: dict[str, Any] | None = None
    step: dict[str, Any] | None = None
    pool: dict[str, Any] | None = None
    setting: dict[str, Any] | None = None
    at: str | None = None
    put: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_thing(self):
        things = [name for name in (*HOMES, "put") if getattr(self, name) is not None]
        if len(things) != 1 or (self.after and self.before) or bool(self.put) != bool(self.at):
            raise DefinitionFault(
                (),
                "何をどこに足すのかが、はっきりしません。",
                "「after: 項目」か「before: 項目」と、field・option・page・step のどれか一つを書きます。"
                "性質を足すときは「at: 場所」と「put: {…}」を書きます。",
            )
        return self


class Overlay(BaseModel):
    """What an overlay file may say."""

    model_config = ConfigDict(extra="forbid")

    machi: int
    kind: Literal["overlay"]
    code: str = ""
    base: str
    set: dict[str, Any] = {}
    hide: list[str] = []
    add: list[Addition] = []
    replace_uses: dict[str, str] = {}


def apply(tree, overlay):
    """Change `tree` (a Map) by `overlay` (the Map of a valid overlay). Returns the faults, with paths in the
    overlay.

    Everything that can be applied is applied; the caller throws the tree away when there are faults.
    """
    faults = []
    for path, change in _changes(overlay):
        try:
            change(tree, overlay)
        except DefinitionFault as fault:
            faults.append(DefinitionFault((*path, *fault.path), fault.message, fault.mend))
    return faults


def find(tree, address, within=None):
    """(holder, step) of what an overlay means by `address`; a bare name means first a thing of `within`.

    Raises DefinitionFault when it is not there. May write an empty text for a language that is named.
    """
    return _find_in(tree, within, address) if within else _find(tree, address)


def _changes(overlay):
    """(path in the overlay, function) for each change, in the order set, replace_uses, add, hide."""
    for address in overlay.get("set") or ():
        yield ("set", address), lambda tree, over, address=address: _set(tree, address, over["set"])
    for name in overlay.get("replace_uses") or ():
        yield (
            ("replace_uses", name),
            lambda tree, over, name=name: _replace_use(tree, name, over["replace_uses"]),
        )
    for index, _entry in enumerate(overlay.get("add") or ()):
        yield (
            ("add", index),
            lambda tree, over, index=index: _add(tree, over["add"][index], over["add"].places[index]),
        )
    for index, address in enumerate(overlay.get("hide") or ()):
        yield ("hide", index), lambda tree, over, address=address: _hide(tree, address)


def _set(tree, address, values):
    value, place = values[address], values.places[address]
    holder, step = _find(tree, address)
    if isinstance(holder[step], Map) and "value" in holder[step] and not isinstance(value, Map):
        holder, step = holder[step], "value"
    if isinstance(holder, Map):
        holder.put(step, value, place)
    else:
        holder[step], holder.places[step] = value, place


def _replace_use(tree, name, values):
    uses = tree.get("uses")
    if not isinstance(uses, Map) or name not in uses:
        raise DefinitionFault(
            (), f"「{name}」は uses にありません。", suggest(name, uses or (), "名前を確かめてください。")
        )
    uses.put(name, values[name], values.places[name])


def _hide(tree, address):
    holder, step = _find_in(tree, "fields", address)
    key = _name(holder[step]) if isinstance(holder, Seq) else step
    if isinstance(holder, Map):
        del holder[step], holder.places[step]
    else:
        holder.take(step)
    if holder is tree.get("fields"):
        _leave_pages(tree, key)


def _add(tree, entry, place):
    if entry.get("put") is not None:
        _put(tree, entry)
        return
    thing = next(name for name in HOMES if entry.get(name) is not None)
    value, anchor = entry[thing], entry.get("after") or entry.get("before")
    holder, index = _spot(tree, thing, anchor, bool(entry.get("after")))
    key = value.get("key") if thing != "field" else value.get("key") or value.get("use")
    if not isinstance(key, str):
        raise DefinitionFault((thing,), "足すものの「key」がありません。", "「key: 名前」を書いてください。")
    if _step(holder, key) is not None:
        raise DefinitionFault(
            (thing, "key"), f"「{key}」はすでにあります。", "別の key にするか、set で変えてください。"
        )
    if isinstance(holder, Seq):
        holder.put(index, value, place)
    else:
        _insert(holder, index, key, value, place)
    if thing == "field" and holder is tree.get("fields"):
        _join_pages(tree, key, anchor, entry, place)


def _put(tree, entry):
    holder, step = _find(tree, entry["at"], ("at",))
    target = holder[step]
    if not isinstance(target, Map):
        raise DefinitionFault(
            ("at",), f"「{entry['at']}」には性質を足せません。", "項目や段階を指してください。"
        )
    for name, value in entry["put"].items():
        if name in target:
            raise DefinitionFault(("put", name), f"「{name}」はすでにあります。", "set で変えてください。")
        target.put(name, value, entry["put"].places[name])


def _spot(tree, thing, anchor, after):
    """(holder, index) where a new thing goes."""
    if anchor:
        holder, step = _find_in(tree, HOMES[thing], anchor, ("after" if after else "before",))
        index = step if isinstance(holder, Seq) else list(holder).index(step)
        return holder, index + after
    home = HOMES[thing]
    holder = _home(tree, home)
    if not isinstance(holder, (Map, Seq)):
        raise DefinitionFault(
            (thing,), f"もとの定義に「{home}」がありません。", "もとの定義を確かめてください。"
        )
    return holder, len(holder)


def _insert(holder, index, key, value, place):
    """Put `key` at position `index` of a mapping: everything behind it is taken out and put in again."""
    behind = [(name, holder[name], holder.places[name]) for name in list(holder)[index:]]
    for name, _value, _place in behind:
        del holder[name]
    inner = Map(value.place)
    for name in value:
        if name != "key":
            inner.put(name, value[name], value.places[name])
    holder.put(key, inner, place)
    for name, former, where in behind:
        holder.put(name, former, where)


def _page_lists(tree):
    """The lists of field keys of all pages."""
    pages = tree.get("pages")
    for page in pages if isinstance(pages, Seq) else ():
        names = page.get("fields") if isinstance(page, Map) else page
        if isinstance(names, Seq):
            yield names


def _leave_pages(tree, key):
    """A hidden field leaves its page; a page left without fields goes as well."""
    for names in _page_lists(tree):
        if key in names:
            names.take(names.index(key))
    pages = tree.get("pages")
    if isinstance(pages, Seq):
        empty = [
            index for index, page in enumerate(pages) if isinstance(page, Map) and page.get("fields") == []
        ]
        for index in reversed(empty):
            pages.take(index)


def _join_pages(tree, key, anchor, entry, place):
    """A new field stands on the page of its neighbour."""
    if any(key in names for names in _page_lists(tree)):
        return
    neighbour = (anchor or "").split(".")[-1]
    for names in _page_lists(tree):
        if neighbour in names:
            names.put(names.index(neighbour) + bool(entry.get("after")), key, place)
            return


def _home(tree, home):
    """The list or mapping that holds things of a sort; steps stand in `flow`."""
    flow = tree.get("flow")
    return (flow if home == "steps" and isinstance(flow, Map) else tree).get(home)


def _find_in(tree, home, address, path=()):
    """As `_find`, but a bare name means first of all a thing of `home` (fields, options …)."""
    node, first = _home(tree, home), address.split(".")[0]
    if isinstance(node, (Map, Seq)) and _step(node, first):
        return _find(node, address, path)
    return _find(tree, address, path)


def _find(tree, address, path=()):
    """(holder, step) of the value at `address`; DefinitionFault where there is none.

    A language not written yet may be named; words in Japanese only become a mapping then.
    """
    node, holder, step = tree, None, None
    for index, name in enumerate(address.split(".")):
        found = _step(node, name)
        if found is None and name in TAGS and isinstance(holder, (Map, Seq)):
            found = _language(holder, step, name)
        if found is None:
            so_far = ".".join(address.split(".")[:index]) or "この定義"
            message = f"「{address}」という場所はありません（「{so_far}」の中に「{name}」が見つかりません）。"
            raise DefinitionFault(
                path, message, suggest(name, _names(node), "もとの定義のファイルで名前を確かめてください。")
            )
        holder, step = found
        node = holder[step]
    return holder, step


def _step(node, name):
    """(holder, step) of `name` inside `node`, looking into fields, options and steps by itself; or None."""
    if isinstance(node, Map):
        if name in node:
            return node, name
        inner = (_step(node[home], name) for home in _INNER if isinstance(node.get(home), (Map, Seq)))
        return next((found for found in inner if found), None)
    if not isinstance(node, Seq):
        return None
    for index, item in enumerate(node):
        if item == name or _name(item) == name:
            return node, index
    groups = (
        _step(item["options"], name)
        for item in node
        if isinstance(item, Map) and isinstance(item.get("options"), Seq)
    )
    return next((found for found in groups if found), None)


def _language(holder, step, tag):
    words = holder[step]
    if isinstance(words, str) and not _NO_WORDS.fullmatch(words):
        mapping = Map(holder.places[step])
        mapping.put("ja", words, holder.places[step])
        holder[step] = words = mapping
    if isinstance(words, Map) and words and all(name in TAGS for name in words):
        if tag not in words:
            words.put(tag, "", words.place)
        return words, tag
    return None


def _name(item):
    return (
        next((item[name] for name in _NAMES if isinstance(item.get(name), str)), None)
        if isinstance(item, Map)
        else None
    )


def _names(node):
    """Names that may be used inside `node`, for suggestions."""
    if isinstance(node, Map):
        inner = [
            name for home in _INNER if isinstance(node.get(home), (Map, Seq)) for name in _names(node[home])
        ]
        return [*node, *inner]
    return [name for item in node if (name := _name(item))] if isinstance(node, Seq) else []
