"""Two who changed the same definition: both changes in one tree, and the places where they clash. Pure.

Lists whose items have names (`key`, `use`, `name`) are merged item by item; mappings key by key; everything
else is one value. Where both changed the same value differently, mine stays and the place is a clash.
"""

from dataclasses import dataclass

NAMES = ("key", "use", "name")
GONE = object()


@dataclass(frozen=True)
class Clash:
    """A place that both changed: its path, and what each of them wrote (None: took it away)."""

    path: tuple
    mine: object
    theirs: object


def merge(base, mine, theirs):
    """(tree, clashes): what came of `base` in `theirs`, with what `mine` changed of it."""
    clashes = []
    return _merge(base, mine, theirs, (), clashes), clashes


def _merge(base, mine, theirs, path, clashes):
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return _mappings(base if isinstance(base, dict) else {}, mine, theirs, path, clashes)
    if _is_named(mine) and _is_named(theirs):
        was = _by_name(base) if _is_named(base) else {}
        merged = _mappings(was, _by_name(mine), _by_name(theirs), path, clashes)
        return list(merged.values())
    if _is_list_of_words(mine) and _is_list_of_words(theirs) and _is_list_of_words(base):
        return _words(base, mine, theirs)
    clashes.append(Clash(path, *(None if one is GONE else one for one in (mine, theirs))))
    return mine


def _mappings(base, mine, theirs, path, clashes):
    merged = {}
    for name in _order(mine, theirs):
        sides = (side.get(name, GONE) for side in (base, mine, theirs))
        if (value := _merge(*sides, (*path, name), clashes)) is not GONE:
            merged[name] = value
    return merged


def _order(mine, theirs):
    """The names of both, mine in their order; what only the other has stands after its neighbour there."""
    order, last = list(mine), None
    for name in theirs:
        if name not in mine:
            order.insert(order.index(last) + 1 if last is not None else 0, name)
        last = name
    return order


def _words(base, mine, theirs):
    """Lists of words, as the questions of a page: what either added or took away."""
    gone = {word for word in base if word not in mine or word not in theirs}
    return [word for word in _order(dict.fromkeys(mine), dict.fromkeys(theirs)) if word not in gone]


def _is_named(value):
    return isinstance(value, list) and bool(value) and all(_name(item) for item in value)


def _is_list_of_words(value):
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _name(item):
    return next((item[name] for name in NAMES if isinstance(item, dict) and name in item), None)


def _by_name(items):
    return {_name(item): item for item in items}
