"""Words and numbers as they were posted, into a source tree; and what is said when that cannot be."""

from django.utils.translation import gettext as _

from machi.ground.expr import ExprError, parse
from machi.ground.languages import TAGS

LONGEST = {"label": 200, "title": 200}
LONG = 2000
NEVER = "false"  # a condition that must be there and is not written yet


class Refused(Exception):
    """An operation that cannot be done; its words say what to do."""


def gone():
    """What is said of a thing that somebody took away meanwhile."""
    return Refused(_("それはもうありません。今の内容を見て、やり直してください。"))


def japanese(text):
    """The Japanese of a text in a source tree."""
    return text.get("ja", "") if isinstance(text, dict) else text or ""


def in_languages(text):
    """A text of a source tree as a mapping of languages."""
    return dict(text) if isinstance(text, dict) else {"ja": text} if text else {}


def texts(old, said, name, *, needed=False):
    """The languages of a text with what was posted ("label_pt-BR"); languages that were not posted stay."""
    found = in_languages(old)
    for tag in TAGS:
        if (words := said.get(f"{name}_{tag}")) is not None:
            found[tag] = " ".join(words.split())
    found = {tag: words for tag, words in found.items() if words}
    if needed and "ja" not in found:
        raise Refused(_("日本語の名前を書いてください。"))
    if found and "ja" not in found:
        raise Refused(_("ほかの言語だけでは残せません。日本語も書いてください。"))
    for words in found.values():
        no_longer_than(words, LONGEST.get(name, LONG))
    return found


def titled(words):
    """A new text: its Japanese alone."""
    return texts({}, {"title_ja": words or ""}, "title", needed=True)


def no_longer_than(words, most):
    """The words, unless they are too long."""
    if len(words) > most:
        raise Refused(_("長すぎます。%(most)s文字までにしてください。") % {"most": most})
    return words


def whole(words, label):
    """Digits as they were posted, "" for nothing; Refused for anything else."""
    words = (words or "").strip().translate(_NARROW)
    if words and not (words.isascii() and words.isdecimal() and len(words) <= 12):
        raise Refused(_("「%(label)s」は、数字で書いてください。") % {"label": label})
    return words


def put(holder, name, value):
    """Set a property, or take it away where there is no value."""
    if value:
        holder[name] = value
    else:
        holder.pop(name, None)


def readable(text):
    """An expression that can be read, or nothing; Refused with the place of the fault."""
    try:
        parse(text or "0")
    except ExprError as fault:
        raise Refused(_("式が読めません。%(fault)s") % {"fault": fault}) from None
    return text


def picked(said, name):
    """An expression that was chosen among some, or written beside them ("=")."""
    return readable(said.get(f"={name}", "").strip()) if said[name] == "=" else said[name]


def ticked(said, name):
    """The keys that were ticked in a list that was posted."""
    return [one.removeprefix(f"{name}:") for one in said if one.startswith(f"{name}:")]


def lines(posted, most=LONGEST["label"]):
    """The lines of a text area, each once, without blank ones."""
    found = list(dict.fromkeys(line for raw in (posted or "").splitlines() if (line := " ".join(raw.split()))))
    return [no_longer_than(line, most) for line in found]


def worded(old, posted, stem, made):
    """Things that are a key and a label each, from lines of words.

    A line that was there keeps its key and its translations; so does one that was put in the place of
    another, which is the same thing under a better name. `made(key, label)` makes what is new.
    """
    said = lines(posted)
    known = {japanese(one["label"]): one for one in old}
    taken, found = [one["key"] for one in old], []
    for place, line in enumerate(said):
        was = old[place] if place < len(old) and len(said) == len(old) else None
        if line in known:
            found.append(known[line])
        elif was and japanese(was["label"]) not in said:
            found.append({**was, "label": {**in_languages(was["label"]), "ja": line}})
        else:
            key = free(stem, taken)
            taken.append(key)
            found.append(made(key, {"ja": line}))
    return found


def free(stem, taken):
    """The first key of this stem that nobody has."""
    return next(key for number in range(1, len(taken) + 2) if (key := f"{stem}{number}") not in taken)


def move(things, index, said):
    """A thing one place up or down in its list; nothing happens at the edge."""
    other = index + (-1 if said.get("way") == "up" else 1)
    if 0 <= other < len(things):
        things[index], things[other] = things[other], things[index]


_NARROW = {ord("０") + digit: ord("0") + digit for digit in range(10)}
