"""Whether tables, city and static files are up to date with the files of the program; and making them so.

A stamp in the data directory holds the digest of everything the preparation depends on, so that an ordinary
start skips it. With a database of somebody else's (DATABASE_URL) it always runs: who knows what happened to
that database.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LAST_LINES = 8
IGNORED = {"__pycache__", "node_modules"}


class PreparationFailed(OSError):
    """Tables, city or static files could not be made; the message is what the command said."""


def is_new(data):
    """Whether `prepare` has never been done in this data directory."""
    return not (data / "prepared").exists()


def is_prepared(data, environment):
    """Whether `prepare` has run for exactly these files."""
    stamp = data / "prepared"
    own = "DATABASE_URL" not in os.environ
    return own and stamp.exists() and stamp.read_text() == _digest_of_files(environment)


def prepare(data, environment):
    """Migrate, load the city, collect static files (manage prepare). Raises PreparationFailed."""
    want = _digest_of_files(environment)
    complaints = data / "log" / "prepare.log"
    complaints.parent.mkdir(parents=True, exist_ok=True)
    with complaints.open("w+") as log:
        done = subprocess.run(
            [sys.executable, "-m", "django", "prepare"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=log,
            check=False,
        )
    if done.returncode:
        said = "\n".join(complaints.read_text().splitlines()[-LAST_LINES:])
        raise PreparationFailed(f"{said}\n\nNothing was started; all that was said is in {complaints}.")
    (data / "prepared").write_text(want)


def _digest_of_files(environment):
    """One digest over path, size and time of each file of the program, the packages and the city."""
    total = hashlib.sha256(environment["DATABASE_URL"].encode())
    for folder in (ROOT / "src", ROOT / "packages", Path(environment["MACHI_CITY"])):
        for path in sorted(folder.rglob("*")):
            if not IGNORED.intersection(path.parts) and path.is_file():
                state = path.stat()
                total.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return total.hexdigest()
