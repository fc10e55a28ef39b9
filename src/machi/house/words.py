"""The translations: find the sentences in the source, keep the .po files in step with them, compile them.

Japanese in the source is what the other languages are translated from. Each package has its own
`locale/<language>/LC_MESSAGES/django.po`. Run as `python -m machi.house.words` to compile what changed.
Needs Debian's gettext.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
LANGUAGES = ("ja_Easy", "en", "pt_BR", "es", "zh_Hans")
MOMENT = re.compile(r'^"(?:POT-Creation-Date|Report-Msgid-Bugs-To): .*"\n', re.MULTILINE)  # changes each time
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
)


def packages(source=SOURCE):
    """The folders that may have sentences and translations of their own, lowest floor first."""
    floors = [source / name for name in ("ground", "ui")]
    for floor in ("engines", "departments", "entrances"):
        floors += sorted(path.parent for path in (source / floor).glob("*/__init__.py"))
    return [*floors, source / "house"]


def translation(package, language):
    """Where the translation of `package` into `language` (a locale name: pt_BR) is kept."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def sentences(package):
    """The sentences of `package` as the text of a .pot file; empty when it has none."""
    from django.utils.translation.template import templatize

    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, path in enumerate(_sources(package)):
            text = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                text = templatize(text, origin=str(path))
            copy = Path(folder) / f"{number}.py"
            copy.write_text(text, encoding="utf-8")
            files.append(copy)
        return _extract(files) if files else ""


def keep_in_step(package):
    """Add new sentences to the .po files of `package` and drop vanished ones. Returns how many lack
    translation.
    """
    missing = 0
    found = sentences(package)
    for language in LANGUAGES if found else ():
        path = translation(package, language)
        if path.exists():
            command = ["msgmerge", "-q", "--no-fuzzy-matching", "--no-location", "--no-wrap", path, "-"]
            text = _gettext(command, found)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = found.replace("charset=CHARSET", "charset=UTF-8")
        kept = _gettext(["msgattrib", "--no-obsolete", "--no-wrap", "-"], text)
        path.write_text(MOMENT.sub("", kept), encoding="utf-8")
        left = _gettext(["msgattrib", "--untranslated", "--no-wrap", "-"], text)
        missing += max(0, left.count("\nmsgid ") - 1)
    return missing


def compile_words(source=SOURCE):
    """Compile what changed. Returns the files. Raises CalledProcessError when one is not a translation."""
    compiled = []
    for words in sorted(source.glob("**/locale/*/LC_MESSAGES/django.po")):
        made = words.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime_ns < words.stat().st_mtime_ns:
            half = made.with_suffix(".half")
            subprocess.run(["msgfmt", "--check-format", "-o", half, words], check=True)
            half.replace(made)
            compiled.append(made)
    return compiled


def _sources(package):
    """Python files and templates, without those of packages inside it."""
    for path in sorted(package.rglob("*")):
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
            yield path


def _extract(files):
    keywords = [f"--keyword={word}" for word in KEYWORDS]
    command = [
        "xgettext",
        "-L",
        "Python",
        "--from-code=UTF-8",
        "--no-location",
        "--no-wrap",
        *keywords,
        "-o",
        "-",
        *files,
    ]
    return _gettext(command).replace("charset=CHARSET", "charset=UTF-8")


def _gettext(command, text=None):
    """Run one of gettext's programs. Raises CalledProcessError."""
    return subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout


if __name__ == "__main__":
    try:
        compile_words()
    except subprocess.CalledProcessError as fault:
        sys.exit(f"{fault.cmd[-1]} is not a sound translation file (see the lines above).")
