"""Binders, the documents in them, how they went out, what holds them, and the lists by which they go."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from machi.engines.audit.define import SENSITIVITIES
from machi.engines.filing.define import DISCLOSURES, KEEPS, THENS
from machi.ground.calendar import now
from machi.ground.ids import new_id
from machi.ground.text import search_key

KINDS = ("received", "draft", "material", "case")
STATES = ("open", "completed", "destroyed", "archived")
HANDLINGS = ("ordinary", "urgent", "registered", "confidential")
SEALS = ("none", "omitted", "stamped", "signed")
WAYS = ("post", "mail", "hand", "notice", "online")
CHOICES = ("destroy", "extend", "transfer")
OPEN_LISTS = ("drafted", "proposed", "confirmed")
LIST_STATES = (*OPEN_LISTS, "done", "withdrawn")
OUTCOMES = ("", "destroyed", "extended", "transferred", "kept")


def _one_of(name, values, column):
    return models.CheckConstraint(condition=Q(**{f"{column}__in": values}), name=f"filing_{name}_known")


class Binder(models.Model):
    """簿冊: what one unit files under one class in one fiscal year. `holder` is the unit that answers for it now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.CharField(max_length=60)
    holder = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    code = models.CharField(max_length=6)
    title = models.CharField(max_length=120)
    keep = models.CharField(max_length=10)
    then = models.CharField(max_length=10)
    disclosure = models.CharField(max_length=10, default="open")
    listed = models.BooleanField(default=True)  # in the public catalogue of binders
    place = models.CharField(max_length=120, blank=True)  # where its paper stands
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "year", "code", "title", name="filing_binder_once"),
            _one_of("binder_keep", KEEPS, "keep"),
            _one_of("binder_then", THENS, "then"),
        ]
        indexes = [models.Index("holder", "year", "code", name="filing_binders")]
        triggers = [
            pgtrigger.Protect(name="binder_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="binder_stays_itself", fields=["unit", "year", "code", "opened_at", "opened_by"]),
        ]

    def __str__(self):
        return self.title


class Document(models.Model):
    """文書: what was received, drafted, made or dealt with, from its registration to its end.

    `owner` names the thing of another engine that this stands for ("case:…"). Who changed what stands in its
    stream of the audit, encrypted, so that a lawful destruction reaches it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    unit = models.CharField(max_length=60)
    holder = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    number = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 (nothing is not an owner twice)
    binder = models.ForeignKey(Binder, on_delete=models.PROTECT, related_name="documents")
    code = models.CharField(max_length=6)
    subject = models.CharField(max_length=300, blank=True)
    correspondent = models.CharField(max_length=200, blank=True)
    their_number = models.CharField(max_length=80, blank=True)
    dated_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    answer_by = models.DateField(null=True)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    disclosure = models.CharField(max_length=10)
    disclosure_basis = models.CharField(max_length=200, blank=True)
    sensitivity = models.CharField(max_length=10, default="internal")
    handling = models.CharField(max_length=12, default="ordinary")
    drafter = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120, blank=True)  # where the paper is, if there is paper
    note = models.TextField(blank=True)
    registered_by = models.CharField(max_length=80)
    registered_name = models.CharField(max_length=120)
    registered_at = models.DateTimeField(default=now, editable=False)
    keep = models.CharField(max_length=10)
    completed_on = models.DateField(null=True)
    kept_until = models.DateField(null=True)
    state = models.CharField(max_length=10, default="open")
    gone_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    words = models.TextField(blank=True, editable=False)  # the keys of what it is searched by

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "unit", "year", "number", condition=~Q(number="") & Q(kind="received"), name="filing_number_once"
            ),
            _one_of("kind", KINDS, "kind"),
            _one_of("state", STATES, "state"),
            _one_of("disclosure", DISCLOSURES, "disclosure"),
            _one_of("handling", HANDLINGS, "handling"),
            _one_of("sensitivity", SENSITIVITIES, "sensitivity"),
            models.CheckConstraint(
                condition=Q(state="open", completed_on=None) | ~Q(state="open") & Q(completed_on__isnull=False),
                name="filing_completed_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("destroyed", "archived"), gone_on__isnull=False)
                | Q(state__in=("open", "completed"), gone_on=None),
                name="filing_gone_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | Q(subject="", correspondent="", note="", words=""),
                name="filing_destroyed_says_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "-registered_at"], name="filing_documents"),
            models.Index(F("holder"), F("kept_until"), condition=Q(state="completed"), name="filing_due"),
            models.Index("binder", "registered_at", name="filing_in_binder"),
            GinIndex(fields=["words"], opclasses=["gin_trgm_ops"], name="filing_words"),
        ]
        triggers = [
            pgtrigger.Protect(name="document_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="document_stays_itself",
                fields=["kind", "unit", "year", "number", "owner", "registered_at", "registered_by"],
            ),
            pgtrigger.Protect(
                name="gone_stays_gone",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="destroyed"),
            ),
        ]

    def __str__(self):
        return self.number or self.subject

    def save(self, **options):
        said = (self.number, self.their_number, self.subject, self.correspondent)
        self.words = "" if self.state == "destroyed" else "\n".join(search_key(text) for text in said if text)
        super().save(**options)

    @property
    def stream(self):
        """How other engines name this document: its files, its chain, who read it."""
        return f"filing:{self.id}"

    @property
    def is_kept(self):
        """Whether its content is still here."""
        return self.state != "destroyed"


class Issue(models.Model):
    """施行: a document went out, with its number, to whom, under which seal. Only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="issues")
    number = models.CharField(max_length=80)
    unit = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    issued_on = models.DateField()
    addressee = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=120)
    seal = models.CharField(max_length=10)
    way = models.CharField(max_length=10)
    proofread_by = models.CharField(max_length=120)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "year", "number", name="filing_issue_number_once"),
            _one_of("seal", SEALS, "seal"),
            _one_of("way", WAYS, "way"),
        ]
        triggers = [pgtrigger.Protect(name="issue_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return self.number


class Hold(models.Model):
    """Why a document, or all of a binder, may not be destroyed now. `owner`: the case that asks for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="holds")
    binder = models.ForeignKey(Binder, null=True, on_delete=models.PROTECT, related_name="holds")
    owner = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=now, editable=False)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_name = models.CharField(max_length=120, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(document=None, binder__isnull=False) | Q(document__isnull=False, binder=None),
                name="filing_hold_of_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="filing_hold_has_reason"),
            models.UniqueConstraint(
                "document", "owner", condition=Q(lifted_at=None) & ~Q(owner=""), name="filing_hold_once_by_case"
            ),
        ]
        indexes = [models.Index(F("owner"), condition=~Q(owner=""), name="filing_hold_of_case")]
        triggers = [
            pgtrigger.Protect(name="hold_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="lifted_hold_stays", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__lifted_at=None)
            ),
        ]

    def __str__(self):
        return self.reason


class Connection(models.Model):
    """A case concerns this document: a request for disclosure, an appeal, an answer."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="connections")
    owner = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("owner", "document", name="filing_connected_once")]

    def __str__(self):
        return f"{self.owner} {self.document_id}"


class Disposal(models.Model):
    """A list of what goes: made by one, confirmed by another, carried out, closed with a certificate."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.CharField(max_length=60)
    code = models.CharField(max_length=6, default="", editable=False)  # for rights: a list is of every class
    year = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="drafted")
    made_by = models.CharField(max_length=80)
    made_name = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=now, editable=False)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_name = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)  # why it was sent back
    done_at = models.DateTimeField(null=True)
    certificate = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", condition=Q(state__in=OPEN_LISTS), name="filing_one_open_list"),
            _one_of("disposal", LIST_STATES, "state"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("made_by")), name="filing_second_person"),
            models.CheckConstraint(
                condition=~Q(state__in=("confirmed", "done")) | ~Q(confirmed_by=""), name="filing_confirmed_by_somebody"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="disposal_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended_disposal_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("done", "withdrawn")),
            ),
            pgtrigger.ReadOnly(name="disposal_stays_itself", fields=["unit", "year", "made_by", "made_at"]),
        ]

    def __str__(self):
        return f"{self.unit} {self.year} ({self.state})"

    @property
    def stream(self):
        """How other engines name this list."""
        return f"disposal:{self.id}"


class Line(models.Model):
    """One binder of a list, and what shall become of what is due in it."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="lines")
    binder = models.ForeignKey(Binder, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("disposal", "binder", name="filing_line_once"),
            _one_of("choice", CHOICES, "choice"),
        ]

    def __str__(self):
        return f"{self.binder_id} {self.choice}"


class Item(models.Model):
    """One document of a line, pinned when the list was made: what the second person confirms is what goes."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="items")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="items")
    outcome = models.CharField(max_length=12, blank=True)
    why = models.CharField(max_length=20, blank=True)  # why it was kept after all

    class Meta:
        constraints = [
            models.UniqueConstraint("line", "document", name="filing_item_once"),
            _one_of("outcome", OUTCOMES, "outcome"),
        ]
        indexes = [models.Index("line", condition=Q(outcome=""), name="filing_items_waiting")]
        triggers = [
            pgtrigger.Protect(
                name="outcome_stays", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__outcome="")
            )
        ]

    def __str__(self):
        return f"{self.document_id} {self.outcome}"
