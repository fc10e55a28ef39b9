"""Definitions, their versions, and the ledger of their field keys."""

import json

import pgtrigger
from django.db import models
from django.db.models import F, Q

from machi.ground.ids import new_id

STATUSES = [("draft", "下書き"), ("published", "公開"), ("superseded", "旧版"), ("withdrawn", "取下げ")]
_SEALED = (
    "definition_id",
    "number",
    "source",
    "bundle",
    "digest",
    "lock",
    "assets",
    "schema",
    "author",
    "approver",
    "published_at",
)


class OrderedJSON(models.TextField):
    """JSON kept as the text it was written in, so that the order of keys stays as in the file (jsonb loses
    it).
    """

    def from_db_value(self, value, expression, connection):
        return None if value is None else json.loads(value)

    def to_python(self, value):
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))


class Definition(models.Model):
    """One thing a city can do or say, by kind and code; what it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="definition_once")]
        triggers = [pgtrigger.Protect(name="definition_stays", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self):
        return f"{self.kind}/{self.code}"


class Version(models.Model):
    """One version of a definition. Once published, what it says never changes (a trigger sees to that).

    `source` is the tree of the file after overlays, every scalar a text; `bundle` what engines read; `lock`
    the digest of every definition and file it was compiled with; `assets` the texts of files beside it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=STATUSES)
    source = OrderedJSON()
    bundle = OrderedJSON()
    digest = models.CharField(max_length=64)
    lock = OrderedJSON()
    assets = OrderedJSON(default=dict)
    origin = OrderedJSON(default=list)
    schema = models.PositiveSmallIntegerField(default=1)
    compat = models.CharField(max_length=10, default="none")
    difference = OrderedJSON(default=list)
    tests = OrderedJSON(default=dict)
    author = models.CharField(max_length=100)
    author_name = models.CharField(max_length=200, default="", blank=True)
    approver = models.CharField(max_length=100, default="", blank=True)
    approver_name = models.CharField(max_length=200, default="", blank=True)
    note = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["definition", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["definition"], condition=Q(status="draft"), name="one_draft"),
            models.UniqueConstraint(fields=["definition"], condition=Q(status="published"), name="one_published"),
            models.CheckConstraint(condition=~Q(author=F("approver")), name="published_by_two"),
            models.CheckConstraint(
                condition=~Q(status="published") | (Q(published_at__isnull=False) & ~Q(approver="")),
                name="published_has_approver",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="version_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'draft' AND ("
                    + " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in _SEALED)
                    + ")"
                ),
            ),
            pgtrigger.Protect(
                name="status_goes_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.status IN ('superseded', 'withdrawn') AND NEW.status <> OLD.status)"
                    " OR (OLD.status = 'published' AND NEW.status = 'draft')"
                    " OR (OLD.status = 'draft' AND NEW.status = 'superseded'))"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.definition}@{self.number}"

    @property
    def kind(self):
        return self.definition.kind

    @property
    def code(self):
        return self.definition.code

    @property
    def title(self):
        """The title: a mapping of language tags to words."""
        return self.bundle["title"]


class FieldLedger(models.Model):
    """The type a field key has, for ever: a key is never given to something else, even after its field is
    gone.
    """

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="ledger")
    key = models.CharField(max_length=200)
    type = models.CharField(max_length=40)
    first_number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "key"], name="ledger_key_once")]
        triggers = [pgtrigger.Protect(name="ledger_stays", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.definition} {self.key}: {self.type}"


class Stamp(models.Model):
    """One row that changes with every publication, so that all processes see when to read again."""

    value = models.UUIDField(default=new_id)

    def __str__(self):
        return str(self.value)


class Manuscript(models.Model):
    """A definition while somebody writes it at the screen; it may be broken. Nobody else reads it.

    `bundle` is what its last sound revision compiled to (None before the first); `at` the number of the
    revision that holds; `clock` grows with every change, so that two writers notice each other. `base` is the
    version it goes on from (None: a new definition), `handed` the draft that revision `handed_at` was handed
    over as. Once that is published, or nobody wants it any more, it is closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=120)
    at = models.PositiveIntegerField(default=0)
    clock = models.PositiveIntegerField(default=1)
    bundle = OrderedJSON(null=True)
    assets = OrderedJSON(default=dict)
    base = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    handed = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], condition=Q(closed_at=None), name="one_open_manuscript")
        ]

    def __str__(self):
        return f"{self.kind}/{self.code}"

    @property
    def revision(self):
        """The Revision that holds."""
        return self.revisions.get(number=self.at)


class Revision(models.Model):
    """One state of a manuscript, with who made it and what was done; `parent` is the state before it."""

    manuscript = models.ForeignKey(Manuscript, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.PositiveIntegerField(null=True)
    source = OrderedJSON()
    did = models.CharField(max_length=60)
    author = models.CharField(max_length=100)
    author_name = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["manuscript", "number"], name="revision_once")]
        triggers = [pgtrigger.Protect(name="revision_stays", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self):
        return f"{self.manuscript} #{self.number}"
