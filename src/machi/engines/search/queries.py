"""Finding."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQueryField, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import BooleanField, F, FloatField, Func, Q, Value
from django.db.models.functions import Cast

from machi.engines.search.models import SearchEntry
from machi.engines.search.rules import is_typo_of, plan
from machi.ground.text import search_key

SNIPPET = 120
OWN_LANGUAGE = 0.2  # what an entry in the reader's language is worth, beside the rank (0 to 1)
TYPO_SIMILARITY = 0.35  # how alike words must be for the trigram index to offer them


@dataclass(frozen=True)
class Hit:
    """One thing found; `title` and `snippet` in the reader's language where there is one. A higher `score`
    fits better.
    """

    kind: str
    ref: str
    title: str
    snippet: str
    url: str
    score: float
    door: str = ""


class _Matches(Func):
    arg_joiner = " @@ "
    template = "%(expressions)s"
    output_field = BooleanField()


class _Rank(Func):
    function = "ts_rank"
    template = "ts_rank('{0.1, 0.2, 0.4, 1.0}', %(expressions)s, 1)"
    output_field = FloatField()


def find(query, *, language, kinds=None, limit=20, door=None):
    """What fits `query`, best first: at most `limit` Hits.

    All languages are searched (a person reading Portuguese may type そだい, one reading Japanese `sofa`).
    Exact words come
    first; only when there are none, pieces of words, then some of the words, then words spelled slightly
    wrong.
    """
    entries = SearchEntry.objects.all()
    if kinds is not None:
        entries = entries.filter(kind__in=kinds)
    if door is not None:
        entries = entries.filter(door=door)
    asked = plan(query)
    scores = (
        _ranked(entries, ("units", asked.strict), language, limit)
        or _ranked(entries, ("grams", asked.grams), language, limit)
        or _ranked(entries, ("units", asked.loose), language, limit)
        or _forgiven(entries, asked.latin, language, limit)
    )
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return _hits(best, query, language)


def _ranked(entries, asked, language, limit):
    """(kind, ref) → score of the entries that fit `asked`: a column and a tsquery literal."""
    column, literal = asked
    if not literal:
        return {}
    asked = Cast(Value(literal), SearchQueryField())
    rows = entries.filter(_Matches(F(column), asked)).annotate(rank=_Rank(F(column), asked))
    return _best(rows.order_by("-rank").values_list("kind", "ref", "language", "rank")[: limit * 8], language)


def _best(rows, language):
    scores = {}
    for kind, ref, tongue, rank in rows:
        score = rank + OWN_LANGUAGE * (tongue == language)
        scores[kind, ref] = max(score, scores.get((kind, ref), 0))
    return scores


def _forgiven(entries, latin, language, limit):
    """(kind, ref) → score of the entries that have every word of `latin`, each perhaps spelled slightly
    wrong.
    """
    if not latin:
        return {}
    alike = Q()
    for word in latin:
        alike &= Q(letters__trigram_word_similar=word)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(TYPO_SIMILARITY)]
        )
        rows = (
            entries.filter(alike).annotate(rank=TrigramWordSimilarity(latin[0], "letters")).order_by("-rank")
        )
        rows = list(rows.values_list("kind", "ref", "language", "rank", "letters")[: limit * 8])
    meant = [row[:4] for row in rows if all(_has_typo(word, row[4]) for word in latin)]
    return _best(meant, language)


def _has_typo(typed, letters):
    return any(is_typo_of(typed, word) for word in letters.split())


def _hits(best, query, language):
    wanted = Q()
    for (kind, ref), _score in best:
        wanted |= Q(kind=kind, ref=ref)
    by_thing = {}
    for entry in SearchEntry.objects.filter(wanted).defer("units", "grams") if best else ():
        by_thing.setdefault((entry.kind, entry.ref), {})[entry.language] = entry
    return [
        _hit(_in_language(by_thing[key], language), query, score) for key, score in best if key in by_thing
    ]


def _in_language(entries, language):
    return entries.get(language) or entries.get("ja") or next(iter(entries.values()))


def _hit(entry, query, score):
    snippet = _snippet(entry.body, query)
    return Hit(entry.kind, entry.ref, entry.title, snippet, entry.url, round(score, 4), entry.door)


def _snippet(body, query):
    """The sentence of `body` that holds a word of the query, else its beginning; at most 120 letters."""
    sentences = [
        sentence.strip() for sentence in re.split(r"(?<=[。！？\n])|(?<=[.!?])\s", body) if sentence.strip()
    ]
    words = [word for word in search_key(query).split() if len(word) > 1]
    fitting = (sentence for sentence in sentences if any(word in search_key(sentence) for word in words))
    chosen = next(fitting, sentences[0] if sentences else "")
    return chosen if len(chosen) <= SNIPPET else chosen[: SNIPPET - 1] + "…"
