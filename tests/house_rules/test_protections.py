"""What the database protects is touched by lawful disposal only."""

import ast

from fixtures.source import label, python_files, tree

DISPOSAL = {"destroy", "_destroy", "forget", "_blank"}


def lifted(path):
    """The names of the functions in a file that lift a protection of the database."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
            if any(ast.unparse(call) == "pgtrigger.ignore" for call in calls):
                yield node.name


def test_append_only_tables_are_opened_for_disposal_alone():
    found = {f"{label(path)}: {name}" for path in python_files() for name in lifted(path) if name not in DISPOSAL}

    assert found == set()
    assert any(list(lifted(path)) for path in python_files())
