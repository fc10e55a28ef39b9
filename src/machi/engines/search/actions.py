"""Putting things into the index and taking them out."""

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Cast

from machi.engines.search.models import SearchEntry
from machi.engines.search.rules import keys_of


@transaction.atomic
def index(*, kind, ref, language, title, body="", words=(), url="", door=""):
    """Make the thing `kind`/`ref` findable in `language` (a Django code), in place of what was there.

    `words` are other names people use for it; they count like the title. Only what everyone may read belongs
    here.
    """
    keys = keys_of(title=title, words=words, body=body)
    SearchEntry.objects.update_or_create(
        kind=kind,
        ref=ref,
        language=language,
        defaults={
            "title": title,
            "body": body,
            "words": list(words),
            "url": url,
            "door": door,
            "units": Cast(Value(keys.units), SearchVectorField()),
            "grams": Cast(Value(keys.grams), SearchVectorField()),
            "letters": keys.letters,
        },
    )


@transaction.atomic
def remove(*, kind, ref):
    """Take the thing out of the index, in all languages."""
    SearchEntry.objects.filter(kind=kind, ref=ref).delete()
