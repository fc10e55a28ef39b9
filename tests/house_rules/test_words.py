"""No sentence that people read stands outside the translations; and all of them are translated."""

import ast
import re
import subprocess

import pytest

from fixtures.source import JAPANESE, MACHI, label, python_files, templates, tree
from machi.house.words import LANGUAGES, packages, sentences, translation

TRANSLATED = re.compile(
    r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}"
    r"|{#.*?#}"
    r"|{%\s*(?:blocktranslate|blocktrans)\b.*?%}.*?{%\s*(?:endblocktranslate|endblocktrans)\s*%}"
    r"|{%\s*(?:translate|trans)\s+(?:\"[^\"]*\"|'[^']*').*?%}"
    r"|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
# Where Japanese stands untranslated, and why.
PYTHON_ALLOWED = {
    "ground/*": "eras, letters, yen and days are what these files are about",
    "ground/expr/*": "a fault in an expression is read by the clerk who writes the definition",
    "engines/*/define.py": "a fault in a definition is read by the clerk who writes it",
    "engines/*/compile*.py": "the same",
    "engines/definitions/*": "the same",
    "engines/documents/models.py": "states as operators see them; pages have words of their own",
    "engines/documents/queries.py": "what stands on a preview instead of the office",
    "engines/documents/rules.py": "a fault in a definition is read by the clerk who writes it; the era in a number",
    "engines/documents/typesetting.py": "a fault in a document's template is read by the clerk who writes it",
    "engines/packages/*": "read by the clerk who brings a definition in",
    "engines/payments/models.py": "how a charge prints itself for operators",
    "engines/procedures/scenarios.py": "a fault in a definition is read by the clerk who writes it",
    "engines/guides/scenarios.py": "the same",
    "engines/search/words.py": "names of parts of speech in the dictionary",
    "entrances/api/catalogue.py": "names of fields as the government gives them",
    "entrances/exchange/define.py": "a fault in a definition is read by the clerk who writes it",
    "entrances/exchange/intake/reading.py": "a file of staff: read by the clerk who brings it in",
    "entrances/exchange/xlsform/*": "read by the clerk who brings a form in",
    "house/demo/*": "sample people and cases are Japanese",
    "house/map.py": "the glossary",
    "*/management/commands/*": "read by operators",
}
FAULTS = {"DefinitionFault", "Fault", "ExprError"}
TEMPLATES_ALLOWED = {
    "ui/gallery": "samples of what components show",
}


def allowed(path, patterns):
    inside = path.relative_to(MACHI)
    return any(inside.match(pattern) for pattern in patterns)


def docstrings(module):
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def excused(module):
    """The nodes whose Japanese is translated, explains, or is a fault in a definition."""
    yield from docstrings(module)
    for node in ast.walk(module):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if name in MARKS | FAULTS:
            yield from ast.walk(node)


def bare_sentences(path):
    excuse = {id(node) for node in excused(tree(path))}
    for node in ast.walk(tree(path)):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if JAPANESE.search(text) and id(node) not in excuse:
            yield f"{label(path)}:{node.lineno}: {text[:40]}"


def test_no_sentence_in_python_escapes_translation():
    files = [path for path in python_files() if not allowed(path, PYTHON_ALLOWED)]

    assert [fault for path in files for fault in bare_sentences(path)] == []


def test_no_sentence_in_a_template_escapes_translation():
    faults = []
    for name, path in templates().items():
        if path.suffix in {".html", ".txt"} and not name.startswith(tuple(TEMPLATES_ALLOWED)):
            left = TRANSLATED.sub(
                lambda found: "\n" * found.group().count("\n"), path.read_text(encoding="utf-8")
            )
            faults += [
                f"{label(path)}:{number}: {line.strip()[:60]}"
                for number, line in enumerate(left.splitlines(), 1)
                if JAPANESE.search(line)
            ]

    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_every_sentence_is_translated(package, language, tmp_path):
    found = sentences(package)
    if not found:
        return
    wanted = tmp_path / "wanted.pot"
    wanted.write_text(found, encoding="utf-8")
    words = translation(package, language)

    assert words.exists(), "Run ./machi manage words, and translate."
    done = subprocess.run(["msgcmp", words, wanted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("words", sorted(MACHI.rglob("django.po")), ids=label)
def test_translations_are_sound_and_keep_the_placeholders(words):
    done = subprocess.run(
        ["msgfmt", "--check", "-o", "/dev/null", words], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr[-3000:]
