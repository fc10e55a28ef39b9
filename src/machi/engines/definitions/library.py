"""All definition files of some folders together: found, read, overlaid, compiled. Needs no database."""

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path

from . import define, rebase
from .compile import Compiled, Resolver, UsesFaulty, compile_tree, run_tests
from .define import DefinitionFault, Fault
from .overlay import Overlay, apply
from .source import Map, place_of, read
from .validate import cast
from .words import suggest

APART = ("demo", "data")  # folders of sample people and of data; definitions are elsewhere
_BASE = re.compile(r"""^\s*["']?base["']?\s*:(.*)$""", re.MULTILINE)
_CODE = re.compile(r"""^\s*["']?code["']?\s*:(.*)$""", re.MULTILINE)
CODE = re.compile(r"[a-z0-9][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*")


@dataclass
class Entry:
    """One definition as the files have it. `held` = it must not be loaded: a file that belongs to it has a
    fault.
    """

    kind: str
    code: str
    tree: Map
    path: Path
    origin: list
    held: bool = False
    compiling: bool = False
    compiled: Compiled | None = None
    faults: list = field(default_factory=list)

    @property
    def reference(self):
        return f"{self.kind}/{self.code}"


class Library:
    """The definitions of `folders` (packages first, then the city).

    `entries` {(kind, code): Entry}; `faults` are those of files and overlays; `footings` say what each overlay
    stands on. Call `compile_all` for the rest. `wanted(text)` chooses among the files (default: all).
    """

    def __init__(self, folders, wanted=None):
        self.entries, self.faults, self._overlays, self._unclear = {}, [], [], []
        self._wanted, self._locks, self.footings = wanted, {}, []
        for folder in folders:
            self._read_folder(Path(folder))
        for overlay, path, footing in [self._stand(*found) for found in self._overlays]:
            self._lay(overlay, path, footing)
        self._hold_unclear()

    def compile_all(self):
        """Compile everything; returns all faults (errors and warnings), in the order of the files."""
        for entry in list(self.entries.values()):
            self.compile(entry)
        faults = [*self.faults, *(fault for entry in self.entries.values() for fault in entry.faults)]
        return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))

    def compile(self, entry):
        """The Compiled of `entry`, or None when it is held or has errors (then in `entry.faults`)."""
        if entry.held or entry.compiled:
            return entry.compiled
        entry.compiling = True
        resolver = self.resolver(entry, self._find)
        entry.compiled, faults = compile_tree(entry.tree, resolver, entry.origin)
        if entry.compiled:
            failed = run_tests(entry.kind, entry.compiled.bundle)
            faults, entry.compiled = [*faults, *failed], None if failed else entry.compiled
        entry.compiling, entry.held = False, entry.compiled is None
        told = [fault for fault in faults if not isinstance(fault, UsesFaulty)]
        entry.faults += [self.fault(entry.tree, fault) for fault in told]
        return entry.compiled

    def resolver(self, entry, find):
        """A Resolver for `entry` that finds other definitions by `find`."""
        return Resolver(
            tree=entry.tree,
            find=find,
            known=[other.reference for other in self.entries.values()],
            read_asset=lambda name: _read_beside(entry.path, name),
        )

    @staticmethod
    def fault(tree, fault):
        """A DefinitionFault with the place in the files where it is written."""
        place = place_of(tree, fault.path)
        return Fault(place.file, place.line, dotted(tree, fault.path), fault.message, fault.mend, fault.level)

    def _find(self, kind, code):
        entry = self.entries.get((kind, code))
        if entry is None:
            return None
        if entry.compiling:
            raise DefinitionFault(
                (),
                f"「{entry.reference}」は、めぐりめぐって自分自身を使っています。",
                "どこかで使うのをやめてください。",
            )
        compiled = self.compile(entry)
        if compiled is None:
            raise UsesFaulty(
                (), f"使っている「{entry.reference}」に誤りがあります。", "そちらを先に直してください。"
            )
        return compiled.bundle, compiled.digest

    def _read_folder(self, folder):
        if not folder.is_dir():
            self.faults.append(
                Fault(
                    _shown(folder), 0, "", "このフォルダがありません。", "フォルダの名前を確かめてください。"
                )
            )
        self._locks[folder], faults = rebase.read_lock(folder, _shown)
        self.faults += faults
        for path in sorted(folder.rglob("*.y*ml")):
            if not set(path.relative_to(folder).parts[:-1]) & set(APART):
                self._read_file(path, folder)

    def _read_file(self, path, folder):
        try:
            data = path.read_bytes()
        except OSError:
            self.faults.append(
                Fault(_shown(path), 0, "", "ファイルを開けません。", "ファイルの権限を確かめてください。")
            )
            self._unclear.append("overlay")
            return
        if self._wanted and not self._wanted(data.decode("utf-8", "replace")):
            return
        documents, faults = read(data, _shown(path))
        for tree in documents:
            faults += self._take(tree, path, folder)
        self.faults += faults
        if faults:
            self._unclear.append(data.decode("utf-8", "replace"))

    def _take(self, tree, path, folder):
        """Keep one document; returns the faults of its head."""
        if fault := head_fault(tree):
            return [self.fault(tree, fault)]
        tree = upgraded(tree)
        if tree["kind"] == "overlay":
            self._overlays.append((tree, path, folder))
            return []
        key = (tree["kind"], tree["code"])
        if key in self.entries:
            first = self.entries[key].tree.place
            words = f"「{tree['kind']}/{tree['code']}」は {first.file}:{first.line} にもあります。"
            self.entries[key].held = True
            return [
                self.fault(
                    tree,
                    DefinitionFault(
                        ("code",), words, "一つにするか、市の変更なら kind: overlay で書いてください。"
                    ),
                )
            ]
        self.entries[key] = Entry(*key, tree, path, [_shown(path)])
        return []

    def _stand(self, overlay, path, folder):
        """(overlay, path, its Footing or None), judged before any overlay has changed the base."""
        base = self._base(overlay.get("base"))
        if base is None or cast(Overlay, overlay)[1]:
            return overlay, path, None
        name, kept = path.relative_to(folder).as_posix(), self._locks[folder]
        while any((name, folder) == (other.name, other.folder) for other in self.footings):
            name += "#"  # the next document of the same file
        found = rebase.footing(name, folder, overlay, base.tree, (kept or {}).get(name))
        self.footings.append(found)
        if kept is not None and found.state == "new":
            self.faults.append(self.fault(overlay, rebase.unrecorded()))
        return overlay, path, found

    def _lay(self, overlay, path, footing):
        """Apply one overlay to its base; a fault, or a conflict with a newer base, holds the base back."""
        _model, faults = cast(Overlay, overlay)
        base = self._base(overlay.get("base"))
        if not faults and base is None:
            known = [entry.reference for entry in self.entries.values()]
            near = difflib.get_close_matches(str(overlay["base"]), known, n=1, cutoff=0.5)
            mend = (
                f"「{near[0]}」の書きまちがいではありませんか。"
                if near
                else "もとの定義の「種類/コード」を書いてください。"
            )
            faults = [
                DefinitionFault(("base",), f"もとになる「{overlay['base']}」という定義がありません。", mend)
            ]
        if not faults:
            faults = footing.faults() or apply(base.tree, overlay)
            base.origin.append(_shown(path))
        if faults:
            self.faults += [self.fault(overlay, fault) for fault in faults]
            self._unclear.append(path.read_text(encoding="utf-8", errors="replace"))

    def _base(self, reference):
        """The entry an overlay means: "kind/code", or a code that only one definition has."""
        kind, slash, code = str(reference).partition("/")
        if slash:
            return self.entries.get((kind, code))
        same = [entry for entry in self.entries.values() if entry.code == reference]
        return same[0] if len(same) == 1 else None

    def _hold_unclear(self):
        """Hold back what a faulty file is about: loading it without that file would load half."""
        for text in self._unclear:
            for entry in self._meant(text):
                entry.held = True

    def _meant(self, text):
        """The entries a faulty file is about: by its `code` lines, for an overlay by all it names.

        An overlay whose base cannot be made out may be about anything.
        """
        bases = [words for words in map(_words, _BASE.findall(text)) if self._named(words)]
        if not bases and "overlay" not in text:
            return self._named(set().union(*map(_words, _CODE.findall(text))))
        if len(bases) < text.count("overlay"):
            return list(self.entries.values())
        return self._named(_words(text))

    def _named(self, words):
        return [entry for entry in self.entries.values() if entry.code in words]


