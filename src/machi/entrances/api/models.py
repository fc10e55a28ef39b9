"""Programs that may write through the API."""

from django.db import models
from django.utils import timezone


class Program(models.Model):
    """Another program, known by a key of which only a digest is kept."""

    name = models.CharField(max_length=120, unique=True)
    key_digest = models.CharField(max_length=64, unique=True)
    procedures = models.JSONField(default=list, help_text="codes it may submit; empty means all public ones")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.name
