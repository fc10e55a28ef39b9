"""A package as definition files, for a city that lays overlays on what a neighbour sends.

`manifest.json` stays beside them: a newer package takes the place of the older, file by file, and nothing else.
"""

import json

from machi.engines.definitions import public as definitions

from .define import PackageRefused
from .queries import signer_of
from .reading import read

LIST = "manifest.json"


def write_files(data, folder, *, accept_signer=False):
    """Write the definitions of a package below `folder`. Returns their paths. Raises PackageRefused."""
    package = read(data)
    if signer_of(package.key).state == "unknown" and not accept_signer:
        raise PackageRefused(
            "この署名の鍵を、このまちは知りません。送り元に鍵の指紋を確かめてから --accept-signer をつけてください。"
        )
    _clear(folder)
    written = []
    for (kind, code), tree in package.trees.items():
        texts = {f"{code}.yaml": definitions.write(tree), **package.assets.get((kind, code), {})}
        for name, text in texts.items():
            written.append(f"{kind}/{code}/{name}")
            path = folder / written[-1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    said = {"about": package.manifest.about, "origin": package.manifest.origin.name, "files": sorted(written)}
    (folder / LIST).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return sorted(written)


def _clear(folder):
    """Take away what an older package wrote; a folder with anything else in it is refused."""
    mine = folder / LIST
    older = json.loads(mine.read_text(encoding="utf-8"))["files"] if mine.is_file() else []
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if strange := sorted(here - {LIST, *older}):
        raise PackageRefused(
            f"「{folder}」には、パッケージのものでないファイル（{strange[0]}）があります。空のフォルダを示してください。"
        )
    for name in here & set(older):
        (folder / name).unlink()
