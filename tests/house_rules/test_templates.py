"""Templates that nobody shows are removed."""

import ast
import re

from fixtures.source import python_files, templates, tree

# Shown by packages that are installed, which look for them under these names.
OTHERS = ("account/", "allauth/", "mfa/", "socialaccount/", "usersessions/", "403", "404", "500", "400")


def named_in_python():
    """Every text in the program, and the beginnings of texts that are put together."""
    whole, beginnings = set(), set()
    for path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value.partition("#")[0])
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return whole, {text for text in beginnings if "/" in text and " " not in text}


def test_every_template_is_used():
    whole, beginnings = named_in_python()
    sources = {name: path.read_text(encoding="utf-8") for name, path in templates().items()}
    linked = {
        found.partition("#")[0]
        for text in sources.values()
        for found in re.findall(r"[\"']([\w./-]+\.(?:html|txt|xml|svg)(?:#[\w-]+)?)[\"']", text)
    }
    unused = [
        name
        for name in sources
        if name not in whole | linked
        and not name.startswith(OTHERS)
        and not name.startswith(tuple(beginnings))
    ]

    assert unused == []