def _words(text):
    return set(re.findall(r"[a-z0-9_.]+", text))


def dotted(tree, path):
    """A path as people read it: things in lists by their key, else by number (`fields.place.label`)."""
    names, node = [], tree
    for step in path:
        if isinstance(node, list) and isinstance(step, int):
            node = node[step] if step < len(node) else None
            named = (
                node.get("key") or node.get("use") or node.get("group") if isinstance(node, dict) else None
            )
            names.append(named if isinstance(named, str) else str(step + 1))
        else:
            node = node.get(step) if isinstance(node, dict) else None
            names.append(str(step))
    return ".".join(names)


def head_fault(tree):
    """What is wrong with the first lines of a definition, or None. A DefinitionFault."""
    for name in ("machi", "kind") if tree.get("kind") == "overlay" else ("machi", "kind", "code"):
        if not isinstance(tree.get(name), str):
            near = difflib.get_close_matches(name, tree, n=1, cutoff=0.7)
            mend = (
                f"「{near[0]}」は「{name}」の書きまちがいではありませんか。"
                if near
                else f"「{name}: …」の行を足してください。"
            )
            return DefinitionFault((name,), f"「{name}」がありません。", mend)
    if (
        not re.fullmatch(r"[0-9]{1,3}", tree["machi"])
        or int(tree["machi"]) > define.SCHEMA
        or int(tree["machi"]) < 1
    ):
        return DefinitionFault(
            ("machi",),
            f"「machi: {tree['machi'][:20]}」の書き方は、このまちでは読めません。",
            f"「machi: {define.SCHEMA}」と書くか、プログラムを新しくしてください。",
        )
    if any(number not in define.UPGRADERS for number in range(int(tree["machi"]), define.SCHEMA)):
        return DefinitionFault(
            ("machi",),
            f"「machi: {tree['machi']}」の書き方は古すぎて読めません。",
            "間の版のプログラムで一度開いて保存してください。",
        )
    kinds = (*define.KINDS, "overlay")
    if tree["kind"] not in kinds:
        return DefinitionFault(
            ("kind",),
            f"「{tree['kind'][:40]}」という種類の定義はありません。",
            suggest(tree["kind"], kinds, "kind を直してください。"),
        )
    if tree["kind"] != "overlay" and not (CODE.fullmatch(tree["code"]) and len(tree["code"]) <= 120):
        return DefinitionFault(
            ("code",),
            f"「{tree['code'][:40]}」はコードになりません。",
            "英小文字・数字・「_」を「.」でつないでください（例: waste.bulky_pickup）。",
        )
    return None


