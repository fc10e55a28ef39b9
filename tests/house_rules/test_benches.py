"""Measurements are seldom run: what they take from the house must still be there."""

import ast
from importlib import import_module
from importlib.util import find_spec

import pytest

from fixtures.databases import ROOT

BENCHES = sorted((ROOT / "bench").rglob("*.py"))


@pytest.mark.parametrize("path", BENCHES, ids=lambda path: path.stem)
def test_a_bench_finds_what_it_imports(path):
    taken = [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("machi")
        for alias in node.names
    ]

    assert [f"{module}.{name}" for module, name in taken if not is_there(module, name)] == []


def is_there(module, name):
    """Whether `from module import name` works: a name in it, or a module of the package."""
    return hasattr(import_module(module), name) or find_spec(f"{module}.{name}") is not None
