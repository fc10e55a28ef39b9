"""The door of the notices engine."""

from .actions import mail_plain, mark_sent, open_notice, resend, tell
from .define import Recipient
from .models import Delivery, Notice
from .queries import inbox, of_owner, troubled, unread
from .render import Rendered, render

__all__ = [
    "Delivery",
    "Notice",
    "Recipient",
    "Rendered",
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
