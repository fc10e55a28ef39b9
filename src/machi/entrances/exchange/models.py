"""Forms that came in as files, as they came, with what could not be carried over."""

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
