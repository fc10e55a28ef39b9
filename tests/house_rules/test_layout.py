"""How files are named, how long they may be, and what must not be in them."""

import re

from fixtures.source import MACHI, ROOT, label, project_files, python_files
from machi.house.map import MAP, draw

DRAWERS = {"utils", "helpers", "common", "core", "shared", "services", "misc"}
REGISTRIES = (
    "registry.npm" + "js.org",
    "py" + "pi.org",
    "files.python" + "hosted.org",
    "deb." + "debian.org",
    "yarn" + "pkg.com",
)
LEFTOVERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".toml",
    ".json",
    ".yaml",
    ".yml",
    ".ts",
    ".mjs",
    ".css",
    ".sh",
    ".lock",
    ".typ",
    "",
}


def texts():
    for path in project_files():
        if path.suffix in TEXT:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_nothing_is_called_like_a_junk_drawer():
    named = [
        label(path) for path in MACHI.rglob("*") if path.stem.rstrip("s") in {d.rstrip("s") for d in DRAWERS}
    ]

    assert named == []


def test_no_python_file_is_longer_than_500_lines():
    long = {
        label(path): n for path in python_files(tests=True) if (n := len(path.read_text().splitlines())) > 500
    }

    assert long == {}


def test_no_definition_file_is_longer_than_220_lines():
    folders = [ROOT / "packages", *(folder for folder in (ROOT / "cities").glob("*"))]
    files = [
        path
        for folder in folders
        for path in folder.rglob("*.yaml")
        if not {"data", "demo"} & set(path.parts)
    ]

    assert {label(path): n for path in files if (n := len(path.read_text().splitlines())) > 220} == {}


def test_no_file_names_the_host_of_a_package_registry():
    named = {f"{label(path)}: {host}" for path, text in texts() for host in REGISTRIES if host in text}

    assert named == set()


def test_nothing_was_left_for_later():
    left = [
        f"{label(path)}:{number}: {line.strip()[:80]}"
        for path, text in texts()
        if path.suffix != ".lock" and path.name != "package-lock.json"
        for number, line in enumerate(text.splitlines(), 1)
        if LEFTOVERS.search(line)
    ]

    assert left == []


def test_every_package_says_what_it_is_for():
    silent = [
        label(path)
        for path in MACHI.rglob("__init__.py")
        if not {"migrations", "management"} & set(path.parts) and '"""' not in path.read_text()
    ]

    assert silent == []


def test_the_map_is_current():
    assert MAP.read_text(encoding="utf-8") == draw(), "Run ./machi manage map"


def test_every_package_is_on_the_map():
    drawn = MAP.read_text(encoding="utf-8")
    packages = {path.parent.relative_to(MACHI).as_posix() for path in MACHI.glob("*/*/public.py")}

    assert {package for package in packages if f"### {package}\n" not in drawn} == set()
