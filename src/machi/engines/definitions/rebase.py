"""Overlays that survive a new base: what the base said where the city differs, recorded beside the city's files.

`overlays.lock` in the city's folder keeps, for each overlay, the digest of the base it was written on and what the
base said at every place the overlay names. When a package brings a new base, the parts that nobody here touched
follow by themselves and the city's changes stay; a place that both changed is a conflict, told with all three
values, and nothing of it is loaded before somebody has decided.
"""

import json
from copy import deepcopy
from dataclasses import dataclass, field

from .define import DefinitionFault, Fault
from .difference import label_of, say, sentences
from .overlay import HOMES, find
from .rules import digest_of
from .vocabulary import COLUMNS, PROPERTIES

LOCK = "overlays.lock"
GONE = "gone"


@dataclass(frozen=True)
class Conflict:
    """A place that base and city both changed. `before`, `now` (None: it is gone) and `ours` are in words."""

    path: tuple
    address: str
    before: str
    now: str | None
    ours: str

    @property
    def message(self):
        if self.now is None:
            return f"「{self.address}」が、もとの定義からなくなりました（前は{self.before}、この市は{self.ours}）。"
        return (
            f"「{self.address}」が、もとの定義で{self.before}から{self.now}に変わりました"
            f"（この市は{self.ours}）。どちらを使うか決まっていません。"
        )

    @property
    def mend(self):
        if self.now is None:
            return "上書きからその行を消してください。同じことをしたいときは、新しい名前を確かめて書き直してください。"
        return (
            "もとの定義に従うなら、上書きからその行を消してください。"
            "市の値を残すなら「./machi manage rebase --keep ファイル」で決めたことを記録してください。"
        )


@dataclass(frozen=True)
class _Place:
    """One place that an overlay names: `how` (set, use, at, hide), its address, and what a bare name means there."""

    path: tuple
    how: str
    address: str
    home: str | None = None

    @property
    def key(self):
        """Its name in the lock."""
        return f"{self.how} {self.address}"


@dataclass
class Footing:
    """What an overlay stands on. `state`: new (not recorded yet), same, follows (changed elsewhere), conflict."""

    name: str
    folder: object
    base: str
    title: str
    state: str
    conflicts: list = field(default_factory=list)
    record: dict = field(default_factory=dict)

    def faults(self):
        """The conflicts, as DefinitionFaults with paths in the overlay."""
        return [DefinitionFault(one.path, one.message, one.mend) for one in self.conflicts]


def footing(name, folder, overlay, base, recorded):
    """The Footing of `overlay` (named `name` in the lock of `folder`) on the tree of its base, before any overlay."""
    said = {place.key: _said(base, place) for place in _places(overlay)}
    record = {"base": f"{base['kind']}/{base['code']}", "digest": digest_of(base), "said": said}
    found = Footing(name, folder, record["base"], label_of(base, base["code"]), "new", record=record)
    if recorded is None:
        return found
    if recorded["digest"] == record["digest"]:
        found.state = "same"
        return found
    found.conflicts = list(_conflicts(overlay, base, recorded["said"], said))
    found.state = "conflict" if found.conflicts else "follows"
    return found


def unrecorded():
    """The warning about an overlay that nobody has recorded yet."""
    return DefinitionFault(
        ("base",),
        "この上書きが、もとの定義のどの形に対して書かれたかが記録されていません。",
        "「./machi manage rebase --write」で記録してください。もとが変わったときに、重なりがわかります。",
        level="warning",
    )


def read_lock(folder, shown):
    """({name: record}, faults) of the lock in `folder`; (None, []) when it keeps none."""
    path = folder / LOCK
    if not path.is_file():
        return None, []
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        sound = all(isinstance(one["said"], dict) and isinstance(one["digest"], str) for one in kept.values())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        sound = False
    if not sound:
        mend = "前の形に戻すか、消してから「./machi manage rebase --write」で作ってください。"
        return {}, [Fault(shown(path), 1, "", "上書きの記録を読めません。", mend)]
    return kept, []


