"""From text to search keys, and from a query to what is asked of the index. No database here."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from machi.engines.search.words import KANA, latin_sound, romaji, synonyms, words_of
from machi.ground.text import search_key

LONGEST_QUERY = 200
LONGEST_BODY = 10_000
LONGEST_READING = 24
MOST_TERMS = 12
LATIN_GRAMMAR = frozenset(Path(__file__).with_name("grammar.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Keys:
    """The keys of one entry: two tsvector literals and the Latin words."""

    units: str
    grams: str
    letters: str


@dataclass(frozen=True)
class Plan:
    """What a query asks: tsquery literals (empty when there is nothing to ask) and Latin words to forgive."""

    strict: str
    grams: str
    loose: str
    latin: tuple[str, ...]


def keys_of(*, title, words=(), body=""):
    """The Keys of an entry. `words` are other names people use; they weigh as much as the title."""
    heads = [title, *words]
    units = [(lexeme, "A") for head in heads for lexeme in _units(head, readings=True)]
    units += [(lexeme, "C") for lexeme in _units(body[:LONGEST_BODY], readings=False)]
    grams = [gram for text in (*heads, body[:LONGEST_BODY]) for gram in [*_grams(text), ""]]
    latin = sorted({word.key for head in heads for word in words_of(head) if word.is_latin})
    return Keys(_vector(units), _gram_vector(grams), " ".join(latin))


def _units(text, *, readings):
    words = words_of(_plain(text))
    yield from (lexeme for word in words for lexeme in (word.key, *word.parts))
    if readings:
        yield from _readings(words)
        yield search_key(text).replace(" ", "")[:LONGEST_READING]


def _readings(words):
    """From every word on, the sound of what follows, in hiragana and in Latin letters: what people type
    first, they find.
    """
    sounds = [word.reading for word in words if not word.is_latin]
    for start in range(len(sounds)):
        sound = "".join(sounds[start:])[:LONGEST_READING]
        if KANA.fullmatch(sound[:2]):
            kana = KANA.match(sound)[0]
            yield kana
            yield f"~{romaji(kana)}"


def _plain(text):
    return unicodedata.normalize("NFKC", text).casefold()


def _grams(text):
    """Single letters and pairs of neighbouring letters, at one place each; Latin words are left to the
    words.
    """
    letters = search_key(text).replace(" ", "")
    return [letters[place : place + 2] for place in range(len(letters))]


def _vector(weighted):
    places = {}
    for place, (lexeme, weight) in enumerate(weighted, start=1):
        if lexeme:
            places.setdefault(lexeme, []).append(f"{min(place, 16_000)}{weight}")
    return " ".join(f"{_quoted(lexeme)}:{','.join(dict.fromkeys(at[:60]))}" for lexeme, at in places.items())


def _gram_vector(grams):
    """Pairs with their places, so that a phrase is found; an empty one leaves a gap between texts."""
    places = {}
    for place, gram in enumerate(grams[:16_000], start=1):
        for lexeme in {gram, gram[:1]} - {""}:
            places.setdefault(lexeme, []).append(str(place))
    return " ".join(f"{_quoted(lexeme)}:{','.join(at[:250])}" for lexeme, at in places.items())


def _quoted(lexeme):
    """`lexeme` as PostgreSQL reads it in tsvector and tsquery literals."""
    return "'" + lexeme[:120].replace("\\", "\\\\").replace("'", "''") + "'"


def plan(query):
    """The Plan for what a person typed; all parts empty when it says nothing."""
    query = query.replace("\x00", " ")[:LONGEST_QUERY]
    words = _asked(words_of(_plain(query)))
    terms = [_term(word, is_last=word is words[-1]) for word in words]
    whole = _whole(query)
    strict = " & ".join(f"({term})" for term in terms)
    return Plan(
        strict=" | ".join(part for part in (strict and f"({strict})", whole) if part),
        grams=_phrases(query),
        loose=" | ".join(f"({term})" for term in terms) if len(terms) > 1 else "",
        latin=tuple(word.key for word in words if word.is_latin and len(word.key) > 3),
    )


def _asked(words):
    """The words that carry meaning; all of them when none does."""
    content = [
        word for word in words if word.is_content and not (word.is_latin and word.key in LATIN_GRAMMAR)
    ]
    return (content or words)[:MOST_TERMS]


def _term(word, *, is_last):
    """One word as a tsquery: itself, its parts together, its sound, or a word that means the same."""
    if word.is_latin:
        others = [f"{_quoted(same)}:*" for same in sorted(synonyms().get(word.key, set()) - {word.key})]
        return " | ".join([f"{_quoted(word.key)}:*", f"{_quoted('~' + latin_sound(word.key))}:*", *others])
    same = sorted({word.key} | synonyms().get(word.key, set()))
    asked = [_quoted(key) for key in same]
    if len(word.parts) > 1:
        asked.append("(" + " & ".join(_quoted(part) for part in word.parts) + ")")
    is_kana = KANA.fullmatch(word.surface)
    if (is_kana and len(word.surface) > 1) or (is_last and not is_kana):
        asked.append(f"{_quoted(word.surface)}:*")
    return " | ".join(asked)


def _whole(query):
    """The whole query as the beginning of a title, of a sound, or of a name that means the same."""
    key = search_key(query).replace(" ", "")
    if len(key) < 2:
        return ""
    same = [_quoted(other) for other in sorted(synonyms().get(key, set()))]
    sound = [f"{_quoted('~' + latin_sound(key))}:*"] if key.isascii() else []
    return " | ".join([f"{_quoted(key)}:*", *sound, *same])


def _phrases(query):
    """Every run of letters in the query as a phrase of pairs, all of them wanted."""
    runs = [run for run in search_key(query).split() if run]
    return " & ".join(f"({phrase})" for run in runs[:MOST_TERMS] if (phrase := _phrase(run)))


def _phrase(run):
    if len(run) == 1:
        return _quoted(run)
    return " <-> ".join(_quoted(run[place : place + 2]) for place in range(len(run) - 1))


def distance(one, other):
    """How many letters must be added, dropped, changed or swapped with a neighbour to make `other` of
    `one`.
    """
    before, above = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != wanted))
            is_swap = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            line.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, above = above, line
    return above[-1]


def is_typo_of(typed, meant):
    """Whether `typed` is `meant` with a small mistake: one up to five letters, two beyond; a word being typed
    counts too.
    """
    allowed = 1 if len(typed) <= 5 else 2
    return distance(typed, meant) <= allowed or (
        len(meant) > len(typed) >= 5 and distance(typed, meant[: len(typed)]) <= 1
    )
