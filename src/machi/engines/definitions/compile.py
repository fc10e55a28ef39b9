"""From a source tree to a bundle: cast, compile with what it uses, test."""

import difflib
import hashlib
import json
import logging
from dataclasses import dataclass, field

from . import define
from .define import DefinitionFault
from .rules import canonical, digest_of
from .validate import cast, missing_languages

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Compiled:
    """A definition ready to be kept: everything a Version says."""

    kind: str
    code: str
    source: dict
    bundle: dict
    digest: str
    lock: dict
    assets: dict
    origin: list = field(default_factory=list)


class Resolver:
    """What `compile` asks for other definitions; it writes down what it gave (the lock).

    `find(kind, code)` returns (bundle, digest) or None; `known` are all "kind/code" there are;
    `read_asset(name)` returns the text of a file beside the definition, or None.
    """

    def __init__(self, *, tree, find, known, read_asset):
        self._tree, self._find, self._known, self._read_asset = tree, find, known, read_asset
        self.lock, self.assets, self.faults = {}, {}, []

    def get(self, reference, path=None):
        """The bundle of `reference` ("choices/waste.bulky_items"). DefinitionFault at `path` (default: where
        the reference is written) when there is none.
        """
        kind, slash, code = str(reference).partition("/")
        if not slash or "@" in code:
            mend = (
                "「@」から後を消してください。版は公開のときに記録されます。"
                if "@" in code
                else "「choices/waste.items」のように書いてください。"
            )
            raise DefinitionFault(
                path or self._where(reference), f"「{reference}」は定義の名前になっていません。", mend
            )
        try:
            found = self._find(kind, code)
        except DefinitionFault as fault:
            fault.path = path or self._where(reference)
            raise
        if found is None:
            raise DefinitionFault(
                path or self._where(reference),
                f"「{reference}」という定義はありません。",
                self._guess(reference),
            )
        bundle, digest = found
        self.lock[reference] = digest
        return bundle

    def every(self, kind):
        """The bundles of all definitions of `kind` that can be used now; each is recorded like one that was
        asked for by name.
        """
        found = {name: self._find(*name.split("/", 1)) for name in self._known if name.startswith(f"{kind}/")}
        self.lock |= {name: one[1] for name, one in found.items() if one}
        return [one[0] for one in found.values() if one]

    def read(self, name, path=None):
        """The text of the file `name` beside the definition (a template); it is kept with the version."""
        text = self._read_asset(name)
        if text is None:
            raise DefinitionFault(
                path or self._where(name),
                f"ファイル「{name}」が、この定義と同じ場所にありません。",
                "ファイル名を確かめてください（UTF-8 の文字のファイルに限ります）。",
            )
        self.assets[name] = text
        self.lock[f"file:{name}"] = hashlib.sha256(text.encode()).hexdigest()
        return text

    def report(self, fault):
        """Note a DefinitionFault and go on, so that the writer sees all of them at once."""
        self.faults.append(fault)

    def _where(self, words):
        return _written(self._tree, words) or ()

    def _guess(self, reference):
        near = difflib.get_close_matches(reference, self._known, n=1, cutoff=0.6)
        return (
            f"「{near[0]}」の書きまちがいではありませんか。"
            if near
            else "その定義のファイルを作るか、名前を直してください。"
        )


class UsesFaulty(DefinitionFault):
    """A definition it uses has a fault itself: that one is told, not this."""


def compile_tree(tree, resolver, origin=()):
    """(Compiled or None, faults) of one source tree. `None` when a fault is an error; warnings come with
    both.
    """
    kind = define.KINDS[tree["kind"]]
    model, faults = cast(kind.model, tree)
    if model is None:
        return None, faults
    try:
        bundle = _bundle(kind, model, resolver)
        faults = [*resolver.faults, *_warnings(model, kind, bundle)]
    except DefinitionFault as fault:
        return None, [*resolver.faults, fault]
    except Exception as error:
        log.exception("compiling %s/%s failed", tree["kind"], tree["code"])
        return None, [*resolver.faults, _broken(error)]
    if any(fault.level == "error" for fault in faults):
        return None, faults
    compiled = Compiled(
        kind=kind.name,
        code=tree["code"],
        source=json.loads(canonical(tree)),
        bundle=bundle,
        digest=digest_of(bundle),
        lock=resolver.lock,
        assets=resolver.assets,
        origin=list(origin),
    )
    return compiled, faults


def run_tests(kind_name, bundle):
    """The definition's own scenario tests: faults (DefinitionFault); empty = all well."""
    kind = define.KINDS[kind_name]
    if kind.test is None:
        return []
    try:
        return [
            DefinitionFault(found.path, found.message, getattr(found, "mend", ""))
            for found in kind.test(bundle)
        ]
    except DefinitionFault as fault:
        return [fault]
    except Exception as error:
        log.exception("testing a %s failed", kind_name)
        return [_broken(error)]


def _bundle(kind, model, resolver):
    """The bundle, in the very JSON it will be kept in. Title, kind, code and owner are always in it."""
    inner = kind.compile(model, resolver) if kind.compile else model.model_dump(mode="json", by_alias=True)
    head = {
        "kind": kind.name,
        "code": model.code,
        "title": model.title,
        "owner": model.owner,
        "audience": model.audience,
    }
    return json.loads(canonical({**head, **inner}))


def _warnings(model, kind, bundle):
    return [*missing_languages(model)] if getattr(model, "audience", "public") == "public" else []


def _broken(error):
    return DefinitionFault(
        (),
        f"この定義を組み立てられません（プログラムの誤り: {type(error).__name__}）。",
        "定義を前の形に戻し、記録（ログ）を添えて開発者に知らせてください。",
    )


def _written(tree, words, path=()):
    """The path where the scalar `words` is written first, or None."""
    if tree == words and isinstance(tree, str):
        return path
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return next(
        (found for step, value in parts if (found := _written(value, words, (*path, step))) is not None), None
    )
