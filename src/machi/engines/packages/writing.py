"""Putting a definition in force, and all it uses, into one signed file."""

import hashlib
import json

from machi.engines.definitions import public as definitions
from machi.ground.languages import pick

from .archive import pack
from .define import FORMAT, SUFFIX, Entry, Manifest, Origin, PackageRefused, Signature
from .signing import own_key, sign

OURS = ("city", "organisation")  # what a city is, and who works there, stays at home


def export(kind, code, licence):
    """(file name, bytes) of the package of what is in force under `kind` and `code`. Raises PackageRefused."""
    version = definitions.current(kind, code)
    if version is None:
        raise PackageRefused(f"「{kind}/{code}」は公開されていません。公開してから、パッケージにしてください。")
    contents, entries = {}, []
    for one in _with_all_it_uses(version):
        for entry, data in _files(one):
            contents[entry.path] = data
            entries.append(entry)
    manifest = _json(_manifest(version, entries, licence))
    contents["manifest.json"] = manifest
    contents["signature.json"] = _json(Signature(algorithm="Ed25519", key=own_key(), signature=sign(manifest)))
    return f"{code}{SUFFIX}", pack(contents)


def _with_all_it_uses(version, found=None):
    """`version` and every definition in its lock, and in theirs; without what is the city's own."""
    found = {} if found is None else found
    found[version.kind, version.code] = version
    for reference in version.lock:
        kind, _slash, code = reference.partition("/")
        used = definitions.current(kind, code) if "/" in reference and kind not in OURS else None
        if used and (kind, code) not in found:
            _with_all_it_uses(used, found)
    return [found[key] for key in sorted(found)]


def _files(version):
    """(Entry, bytes) of a definition and of each text beside it."""
    of = f"{version.kind}/{version.code}"
    text = definitions.write(version.source).encode()
    yield Entry(of=of, version=version.number, sha256=hashlib.sha256(text).hexdigest()), text
    for name, beside in sorted(version.assets.items()):
        data = beside.encode()
        yield Entry(of=of, name=name, sha256=hashlib.sha256(data).hexdigest()), data


def _manifest(version, entries, licence):
    city = definitions.city()
    return Manifest(
        package=FORMAT,
        about=f"{version.kind}/{version.code}",
        title=pick(version.title, "ja"),
        origin=Origin(code=city["code"], name=pick(city["name"], "ja")),
        licence=licence,
        grammar=int(version.source["machi"]),
        entries=entries,
    )


def _json(model):
    said = model.model_dump(mode="json", exclude_none=True)
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