def upgraded(tree):
    """The tree in today's grammar."""
    for number in range(int(tree["machi"]), define.SCHEMA):
        place = tree.place
        tree = define.UPGRADERS[number](tree)
        tree["machi"] = str(number + 1)
        if not hasattr(tree, "place"):
            plain, tree = tree, Map(place)
            for name, value in plain.items():
                tree.put(name, value, place)
    return tree


def _read_beside(definition, name):
    """The text of the file `name` in the folder of the file `definition`; None if it is not there or not
    text.
    """
    path = (definition.parent / str(name)).resolve()
    if path.parent != definition.parent.resolve() or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _shown(path):
    """A path as people read it: from the folder they are in, where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def check(folders):
    """All faults of the definitions in `folders`, sorted by file and line; empty = all well. Needs no
    database.
    """
    return Library(folders).compile_all()


def footings(folders):
    """What the overlays in `folders` stand on, as Footings; reads only them and their bases."""
    texts = [path.read_text("utf-8", "replace") for folder in folders for path in Path(folder).rglob("*.y*ml")]
    bases = {words.split("/")[-1] for text in texts if "overlay" in text for words in _bases(text)}

    def wanted(text):
        return "overlay" in text or bool(bases & set().union(*map(_words, _CODE.findall(text))))

    return Library(folders, wanted).footings


def _bases(text):
    return [words.strip().strip("\"'") for words in _BASE.findall(text)]
