"""Reading versions. What is current is kept in memory; a stamp row, asked at most once a second, says when to
forget.
"""

import time
from functools import lru_cache

from django.db import connection, transaction

from machi.ground.languages import pick

from .difference import sentences
from .models import Stamp, Version

STAMP_SECONDS = 1.0


class _Memory:
    """What this process knows of current versions, and the stamp under which it learnt it.

    `uncertain`: a transaction of this process published something and has not (yet) been committed.
    """

    def __init__(self):
        self.found, self.kinds, self.stamp, self.asked, self.uncertain = {}, {}, None, None, False

    def fresh(self):
        """(found, kinds) to read from and to fill; thrown away while something is uncertain."""
        if self.uncertain and connection.in_atomic_block:
            return {}, {}
        now = time.monotonic()
        if self.asked is None or self.uncertain or now - self.asked >= STAMP_SECONDS:
            stamp = Stamp.objects.values_list("value", flat=True).first()
            if stamp != self.stamp:
                self.found, self.kinds, self.stamp = {}, {}, stamp
            self.asked, self.uncertain = now, False
        return self.found, self.kinds


_memory = _Memory()


def forget():
    """Drop all that is kept in memory; the next reader asks the database."""
    _memory.__init__()
    _sealed.cache_clear()


def unsettle():
    """What is published changes in this transaction: nothing is kept in memory until it is committed."""
    _memory.uncertain = True
    transaction.on_commit(forget)


def current(kind, code):
    """The published Version of a definition, or None."""
    found, _kinds = _memory.fresh()
    key = (kind, code)
    if key not in found:
        found[key] = _published().filter(definition__kind=kind, definition__code=code).first()
    return found[key]


def current_all(kind):
    """The published Versions of a kind, by code."""
    _found, kinds = _memory.fresh()
    if kind not in kinds:
        kinds[kind] = list(_published().filter(definition__kind=kind).order_by("definition__code"))
    return list(kinds[kind])


def version(id):  # noqa: A002 the word of the field
    """The Version with this id; raises Version.DoesNotExist. Its contents never change, so they are kept."""
    try:
        return _sealed(str(id))
    except _StillDraft as draft:
        return draft.version


class _StillDraft(Exception):
    """Carries a draft past the cache: drafts may change."""

    def __init__(self, draft):
        super().__init__()
        self.version = draft


@lru_cache(maxsize=1024)
def _sealed(key):
    found = Version.objects.select_related("definition").get(pk=key)
    if found.status == "draft":
        raise _StillDraft(found)
    return found


def drafts():
    """Drafts that wait for somebody to publish them, oldest first."""
    return list(Version.objects.filter(status="draft").select_related("definition").order_by("created_at"))


def versions(kind, code):
    """All versions of a definition, newest first."""
    mine = Version.objects.filter(definition__kind=kind, definition__code=code)
    return list(mine.select_related("definition").order_by("-number"))


def count_published():
    """How many definitions are in force."""
    return Version.objects.filter(status="published").count()


def city():
    """The bundle of the city (code, name, phone, colour …); empty before a city is loaded."""
    cities = current_all("city")
    return cities[0].bundle if cities else {}


def difference(old, new):
    """What changes from `old` (a Version, or None) to `new`, as Japanese sentences; with what changes in the
    definitions it uses.
    """
    if old is None:
        return [f"新しい定義「{pick(new.title, 'ja')}」"]
    return _lines(old, new) or ["言葉の上の変わりはありません"]


def _lines(old, new):
    return [*sentences(old.source, new.source), *_used_differences(old, new)]


def _used_differences(old, new):
    lines = []
    for reference, digest in new.lock.items():
        if old.lock.get(reference) == digest:
            continue
        if reference.startswith("file:"):
            lines.append(f"ファイル「{reference.removeprefix('file:')}」の内容を変更")
        elif reference in old.lock:
            lines += _used_difference(reference, old.lock[reference], digest)
    return lines


def _used_difference(reference, before, after):
    kind, _slash, code = reference.partition("/")
    found = Version.objects.filter(definition__kind=kind, definition__code=code, digest__in=(before, after))
    by_digest = {version.digest: version for version in found.select_related("definition").order_by("number")}
    if before not in by_digest or after not in by_digest:
        return [f"使っている定義「{reference}」が新しくなる"]
    title = pick(by_digest[after].title, "ja")
    return [f"「{title}」で、{line}" for line in _lines(by_digest[before], by_digest[after])]


def _published():
    return Version.objects.filter(status="published").select_related("definition")
