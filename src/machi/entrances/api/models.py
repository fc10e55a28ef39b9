"""Programs that may write through the API, and where they want to be told."""

from django.db import models
from django.utils import timezone

from machi.ground.ids import new_id


class Program(models.Model):
    """Another program, known by a key of which only a digest is kept."""

    name = models.CharField(max_length=120, unique=True)
    key_digest = models.CharField(max_length=64, unique=True)
    procedures = models.JSONField(default=list, help_text="codes it may submit; empty means all public ones")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.name


class Webhook(models.Model):
    """An address at which a program wants to be told. `procedures`: of which (empty: all it may see).

    Its secret is worked out from the installation's and `round`; a new one is made by the next round.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="webhooks")
    address = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    procedures = models.JSONField(default=list)
    round = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "address"], condition=models.Q(ended_at__isnull=True), name="webhook_address_once"
            )
        ]

    def __str__(self):
        return f"{self.program}: {self.address}"
