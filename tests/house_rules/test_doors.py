"""Who may enter whom, where imports alone do not show it."""

import ast
import re

import pytest

from fixtures.source import MACHI, height, label, may_use, module_of, place, python_files, templates, tree

DOORS = {"public", "define"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
LINK = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"'#]+)")
# The house wires: it names the addresses and jobs of every package.
WIRING = {"machi.house.urls", "machi.house.settings"}


def imports(path):
    """(line, dotted name) of everything a file imports, wherever in the file; relative names made whole."""
    here = module_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            for name in node.names:
                yield node.lineno, f"{start}.{name.name}"


def engine_entered(name):
    """("audit", "models") for machi.engines.audit.models.Event."""
    parts = name.split(".")
    return tuple(parts[2:4]) if parts[:2] == ["machi", "engines"] and len(parts) > 3 else None


def test_engines_are_entered_by_public_or_define_only():
    burglars = [
        f"{label(path)}:{line} imports {name}"
        for path in python_files()
        if module_of(path) not in WIRING
        for line, name in imports(path)
        if (entered := engine_entered(name))
        and place(path) != ("engines", entered[0])
        and entered[1] not in DOORS
    ]

    assert burglars == []


def public_files():
    return sorted(MACHI.glob("engines/*/public.py"))


@pytest.mark.parametrize("path", public_files(), ids=lambda path: path.parent.name)
def test_a_door_implements_nothing(path):
    allowed = (ast.ImportFrom, ast.Import, ast.Expr, ast.Assign)
    own = [ast.unparse(node)[:60] for node in tree(path).body if not isinstance(node, allowed)]
    assigned = [node for node in tree(path).body if isinstance(node, ast.Assign)]

    assert own == []
    assert [node.targets[0].id for node in assigned] in ([], ["__all__"])


def relations(path):
    """(line, app label) of each relation in a models file that names its target by text."""
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in RELATIONS
        ):
            target = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "to")
            if isinstance(target, ast.Constant) and "." in target.value:
                yield node.lineno, target.value.partition(".")[0]
            elif isinstance(target, ast.Attribute) and target.attr == "AUTH_USER_MODEL":
                yield node.lineno, "people"


def test_tables_point_downwards_only():
    upward = [
        f"{label(path)}:{line} points to {app}"
        for path in python_files()
        for line, app in relations(path)
        if (MACHI / "engines" / app).is_dir() and not may_use(place(path), ("engines", app))
    ]

    assert upward == []


def test_templates_take_parts_from_below_only():
    known = templates()
    faults = []
    for name, path in known.items():
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            other = known.get(target)
            if other and not may_use(place(path), place(other)):
                faults.append(
                    f"{name} takes {target} (height {height(place(path))} from {height(place(other))})"
                )

    assert faults == []


def test_rules_know_no_database():
    allowed = ("django.utils", "django.core.serializers.json")
    impure = [
        f"{label(path)}:{line} imports {name}"
        for path in MACHI.rglob("rules.py")
        for line, name in imports(path)
        if name.startswith("django") and not name.startswith(allowed)
    ]

    assert impure == []
