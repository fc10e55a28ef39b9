"""A condition as the pages show it: sentences with a button each, and the row that adds one more."""

from django.utils.translation import gettext as _

from machi.entrances.builder import sentences
from machi.entrances.builder.operations.conditions import condition_at
from machi.entrances.builder.operations.words import NEVER
from machi.entrances.builder.showing.words import DAY_HOWS, HOWS, sentence


def condition(tree, where, questions, asked, typed, *, title="", always=""):
    """Everything about the condition at `where`; `asked` says which answer the next sentence is about."""
    text = condition_at(tree, where)
    read = sentences.read("" if text == NEVER else text)
    mine = asked.get("where") == where
    parts = read.parts if read else ()
    return {
        "where": where,
        "does": f"condition:{where.partition(':')[0]}",
        "title": title,
        "always": always or _("いつも"),
        "text": typed.get("text", text) if typed.get("where") == where else text,
        "readable": read is not None,
        "never": text == NEVER,
        "join": read.join if read else "and",
        "many": len(parts) > 1,
        "parts": [
            {
                "number": str(number),
                "sentences": [
                    {"place": f"{number}.{inside}", "words": sentence(one, questions)}
                    for inside, one in enumerate(part)
                ],
            }
            for number, part in enumerate(parts)
        ],
        "answers": [{"value": key, "label": one["label"]} for key, one in questions.items() if _may_ask(one)],
        "next": _next(questions, asked.get("answer")) if mine else None,
        "open": mine or typed.get("where") == where,
    }


def _may_ask(question):
    return question["type"] not in ("note", "") and bool(question["label"])


def _next(questions, key):
    """The sentence that is being written: how the chosen answer may be looked at, and with what."""
    question = questions.get(key)
    if question is None:
        return None
    kind = question["type"]
    words = {**HOWS, **DAY_HOWS} if kind == "date" else HOWS
    return {
        "answer": key,
        "label": question["label"],
        "kind": kind,
        "hows": [{"value": how, "label": words[how]} for how in sentences.hows_of(kind)],
        "options": [{"value": value, "label": label} for value, label in question["options"]],
        "takes": any(how not in sentences.BARE for how in sentences.hows_of(kind)),
    }
