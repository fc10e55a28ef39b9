"""Forms that are not sent yet."""

from django.conf import settings
from django.db import models

from machi.engines.definitions.public import Version
from machi.ground.ids import new_id, reference_code


class Draft(models.Model):
    """What somebody has filled in so far. It belongs to an account, or to whoever holds the mailed token.

    `revision` grows with every save; the token is kept only as a hash. It waits up to and including
    `expires_on`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=120)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    email = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=12, default="ja")
    answers = models.JSONField(default=dict)
    page = models.CharField(max_length=40, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    expires_on = models.DateField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-updated_at"], name="draft_of_account")]

    def __str__(self):
        return f"{self.code} {self.id}"

    @property
    def owner(self):
        """How other engines name this draft."""
        return f"draft:{self.id}"


class RecallCode(models.Model):
    """The code by which staff call up an unsent form: at the counter, and when its paper comes back.

    It outlives the form, so that paper which comes late still finds the case that the form became.
    """

    code = models.CharField(primary_key=True, max_length=20, default=reference_code)
    draft_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.code
