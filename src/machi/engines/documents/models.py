"""Running numbers, and the documents that were issued."""

import pgtrigger
from django.db import models
from django.db.models import Q

from machi.ground.ids import new_id

STATES = [("valid", "有効"), ("withdrawn", "取消し"), ("superseded", "差替え済み")]
_SEALED = (
    "owner", "code", "title", "template_digest", "sequence", "number", "verify_code", "shown",
    "issued_at", "unit", "office", "language", "issued_by",
)  # fmt: skip


def _ending(row):
    """What says that a document ended, of the row NEW or OLD."""
    return f"({row}.state, {row}.reason, {row}.superseded_by_id, {row}.ended_at)"


class Sequence(models.Model):
    """A running number. Its row stays locked until the transaction that drew from it ends, so no number is
    lost.
    """

    code = models.CharField(primary_key=True, max_length=200)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last__gte=0), name="sequence_counts_up")]
        triggers = [
            pgtrigger.Protect(name="sequence_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="sequence_goes_up",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.last <= OLD.last OR NEW.code <> OLD.code"),
            ),
        ]

    def __str__(self):
        return f"{self.code}: {self.last}"


class IssuedDocument(models.Model):
    """A document as it left the house. Never made again, never changed: a new issue supersedes it.

    `shown` is what the public page may tell: a list of {label: mapping or words, words}. Nothing else that
    the paper says is kept here; the paper itself is the blob. It is typeset from the manuscript after the
    transaction that drew the number, once; from then on its digest is sealed too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.CharField(max_length=200)
    code = models.CharField(max_length=120)
    title = models.JSONField()
    template_digest = models.CharField(max_length=64)
    sequence = models.CharField(max_length=200)
    number = models.CharField(max_length=150)
    verify_code = models.CharField(max_length=14, unique=True)
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    shown = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=STATES, default="valid")
    reason = models.CharField(max_length=500, blank=True, default="")
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded")
    ended_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)  # its paper is gone: its retention was over
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=100)
    unit = models.CharField(max_length=60)
    office = models.JSONField(default=dict)
    language = models.CharField(max_length=12, default="ja")

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(fields=["sequence", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=Q(state="valid", ended_at=None)
                | Q(state__in=("withdrawn", "superseded"), ended_at__isnull=False),
                name="document_end_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="withdrawal_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False),
                name="superseded_by_something",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-issued_at"], name="document_of_owner"),
            models.Index(fields=["blob"], name="document_by_digest"),
        ]
        triggers = [
            pgtrigger.Protect(name="document_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="document_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in _SEALED)
                ),
            ),
            pgtrigger.Protect(
                name="document_is_made_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.blob_id IS NOT NULL AND NEW.blob_id IS DISTINCT FROM OLD.blob_id"
                ),
            ),
            pgtrigger.Protect(
                name="document_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state <> 'valid' AND {_ending('NEW')} IS DISTINCT FROM {_ending('OLD')}"
                    " AND NOT (OLD.state = 'superseded' AND NEW.state = 'withdrawn')"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.number}"

    @property
    def sha256(self):
        """The digest of the PDF, in hexadecimal; None until it is made."""
        return self.blob_id


class Manuscript(models.Model):
    """What a document is typeset from, frozen when its number was drawn. Gone as soon as the paper is made."""

    document = models.OneToOneField(IssuedDocument, primary_key=True, on_delete=models.PROTECT)
    template = models.TextField()
    data = models.JSONField()
    issued = models.JSONField()

    class Meta:
        triggers = [pgtrigger.Protect(name="manuscript_never_changes", operation=pgtrigger.Update)]

    def __str__(self):
        return f"{self.document_id}"
