"""Cases and what belongs to them."""

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from machi.engines.definitions.public import Version, version
from machi.ground.calendar import now
from machi.ground.ids import new_id
from machi.ground.text import search_key

STATUSES = (
    "submitted",
    "accepted",
    "working",
    "awaiting_applicant",
    "awaiting_third_party",
    "suspended",
    "decided",
    "closed",
    "withdrawn",
    "void",
)
ENDED = ("closed", "withdrawn", "void")


class Case(models.Model):
    """One application, from the moment it is sent. Its definition version never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    reference = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=24, choices=[(s, s) for s in STATUSES], default="submitted")
    result = models.CharField(max_length=24, blank=True)
    unit = models.CharField(max_length=60)
    revision = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=12, default="web")
    language = models.CharField(max_length=12, default="ja")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(blank=True)
    applicant = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    drafter = models.JSONField(null=True, blank=True)  # who wrote an internal case, and in which post, that day
    assurance = models.CharField(max_length=12, default="none")
    link_round = models.PositiveIntegerField(default=1)
    place = models.PointField(srid=4326, null=True, blank=True, spatial_index=False)
    sample = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    paused_on = models.DateField(null=True, blank=True)
    stopped_days = models.PositiveIntegerField(default=0)  # how long the clock has stood still, in the promise's days
    closed_at = models.DateTimeField(null=True, blank=True)
    retention_until = models.DateField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True)  # its content is gone: its retention was over
    words = models.TextField(blank=True, editable=False)  # the keys of what staff search a case by

    class Meta:
        indexes = [
            models.Index(fields=["unit", "status", "due_on"]),
            models.Index(
                fields=["account", "-submitted_at"],
                condition=Q(account__isnull=False),
                name="case_of_account",
            ),
            models.Index(
                KeyTransform("account", "drafter"),
                condition=Q(drafter__isnull=False),
                name="case_of_drafter",
            ),
            models.Index(fields=["-submitted_at"]),
            models.Index(fields=["code", "-submitted_at"]),
            GinIndex(fields=["words"], opclasses=["gin_trgm_ops"], name="case_words"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep_case", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="pin_version", fields=["version", "code", "reference", "submitted_at", "drafter"]),
        ]

    def __str__(self):
        return self.number or self.reference

    def save(self, **options):
        said = (self.number, self.reference, self.applicant, self.subject)
        self.words = "\n".join(search_key(text) for text in said)
        super().save(**options)

    @property
    def definition(self):
        """The version of the procedure this case is pinned to (kept in memory: it never changes)."""
        return version(self.version_id)

    @property
    def owner(self):
        """How other engines name this case."""
        return f"case:{self.id}"

    @property
    def written_by(self):
        """The account of whoever wrote it: the drafter of an internal case, else who applied."""
        return self.drafter["account"] if self.drafter else self.account_id

    @property
    def is_open(self):
        """Whether anything can still happen."""
        return self.status not in ENDED


class AnswerRevision(models.Model):
    """The answers as they stood at one moment; the highest `n` is what counts now."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    n = models.PositiveIntegerField()
    answers = models.JSONField()
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "n"], name="one_answer_revision")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.case_id}/{self.n}"


class Step(models.Model):
    """One step of one case, as it was opened and finished."""

    STATES = ("active", "done", "returned", "skipped", "cancelled")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=80)  # of the case: the queue is asked by unit and procedure
    key = models.CharField(max_length=40)
    round = models.PositiveIntegerField(default=1)
    type = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=[(s, s) for s in STATES], default="active")
    unit = models.CharField(max_length=60, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    resume = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    opened_at = models.DateTimeField(default=now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"], condition=Q(state="active"), name="one_active_step"
            ),
            models.UniqueConstraint(fields=["case", "key", "round"], name="one_step_round"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_on", "id"],
                include=["code", "type", "claimed_by"],
                condition=Q(state="active"),
                name="step_queue",
            ),
            models.Index(fields=["claimed_by"], condition=Q(state="active"), name="step_mine"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.key}#{self.round}"


class Party(models.Model):
    """Who takes part in a case, and as what. Who is asked to sign, is asked in one round (`step`).

    An answer given stands: a changed application opens another round, and the old one stays readable.
    """

    ROLES = ("applicant", "agent", "guardian", "household", "cosigner")
    STATES = ("named", "waiting", "consented", "refused")
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=[(r, r) for r in ROLES])
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=12, default="ja")
    assurance = models.CharField(max_length=12, default="none")
    state = models.CharField(max_length=12, choices=[(s, s) for s in STATES], default="named")
    reason = models.TextField(blank=True)
    consent_digest = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    link_round = models.PositiveIntegerField(default=1)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="keep_party", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="answer_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.role}"


class Link(models.Model):
    """Two cases that belong together; or a duplicate (`case`) that goes on in another (`other`)."""

    KINDS = ("related", "merged")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    resume = models.CharField(max_length=40, blank=True)  # the step from which an un-merged duplicate goes on
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(case=models.F("other")), name="link_of_two_cases"),
            models.UniqueConstraint(fields=["case", "other"], condition=Q(undone_at=None), name="one_link"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(undone_at=None, kind="merged"), name="merged_into_one"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep_link", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.case_id} {self.kind} {self.other_id}"


class Group(models.Model):
    """Cases that are handled together: of one visit, one event, one household. `key`: what made it, if no person."""

    KINDS = ("visit", "event", "household", "other")
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS], default="other")
    key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    cases = models.ManyToManyField(Case, related_name="groups")
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=now, editable=False)

    def __str__(self):
        return self.title


class Digest(models.Model):
    """Who of the staff does not want the daily mail of what waits for them."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    off = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.account_id} {'off' if self.off else 'on'}"


class Decision(models.Model):
    """A decision in law: result, reasons, basis, how to appeal, and who decided."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    result = models.CharField(max_length=24)
    reasons = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    appeal = models.TextField(blank=True)
    post = models.CharField(max_length=120)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=now, editable=False)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        triggers = [pgtrigger.Protect(name="decision_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.case_id} {self.result}"


class Publication(models.Model):
    """What of a case the public may read: only what staff wrote for it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="publication")
    code = models.CharField(max_length=80)
    topic = models.CharField(max_length=200, blank=True)
    question = models.TextField()
    answer = models.TextField()
    unit = models.CharField(max_length=60)
    at = models.DateTimeField(default=now, editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.question[:40]


class Command(models.Model):
    """A command that was carried out: its id makes repeating it harmless."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="commands")
    verb = models.CharField(max_length=24)
    source = models.CharField(max_length=60, blank=True, db_index=True)
    actor = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["-at"])]

    def __str__(self):
        return f"{self.verb} {self.id}"


class Handing(models.Model):
    """Cases handed over to another system (引渡し) in one file, which stays as it was: `digest` is its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=120)
    key = models.CharField(max_length=60)
    day = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField()
    total = models.BigIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["code", "key", "-at"], name="procedures_handings")]
        triggers = [pgtrigger.Protect(name="handing_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.code} {self.key} {self.at:%Y-%m-%d}"

    @property
    def owner(self):
        """Whose file it is."""
        return f"handing:{self.id}"


class Handed(models.Model):
    """A step of a case that has been handed over by this list; never twice."""

    handing = models.ForeignKey(Handing, models.PROTECT, related_name="steps")
    key = models.CharField(max_length=60)
    step = models.ForeignKey(Step, models.CASCADE, related_name="handed")

    class Meta:
        constraints = [models.UniqueConstraint("key", "step", name="procedures_handed_once")]

    def __str__(self):
        return f"{self.handing} {self.step}"
