"""Who is being served at which counter, what they came for, and the screen that faces them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.engines.files.public import Blob
from machi.ground.calendar import now
from machi.ground.ids import new_id


class Sitting(models.Model):
    """One person being served by one clerk (応対), for one errand or several.

    `clock` grows with every change that the facing screen shows. `shown` is the errand (its id) that both look at.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12, default="ja")
    identity = models.CharField(max_length=12, blank=True)
    plan_code = models.CharField(max_length=20, blank=True)
    shown = models.UUIDField(null=True, blank=True)
    clock = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(default=now, editable=False)
    touched_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clerk"], condition=Q(closed_at=None), name="one_sitting_of_a_clerk")
        ]

    def __str__(self):
        return f"sitting {self.id}"


class Errand(models.Model):
    """One thing the person came for (用件): an unsent form, and how the person agreed to what was typed into it.

    `asked_digest` is of the answers that the person was asked to confirm, `digest` of those they agreed to: what
    changes afterwards is not agreed to.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="errands")
    draft_id = models.UUIDField()
    code = models.CharField(max_length=120)
    page = models.CharField(max_length=40, blank=True)
    asked_digest = models.CharField(max_length=64, blank=True)
    objected = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    way = models.CharField(max_length=8, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "draft_id"], name="one_errand_of_a_draft")]

    def __str__(self):
        return f"{self.code} {self.draft_id}"

    @property
    def owner(self):
        """How other engines name the unsent form."""
        return f"draft:{self.draft_id}"


class Screen(models.Model):
    """A screen that faces people (画面). It shows its `code` until a clerk types it; its secret is kept as a digest."""

    token_digest = models.CharField(primary_key=True, max_length=64)
    code = models.CharField(max_length=8, unique=True)
    sitting = models.OneToOneField(
        Sitting, null=True, blank=True, on_delete=models.SET_NULL, related_name="screen"
    )
    seen_at = models.DateTimeField(default=now)

    def __str__(self):
        return self.code


class Stack(models.Model):
    """Paper that was scanned in one go (束): a PDF of many pages, or a photo."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=60, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    put_in_at = models.DateTimeField(default=now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.name


class Scan(models.Model):
    """One scanned page. `reason` says why it lies in the tray of `unit`; "" once it is with the thing of its `code`.

    A page of a draft or case is there once: the database refuses the second.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="scans")
    number = models.PositiveSmallIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=20, blank=True)
    page = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=12, default="unread")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stack", "number"], name="one_scan_of_a_place"),
            models.UniqueConstraint(fields=["code", "page"], condition=Q(reason=""), name="one_scan_of_a_page"),
        ]

    def __str__(self):
        return f"{self.code} {self.page}/{self.pages}"
