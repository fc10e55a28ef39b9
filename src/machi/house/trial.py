"""`./machi test`: style, floors, types, then every test. pytest's closing line is the last line.

The tests have a data directory and a database cluster of their own (var/test), which need not survive a power
cut. Standard library only.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from machi.house import postgres
from machi.house.up import ROOT, environment_for
from machi.house.with_database import run

DATA = ROOT / "var" / "test"
WORKERS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")  # in the order that tests/conftest.py gives
CHECKS = (
    ("style", [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "."]),
    (
        "floors",
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    ),
    ("types of the scripts", ["node", "node_modules/typescript/bin/tsc", "-p", "src/machi/ui/tsconfig.json"]),
)


def main(words):
    """Run the checks, then pytest with `words`. Returns 0 only when all of them are content."""
    DATA.mkdir(parents=True, exist_ok=True)
    environment = environment_for(DATA, Path(os.environ.get("MACHI_CITY", ROOT / "cities" / "joso")), 8000)
    with ThreadPoolExecutor() as beside:
        passed = beside.map(lambda check: _passes(*check, environment), CHECKS)
    failed = [name for (name, _command), well in zip(CHECKS, passed, strict=True) if not well]
    if failed:
        print(f"Whatever the tests say, this run fails because of: {', '.join(failed)}.", flush=True)
    own = "DATABASE_URL" not in os.environ
    with postgres.running(postgres.cluster_of(DATA), durable=False) if own else nullcontext():
        code = run([sys.executable, "-m", "pytest", *WORKERS, *words], environment)
    return code or len(failed)


def _passes(name, command, environment):
    """Run one check; it speaks only when it has something to say."""
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"== {name}\n{done.stdout}{done.stderr}", flush=True)
    else:
        print(f"  {name:<22}well", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
