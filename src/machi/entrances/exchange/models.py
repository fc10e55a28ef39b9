"""What came in as files: forms, with what could not be carried over; applications that other systems took."""

import pgtrigger
from django.db import models

from machi.ground.calendar import now
from machi.ground.ids import new_id


class FormArrival(models.Model):
    """An XLSForm that became a manuscript. `notes` [[sheet, line, words]] say what has no place in it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    manuscript = models.UUIDField()
    code = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    notes = models.JSONField(default=list)
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-at"]
        triggers = [pgtrigger.Protect(name="form_as_it_came", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self):
        return f"{self.title} ({self.name})"


class ApplicationFile(models.Model):
    """A file of applications that another system took. The file itself is kept by the files engine, as it came."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-at"]
        triggers = [pgtrigger.Protect(name="file_of_applications_stays", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self):
        return self.name

    @property
    def owner(self):
        """How the files engine names it."""
        return f"applications:{self.id}"


class Filed(models.Model):
    """An application of another system that became a case: once, whatever files it comes in."""

    source = models.CharField(max_length=120)
    reference = models.CharField(max_length=60)
    case = models.UUIDField()
    file = models.ForeignKey(ApplicationFile, on_delete=models.PROTECT, related_name="filed")
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "reference"], name="application_filed_once")]
        triggers = [pgtrigger.Protect(name="filed_stays", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self):
        return f"{self.source}/{self.reference}"
