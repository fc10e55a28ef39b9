"""Reading a package that came from outside: believed in nothing that its signature does not cover."""

import hashlib
import json
from dataclasses import dataclass

from pydantic import ValidationError

from machi.engines.definitions import public as definitions

from .archive import unpack
from .define import Manifest, PackageRefused, Signature
from .signing import is_signed


@dataclass(frozen=True)
class Package:
    """A package whose signature and digests are good. `trees` and `assets` by (kind, code)."""

    manifest: Manifest
    key: str
    trees: dict
    assets: dict


def read(data):
    """The Package in `data`. Raises PackageRefused."""
    contents = unpack(data)
    if "manifest.json" not in contents:
        raise PackageRefused("目録（manifest.json）がありません。手続のパッケージではありません。")
    if "signature.json" not in contents:
        raise PackageRefused(
            "署名がありません。"
            "だれが作ったかわからないパッケージは取り込めません。"
            "送り元に、署名したものを頼んでください。"
        )
    text = contents.pop("manifest.json")
    signature = _parsed(Signature, contents.pop("signature.json"), "署名（signature.json）")
    if not is_signed(text, signature.key, signature.signature):
        raise PackageRefused(
            "署名が目録と合いません。作られた後に変えられています。送り元から、もう一度受け取ってください。"
        )
    manifest = _parsed(Manifest, text, "目録（manifest.json）")
    _check_digests(manifest, contents)
    return Package(manifest, signature.key, _trees(manifest, contents), _assets(manifest, contents))


def _parsed(model, text, what):
    try:
        return model.model_validate(json.loads(text))
    except (ValidationError, ValueError, RecursionError):
        raise PackageRefused(
            f"{what}を読めません。新しいプログラムで作られたか、こわれています。"
            "まちのプログラムを新しくするか、送り元に確かめてください。"
        ) from None


def _check_digests(manifest, contents):
    listed = {entry.path: entry.sha256 for entry in manifest.entries}
    if len(listed) != len(manifest.entries) or set(listed) != set(contents):
        odd = sorted(set(listed) ^ set(contents)) or ["manifest.json"]
        raise PackageRefused(f"目録と中身が合いません（{odd[0]}）。送り元から、もう一度受け取ってください。")
    for path, data in contents.items():
        if hashlib.sha256(data).hexdigest() != listed[path]:
            raise PackageRefused(f"「{path}」が作られた後に変えられています。送り元から、もう一度受け取ってください。")
    if manifest.about not in {entry.of for entry in manifest.entries if entry.name is None}:
        raise PackageRefused(f"パッケージの主である「{manifest.about}」が入っていません。")


def _trees(manifest, contents):
    trees = {}
    for entry in manifest.entries:
        if entry.name is None:
            tree, faults = definitions.read_foreign(contents[entry.path], entry.path)
            if faults:
                raise PackageRefused(f"「{entry.path}」を読めません。{faults[0].message}{faults[0].mend}")
            if (tree["kind"], tree["code"]) != entry.key:
                raise PackageRefused(f"「{entry.path}」は「{tree['kind']}/{tree['code']}」という別の定義です。")
            trees[entry.key] = tree
    return trees


def _assets(manifest, contents):
    assets = {}
    for entry in manifest.entries:
        if entry.name is not None:
            try:
                assets.setdefault(entry.key, {})[entry.name] = contents[entry.path].decode()
            except UnicodeDecodeError:
                raise PackageRefused(f"「{entry.path}」は文字のファイルではありません。") from None
    return assets
