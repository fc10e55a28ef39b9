"""What the city told someone, and how it got there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.safestring import mark_safe

from machi.ground.calendar import now
from machi.ground.ids import new_id


class DeliveryState(models.TextChoices):
    """created → sending → sent | failed | unknown. Unknown: it may have arrived; only a person may send it
    again.
    """

    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


TROUBLED = (DeliveryState.UNKNOWN, DeliveryState.FAILED)


class Notice(models.Model):
    """One thing told to one recipient, in the words it was told in. `html` holds only p br ul ol li strong
    em a.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=250, unique=True)
    code = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=20, default="transactional")
    owner = models.CharField(max_length=200)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    in_inbox = models.BooleanField(default=False)
    language = models.CharField(max_length=12, default="ja")
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-created_at"], condition=Q(in_inbox=True), name="notices_inbox"),
            models.Index(fields=["owner"], name="notices_owner"),
        ]

    def __str__(self):
        return f"{self.code or 'plain'} {self.id}"

    @property
    def body(self):
        """The body as safe HTML; it was cleaned when it was told."""
        return mark_safe(self.html)  # noqa: S308


class Delivery(models.Model):
    """One way one notice travels. `address` is the one of that moment; our id is the Message-ID."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, default="mail")
    address = models.EmailField(max_length=254)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.CREATED)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="notices_delivery_state_known"
            ),
            models.UniqueConstraint(fields=["notice", "channel", "address"], name="notices_delivery_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=TROUBLED), name="notices_troubled")
        ]

    def __str__(self):
        return f"{self.channel} {self.id} ({self.state})"