def write_locks(footings, keep=()):
    """Record what overlays stand on now: all without conflicts, and those named in `keep`, whose city decided.

    Returns the names recorded. A conflict about a place that is gone cannot be kept: ValueError.
    """
    lost = [one for one in footings if one.name in keep and any(each.now is None for each in one.conflicts)]
    if lost:
        raise ValueError(lost[0].name)
    written = []
    for folder in {one.folder for one in footings}:
        kept = read_lock(folder, str)[0] or {}
        mine = [one for one in footings if one.folder == folder]
        ready = {one.name: one.record for one in mine if one.state != "conflict" or one.name in keep}
        after = {one.name: ready.get(one.name) or kept[one.name] for one in mine}
        if after != kept:
            text = json.dumps(after, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            (folder / LOCK).write_text(text, encoding="utf-8")
        written += [name for name in ready if kept.get(name) != ready[name]]
    return sorted(written)


def _places(overlay):
    """Every place of the base that the overlay names."""
    for address in overlay.get("set") or ():
        yield _Place(("set", address), "set", address)
    for name in overlay.get("replace_uses") or ():
        yield _Place(("replace_uses", name), "use", f"uses.{name}")
    for index, entry in enumerate(overlay.get("add") or ()):
        home = next((home for thing, home in HOMES.items() if entry.get(thing) is not None), None)
        for where in ("after", "before", "at"):
            if entry.get(where):
                yield _Place(("add", index, where), "at", entry[where], home)
    for index, address in enumerate(overlay.get("hide") or ()):
        yield _Place(("hide", index), "hide", address, "fields")


def _said(base, place):
    """What the base says at a place: its value; for a mere anchor whether it is there; `gone` when it is not."""
    try:
        holder, step = find(deepcopy(base), place.address, within=place.home)
    except DefinitionFault:
        return {GONE: True}
    value = holder[step]
    if place.how == "at":
        return {"here": True}
    if place.how == "set" and isinstance(value, dict) and "value" in value:
        return {"value": value["value"]}
    return {"value": value}


def _conflicts(overlay, base, before, now):
    for place in _places(overlay):
        was, is_now = before.get(place.key), now[place.key]
        if was is None or was == is_now:  # named since the record: written with the new base in sight
            continue
        kind, hidden = _kind(base, place.address), place.how == "hide"
        gone = None if GONE in is_now else _changes(was, is_now) if hidden else _words(is_now, kind)
        named = _named(was) if hidden else _words(was, kind)
        yield Conflict(place.path, _where(place.address), named, gone, _ours(overlay, place, kind))


def _words(said, kind):
    if GONE in said:
        return "なし"
    return "あり" if "here" in said else say(said["value"], kind)


def _named(said):
    return "なし" if GONE in said else f"「{label_of(said['value'], '')}」"


def _changes(before, now):
    """What differs in a hidden field, in sentences."""
    return "、".join(sentences({"fields": [before.get("value") or {}]}, {"fields": [now["value"]]}))


def _ours(overlay, place, kind):
    if place.how in ("hide", "at"):
        return "隠す" if place.how == "hide" else "ここに足す"
    return say(overlay[place.path[0]][place.path[1]], kind)


def _kind(base, address):
    """The type of the value at an address, where the base says it: a column of a list, a setting."""
    parts = address.split(".")
    column = (base.get("columns") or {}).get(parts[-1])
    if column:
        return column.get("type") if isinstance(column, dict) else column
    setting = (base.get("settings") or {}).get(parts[1]) if parts[0] == "settings" and len(parts) > 1 else None
    return setting.get("type") if isinstance(setting, dict) else None


def _where(address):
    thing, _dot, name = address.rpartition(".")
    word = (PROPERTIES.get(name) or COLUMNS.get(name)) if thing else None
    return f"{address}（{word}）" if word else address
