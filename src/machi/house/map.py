"""docs/map.md: every package, what it is for, its files and its door; made from the docstrings, so it cannot
age.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MAP = ROOT / "docs" / "map.md"
FLOORS = (
    ("ground", "words without a city in them"),
    ("ui", "the design system"),
    ("engines", "what any city hall does; no department's name in here"),
    ("departments", "what a field needs beyond definitions"),
    ("entrances", "how people and machines come in"),
    ("house", "what runs it all"),
)
GLOSSARY = (
    ("guide", "手続ガイド"), ("sitting", "応対"), ("errand", "用件"), ("screen", "画面"),
    ("procedure", "手続"), ("case", "案件"), ("party", "関係者"), ("group", "まとまり"),
    ("step", "段階"), ("decision", "決定"),
    ("notice", "お知らせ"),
    ("delivery", "配信"), ("channel", "手段"), ("booking", "予約"), ("slot", "枠"), ("charge", "請求"),
    ("payment", "納付"), ("attendance", "勤怠"), ("terms", "勤務条件"),
    ("book", "帳簿"), ("entry", "記帳"), ("closing", "締め"), ("handing", "引渡し"), ("document", "文書"),
    ("manuscript", "原稿"),
    ("file plan", "ファイル基準表"), ("binder", "簿冊"), ("hold", "廃棄差止め"), ("disposal", "廃棄・移管"),
    ("unit", "課"), ("post", "職"), ("appointment", "任用"),
    ("definition", "定義"), ("overlay", "上書き"), ("package", "パッケージ"),
    ("exchange", "持ち込み・持ち出し"), ("intake", "申請データの読み方"), ("webhook", "プログラムへの知らせ"),
    ("binding", "接続"),
)  # fmt: skip
HEAD = """# The map of the house

Made by `./machi manage map` from the docstrings; a test checks that it is current. Who may import whom:
`house → entrances | departments → engines → ui → ground`. Among the engines a higher one may use a lower
one, through its `public.py` (to do) or `define.py` (to declare); their order stands in `pyproject.toml`.

One word per idea, everywhere: {glossary}.
"""


def draw():
    """The text of docs/map.md."""
    words = " · ".join(f"{word} {japanese}" for word, japanese in GLOSSARY)
    parts = [HEAD.format(glossary=words)]
    for floor, what in FLOORS:
        parts.append(f"\n## {floor}: {what}\n")
        parts += [_package(folder) for folder in _packages(ROOT / "src" / "machi" / floor)]
    return "".join(parts)


def _packages(floor):
    """The packages of a floor with Python in them, outermost first."""
    folders = sorted({path.parent for path in floor.rglob("__init__.py")})
    return [
        folder
        for folder in folders
        if not {"migrations", "management"} & set(folder.parts) and _files(folder)
    ]


def _files(folder):
    return [path for path in sorted(folder.glob("*.py")) if path.name not in {"__init__.py", "apps.py"}]


def _package(folder):
    name = folder.relative_to(ROOT / "src" / "machi").as_posix()
    lines = [f"\n### {name}\n{_sentence(folder / '__init__.py')}\n\n"]
    lines += [f"- `{path.name}` {_sentence(path)}{_door(path)}\n" for path in _files(folder)]
    commands = sorted((folder / "management" / "commands").glob("[a-z]*.py"))
    lines += [f"- `manage {path.stem}` {_sentence(path)}\n" for path in commands]
    return "".join(lines)


def _sentence(path):
    """The first paragraph of a module's docstring, in one line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def _door(path):
    """The names that the door of an engine offers."""
    if path.name != "public.py":
        return ""
    names = [
        name.asname or name.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    ]
    return f" Offers {', '.join(f'`{name}`' for name in sorted(names, key=str.lower))}."
