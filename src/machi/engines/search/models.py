"""What can be found."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from machi.ground.ids import new_id


class SearchEntry(models.Model):
    """One thing in one language, with the keys by which it is found. `kind` and `ref` name the thing."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=200)
    language = models.CharField(max_length=12)
    title = models.TextField()
    body = models.TextField(blank=True)
    words = models.JSONField(default=list)
    url = models.CharField(max_length=500, blank=True)
    door = models.CharField(max_length=40, blank=True)
    units = SearchVectorField()  # normalised words, their parts and readings
    grams = SearchVectorField()  # pairs of letters: finds what the dictionary cuts otherwise
    letters = models.TextField(blank=True)  # words in Latin letters, for spelling mistakes

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "ref", "language"], name="search_one_per_language"),
        )
        indexes = (
            GinIndex(fields=["units"], name="search_units"),
            GinIndex(fields=["grams"], name="search_grams"),
            GinIndex(OpClass("letters", name="gin_trgm_ops"), name="search_letters"),
        )

    def __str__(self):
        return f"{self.kind} {self.ref} ({self.language})"
