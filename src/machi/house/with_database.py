"""Run a command while the database runs: `python -m machi.house.with_database COMMAND …`.

Uses DATABASE_URL, or the private cluster (started for the length of the command unless it runs already).
Ctrl-C reaches the command through the terminal; this process waits for its end. Standard library only.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from machi.house import postgres
from machi.house.up import ROOT, database, environment_for, port_of


def run(command, environment):
    """Run `command` with `environment`, passing SIGTERM on. Returns its exit code as a shell would."""
    with subprocess.Popen(command, env=environment) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        code = process.wait()
    return code if code >= 0 else 128 - code


def main(command):
    """Run `command` with the data directory and city of the environment. Returns the exit code."""
    data = Path(os.environ.get("MACHI_DATA", ROOT / "var")).resolve()
    city = Path(os.environ.get("MACHI_CITY", ROOT / "cities" / "joso")).resolve()
    try:
        with database(data):
            return run(command, environment_for(data, city, port_of(data)))
    except postgres.DatabaseError as fault:
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
