"""What the program imports is what pyproject.toml asks for."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from fixtures.source import ROOT, label, python_files, tree

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def plain(name):
    """A distribution's name as all tools agree to write it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[~=<>; ]", name)[0]).lower()


def imported(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_the_program_imports_only_what_it_declares():
    declared = {plain(name) for name in PROJECT["project"]["dependencies"]}
    owners = packages_distributions()
    undeclared = {
        f"{label(path)} imports {name}"
        for path in python_files()
        for name in imported(path)
        if name not in sys.stdlib_module_names | {"machi"}
        and not declared.intersection(plain(owner) for owner in owners.get(name, [name]))
    }

    assert undeclared == set()


def test_the_locks_hold_what_is_declared_with_digests():
    for lock, names in (
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-test.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ):
        text = (ROOT / lock).read_text()
        pinned = {plain(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}

        assert {plain(name) for name in names} <= pinned
        assert text.count("==") <= text.count("--hash=sha256:")
