"""Cutting text into words: SudachiPy for Japanese, spaces for Latin letters, and words that mean the same.

The dictionary (190 MB, mapped) is opened at the first use, once per process; each thread has a tokenizer of
its own,
because a tokenizer cannot be used by two threads at once.
"""

import re
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jaconv
from sudachipy import Dictionary, SplitMode

from machi.ground.text import search_key

LONGEST = 10_000  # letters given to the dictionary at once; it refuses more than 49,149 bytes
LATIN = re.compile(r"[0-9a-zÀ-ɏ]+(?:['’][0-9a-z]+)*", re.IGNORECASE)
KANA = re.compile("[ぁ-ゖー]+")
_GRAMMAR = {"助詞", "助動詞", "補助記号", "空白", "記号"}
_HELPING = {"非自立可能", "非自立"}
_LONG_VOWEL = re.compile("(?<=o)[uo]|(?<=u)u|(?<=a)a|(?<=i)i|(?<=e)[ei]|-")
_local = threading.local()


@dataclass(frozen=True)
class Word:
    """One word: its key, the keys of its parts, its reading in hiragana, and whether it carries meaning."""

    key: str
    parts: tuple[str, ...]
    reading: str
    surface: str
    is_content: bool = True
    is_latin: bool = False


def words_of(text):
    """The Words of `text`, in order. Grammar words are there with `is_content` False."""
    words, place = [], 0
    for found in LATIN.finditer(text):
        words += _japanese(text[place : found.start()])
        key = search_key(found[0]).replace("'", "")
        words.append(Word(key, (), "", key, is_latin=True))
        place = found.end()
    return words + _japanese(text[place:])


def _japanese(text):
    if not text.strip():
        return []
    morphemes = _tokenizer().tokenize(text[:LONGEST], SplitMode.C)
    return [word for morpheme in morphemes if (word := _word(morpheme)).key]


def _word(morpheme):
    group, detail = morpheme.part_of_speech()[:2]
    return Word(
        key=search_key(morpheme.normalized_form()).replace(" ", ""),
        parts=tuple(search_key(part.normalized_form()) for part in morpheme.split(SplitMode.A)),
        reading=search_key(morpheme.reading_form()).replace(" ", ""),
        surface=search_key(morpheme.surface()),
        is_content=group not in _GRAMMAR and detail not in _HELPING,
    )


def _tokenizer():
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer()
    return _local.tokenizer


@cache
def _dictionary():
    return Dictionary(dict="core")


def romaji(kana):
    """`kana` in Latin letters with long vowels shortened, as people type it: しゅうしゅう → shushu."""
    return latin_sound(jaconv.kana2alphabet(kana))


def latin_sound(latin):
    """Japanese in Latin letters with long vowels and spelling schools folded: jyuuminhyou → juminhyo."""
    plain = latin.replace("jy", "j").replace("si", "shi").replace("tu", "tsu").replace("sy", "sh")
    plain = plain.replace("mb", "nb").replace("mp", "np").replace("zy", "j").replace("ti", "chi")
    return _LONG_VOWEL.sub("", plain)


@cache
def synonyms():
    """Key of a word → keys of all words that mean the same (a set that holds the word itself)."""
    sets = {}
    for line in Path(__file__).with_name("synonyms.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            keys = {key for spelling in line.split("\t") for key in _keys_of(spelling)}
            for key in keys:
                sets[key] = sets.get(key, set()) | keys
    return sets


def _keys_of(spelling):
    """The keys under which a spelling of the list stands in the index: as one word, or as its letters
    joined.
    """
    words = [word for word in words_of(spelling) if word.is_content or word.surface == search_key(spelling)]
    return {words[0].key} if len(words) == 1 else {search_key(spelling).replace(" ", "")}
