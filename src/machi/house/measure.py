"""`./machi bench [NAME]`: run the measurements in bench/, one after the other, with the database running.

Each ends with one JSON line {"name", "value", "unit", "beside", "beside_value", "ratio"}. Measured data lie
in var/bench. Standard library only.
"""

import json
import os
import sys
from pathlib import Path

from machi.house import postgres
from machi.house.up import ROOT, database, environment_for
from machi.house.with_database import run

KEYS = {"name", "value", "unit", "beside", "beside_value", "ratio"}


def main(words):
    """Run the bench called `words[0]`, or all. Returns 0 when each of them ended well."""
    benches = sorted((ROOT / "bench").glob("*.py"))
    chosen = [path for path in benches if not words or path.stem == words[0]]
    if not chosen:
        print(
            f"There is no such measurement. There are: {', '.join(path.stem for path in benches)}",
            file=sys.stderr,
        )
        return 2
    data = ROOT / "var" / "bench"
    data.mkdir(parents=True, exist_ok=True)
    environment = environment_for(data, Path(os.environ.get("MACHI_CITY", ROOT / "cities" / "joso")), 8000)
    try:
        with database(data):
            codes = [run([sys.executable, str(path)], environment) for path in chosen]
    except postgres.DatabaseError as fault:
        print(fault, file=sys.stderr)
        return 1
    return max(codes)


def closing_line(**figures):
    """The line a measurement ends with. Raises ValueError unless exactly the agreed names are given."""
    if set(figures) != KEYS:
        raise ValueError(f"A measurement ends with {sorted(KEYS)}, not {sorted(figures)}.")
    return json.dumps(figures, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
