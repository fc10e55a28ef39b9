"""The import contracts of pyproject.toml."""

import subprocess
import sys

from fixtures.source import ROOT

COMMAND = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_the_contracts_between_floors_and_engines_hold():
    done = subprocess.run(
        [sys.executable, "-c", COMMAND], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
