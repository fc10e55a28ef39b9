"""The letters of a procedure: their words, with answers in braces. People see labels there, the definition keys."""

from django.utils import translation
from django.utils.translation import gettext as _

from machi.engines.documents import public as documents
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import Refused, free, gone, no_longer_than, put, texts, ticked, titled

LONGEST = 4000


def add_letter(tree, said):
    """A letter with a title and its first words, for a step to issue."""
    letters = tree.setdefault("letters", {})
    key = free("letter", list(letters))
    with translation.override("ja"):  # papers of the city are in Japanese, whatever the clerk reads
        body = _("次のとおり決定しましたので、お知らせします。")
    letters[key] = {
        "title": titled(said.get("title")),
        "body": body,
        "number": {"sequence": f"{tree['code']}.{key}/{{fy}}", "format": "{sign}{fy}-{seq:4}"},
    }


def set_letter(tree, said):
    """The words of a letter: to whom, what, which answers are listed, who signs, how it is numbered."""
    letter = _letter(tree, said)
    letter["title"] = texts(letter.get("title"), said, "title", needed=True)
    body = no_longer_than(said.get("body", "").replace("\r\n", "\n").strip(), LONGEST)
    if not body:
        raise Refused(_("文書の本文を書いてください。"))
    letter["body"] = keyed(body, said)
    put(letter, "to", keyed(" ".join(said.get("to", "").split()), said))
    put(letter, "by", " ".join(said.get("by", "").split()))
    put(letter, "facts", ticked(said, "facts"))
    if number := said.get("number_format", "").strip():
        letter["number"] = {**letter["number"], "format": number}


def remove_letter(tree, said):
    """A letter away, unless a step still issues it."""
    _letter(tree, said)
    if any(step.get("document") == f"letter/{said['key']}" for step in steps_of(tree).values()):
        raise Refused(_("この文書を発行する段階があります。先に、その段階の文書を変えてください。"))
    del tree["letters"][said["key"]]
    put(tree, "letters", tree["letters"])


def keyed(words, said):
    """Words with keys in the braces where a label stood; `said` has the labels that were offered, "as:<key>"."""
    labels = {said[name]: name.removeprefix("as:") for name in said if name.startswith("as:")}
    for place in documents.places(words):
        words = words.replace(f"{{{place}}}", f"{{{labels.get(place, place)}}}")
    return words


def labelled(words, labels):
    """Words with labels in the braces where a key stands."""
    for place in documents.places(words):
        words = words.replace(f"{{{place}}}", f"{{{labels.get(place, place)}}}")
    return words


def _letter(tree, said):
    letter = tree.get("letters", {}).get(said.get("key", ""))
    if letter is None:
        raise gone()
    return letter
