"""What a package would bring here: who signed it, what is new, what differs, what is missing."""

from dataclasses import dataclass, field

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.ground.languages import pick

from .models import Arrival, KnownKey
from .reading import read
from .signing import fingerprint, own_key


@dataclass(frozen=True)
class Signer:
    """Who signed: `own` (this city), `known` (a city whose key we keep) or `unknown`; its name and fingerprint."""

    state: str
    name: str
    fingerprint: str


@dataclass
class Item:
    """One definition of a package, beside what is in force here."""

    kind: str
    code: str
    title: str
    number: int
    state: str  # new, same, different
    changes: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    @property
    def reference(self):
        return f"{self.kind}/{self.code}"

    @property
    def errors(self):
        return [fault for fault in self.faults if fault.level == "error"]


@dataclass(frozen=True)
class Report:
    """Everything to know before a package is taken in."""

    manifest: object
    signer: Signer
    items: list
    missing_units: list
    compiled: dict


def report(package):
    """The Report of a Package that was read."""
    made = definitions.compile_together(package.trees, package.assets)
    numbers = {entry.key: entry.version or 0 for entry in package.manifest.entries if entry.name is None}
    items = [_item(package, key, numbers[key], made[key][1]) for key in package.trees]
    units = {tree["owner"] for tree in package.trees.values() if isinstance(tree.get("owner"), str)}
    missing = sorted(units - {unit.code for unit in people.units()})
    return Report(package.manifest, signer_of(package.key), items, missing, {key: one[0] for key, one in made.items()})


def report_of(arrival):
    """The Report of a package that came in."""
    return report(read(bytes(arrival.data)))


def signer_of(key):
    """Who signs with `key`, as far as we know."""
    known = KnownKey.objects.filter(key=key, ended_at=None).first()
    if known:
        return Signer("known", known.name, fingerprint(key))
    if key == own_key():
        return Signer("own", pick(definitions.city().get("name"), "ja"), fingerprint(key))
    return Signer("unknown", "", fingerprint(key))


def arrivals():
    """Packages that came in, the newest first; without their contents."""
    return list(Arrival.objects.defer("data")[:50])


def arrival(id):  # noqa: A002 the word of the field
    """The Arrival with this id; raises Arrival.DoesNotExist."""
    return Arrival.objects.get(pk=id)


def known_keys():
    """The keys of cities we know, by name."""
    return list(KnownKey.objects.filter(ended_at=None).order_by("name"))


def _item(package, key, number, faults):
    tree, here = package.trees[key], definitions.current(*key)
    title = tree.get("title")
    item = Item(*key, pick(title, "ja") if isinstance(title, dict) else str(title or key[1]), number, "new")
    item.faults = faults
    if here is not None:
        item.changes = definitions.source_difference(here.source, tree)
        item.changes += _file_changes(here.assets, package.assets.get(key, {}))
        item.state = "different" if item.changes else "same"
    return item


def _file_changes(here, there):
    names = sorted({*here, *there})
    return [f"ファイル「{name}」の内容を変更" for name in names if here.get(name) != there.get(name)]
