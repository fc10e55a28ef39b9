"""Measurements are seldom run: what they take from the house must still be there."""

import ast
from importlib import import_module

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

    gone = [f"{module}.{name}" for module, name in taken if not hasattr(import_module(module), name)]
    assert gone == []
