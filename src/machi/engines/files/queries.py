"""Reads over files."""

from .models import FileLink
from .storage import load


def links(owner, field=None):
    """The files of an owner (of one field), oldest first."""
    found = FileLink.objects.filter(owner=owner).select_related("blob").order_by("created_at", "id")
    return list(found.filter(field=field) if field is not None else found)


def link(link_id):
    """One file by its id. Raises FileLink.DoesNotExist. Whoever asks decides who may see it."""
    return FileLink.objects.select_related("blob").get(id=link_id)


def read(blob):
    """The content of a blob. Raises FileDamaged."""
    return load(blob.path, blob.sha256)
