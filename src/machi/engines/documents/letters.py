"""A document without a definition of its own: the letter of a procedure, in the words that a clerk wrote."""

import re
from functools import cache

from machi.engines.documents.typesetting import PAPER
from machi.ground.expr import Literal, unparse

PLACE = re.compile(r"\{([^{}]+)\}")


def places(words):
    """What stands in braces in the words of a letter, each once."""
    return list(dict.fromkeys(PLACE.findall(words)))


def letter(*, code, title, number, words, facts, shown):
    """The bundle of a letter.

    words: {"to", "body", "by"}; `{key}` in them stands for an answer. facts: key → label of the answers that are
    listed. shown: key → (expression, label) of every answer that is mentioned; the label is the sample's word.
    """
    said = {**words, "facts": " ".join(facts), **{f"label:{key}": label for key, label in facts.items()}}
    return {
        "code": code,
        "title": title,
        "template": _template(),
        "data": {
            **{name: unparse(Literal("text", text)) for name, text in said.items()},
            **{f"={key}": expression for key, (expression, _label) in shown.items()},
        },
        "shown": [],
        "number": number,
        "paper": "A4",
        "sample": {**said, **{f"={key}": f"（{label}）" for key, (_expression, label) in shown.items()}},
    }


@cache
def _template():
    return (PAPER / "letter.typ").read_text("utf-8")
