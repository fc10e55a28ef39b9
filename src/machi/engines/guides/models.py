"""What somebody has to do, and how far they are."""

from django.db import models

from machi.engines.questions.public import Draft
from machi.ground.ids import new_id, reference_code


class Plan(models.Model):
    """One person's list. The answers it comes of are a draft; it goes when the draft goes.

    `code` is drawn at random and opens the list, at the counter or on another phone. `done` are the keys of the tasks
    marked as done; `begun` says which unsent application was begun for a task ({task: "draft:<id>"}).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="plan")
    code = models.CharField(max_length=20, unique=True, default=reference_code)
    done = models.JSONField(default=list)
    begun = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.draft.code} {self.code}"
