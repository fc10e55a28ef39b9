"""Reading and compiling the definitions of a whole city, beside libyaml alone going through the same files.

    var/venv/bin/python bench/load.py

What `./machi check` and a first start do, without the database. Scenario tests and sample papers are part of
it. Ends with one JSON line.
"""

import os
import sys
from pathlib import Path
from timeit import repeat

import django
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.house.settings")
FOLDERS = (ROOT / "packages" / "municipality", ROOT / "cities" / "joso")


def libyaml():
    for folder in FOLDERS:
        for path in folder.rglob("*.yaml"):
            for _event in yaml.parse(path.read_bytes(), Loader=yaml.CBaseLoader):
                pass


def main():
    django.setup()
    from machi.engines.definitions.library import Library
    from machi.house.measure import closing_line

    assert [fault for fault in Library(FOLDERS).compile_all() if fault.level == "error"] == []
    reading = min(repeat(lambda: Library(FOLDERS), number=1, repeat=3))
    whole = min(repeat(lambda: Library(FOLDERS).compile_all(), number=1, repeat=3))
    alone = min(repeat(libyaml, number=1, repeat=3))
    print(f"read {reading:.2f} s, read and compile {whole:.2f} s, libyaml alone {alone:.2f} s")
    print(
        closing_line(
            name="load.city",
            value=round(whole, 2),
            unit="s",
            beside="libyaml alone",
            beside_value=round(alone, 2),
            ratio=round(whole / alone, 1),
        )
    )


if __name__ == "__main__":
    main()
