"""Contents, each kept once, and the links that give them owners and names."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from machi.engines.audit.define import SENSITIVITIES
from machi.ground.calendar import now
from machi.ground.ids import new_id


class Blob(models.Model):
    """One content. Removed a day after nothing refers to it any more: neither a link nor any foreign key."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=100)
    path = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.mime} {self.sha256[:12]}"


class FileLink(models.Model):
    """A file as its owner sees it. `position` is where a photo was made, kept only where the service asks
    for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="links")
    owner = models.CharField(max_length=200)
    field = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    sensitivity = models.CharField(max_length=10, default="personal")
    position = models.JSONField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sensitivity__in=SENSITIVITIES), name="files_sensitivity_known")
        ]
        indexes = [models.Index(fields=["owner", "field"], name="files_owner_field")]

    def __str__(self):
        return f"{self.owner} {self.field} {self.id}"

    @property
    def is_image(self):
        """Whether it can be shown as a picture."""
        return self.blob.mime.startswith("image/")
