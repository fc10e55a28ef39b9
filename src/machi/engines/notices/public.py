"""The door of the notices engine."""

from .actions import forget, mail_plain, mark_sent, open_notice, resend, tell
from .define import Recipient
from .models import Delivery, Notice
from .queries import inbox, of_owner, troubled, unread
from .render import Rendered, render

__all__ = [
    "Delivery",
    "Notice",
    "Recipient",
    "Rendered",
    "forget",
    "inbox",
    "mail_plain",
    "mark_sent",
    "of_owner",
    "open_notice",
    "render",
    "resend",
    "tell",
    "troubled",
    "unread",
]
