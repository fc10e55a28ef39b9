"""Finding sentences, and keeping translation files in step with them."""

import os

import pytest

from machi.house.words import LANGUAGES, compile_words, keep_in_step, sentences, translation


@pytest.fixture
def package(tmp_path):
    """A package with a sentence in Python and one in a template."""
    folder = tmp_path / "garbage"
    (folder / "templates" / "garbage").mkdir(parents=True)
    (folder / "views.py").write_text('title = gettext_lazy("粗大ごみ")\n', encoding="utf-8")
    page = "{% load i18n %}<p>{% blocktranslate with n=count %}あと%(n)s個です。{% endblocktranslate %}</p>"
    (folder / "templates" / "garbage" / "home.html").write_text(
        page.replace("%(n)s", "{{ n }}"), encoding="utf-8"
    )
    return folder


def test_sentences_are_found_in_python_and_in_templates(package):
    found = sentences(package)

    assert 'msgid "粗大ごみ"' in found
    assert 'msgid "あと%(n)s個です。"' in found


def test_new_sentences_wait_in_every_language(package):
    assert keep_in_step(package) == 2 * len(LANGUAGES)
    assert all(translation(package, language).exists() for language in LANGUAGES)


def test_translations_survive_and_vanished_sentences_go(package):
    keep_in_step(package)
    english = translation(package, "en")
    text = english.read_text().replace(
        'msgid "粗大ごみ"\nmsgstr ""', 'msgid "粗大ごみ"\nmsgstr "Bulky waste"'
    )
    english.write_text(text)
    (package / "templates" / "garbage" / "home.html").write_text("<p></p>")

    keep_in_step(package)

    assert 'msgstr "Bulky waste"' in english.read_text()
    assert "POT-Creation-Date" not in english.read_text(), "a file in which nothing is new stays as it is"
    assert "個です" not in english.read_text()


def test_only_what_changed_is_compiled(package):
    keep_in_step(package)

    assert len(compile_words(package.parent)) == len(LANGUAGES)
    assert compile_words(package.parent) == []
    later = translation(package, "es").stat().st_mtime + 5
    os.utime(translation(package, "es"), (later, later))
    assert compile_words(package.parent) == [translation(package, "es").with_suffix(".mo")]
