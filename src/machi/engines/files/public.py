"""The door of the files engine."""

from .actions import attach, detach, drop, move, purge_orphans, receive, store
from .define import FileDamaged, FileRefused, Received
from .models import Blob, FileLink
from .queries import link, links, read
from .storage import state
from .views import response, thumbnail

__all__ = [
    "Blob",
    "FileDamaged",
    "FileLink",
    "FileRefused",
    "Received",
    "attach",
    "detach",
    "drop",
    "link",
    "links",
    "move",
    "purge_orphans",
    "read",
    "receive",
    "response",
    "state",
    "store",
    "thumbnail",
]
