"""Taking files in, giving them owners, forgetting them."""

import hashlib
import logging
from datetime import timedelta

import filetype
from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from . import images, office, pdfs, storage
from .define import FileRefused, Received, kinds_in_words
from .models import Blob, FileLink
from .names import safe_name

log = logging.getLogger(__name__)
KEEP_UNUSED = timedelta(days=1)
MEGABYTE = 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, and files with a password
IMAGES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif", "image/avif"}
lazy_kinds = lazy(kinds_in_words, str)

EMPTY = _("ファイルの中身が空です。中身のあるファイルを選んでください。")
TOO_LARGE = _("ファイルが大きすぎます。%(max_mb)s MB までのファイルを選んでください。")
NOT_ACCEPTED = _("この形式のファイルは受け付けられません。%(kinds)sを選んでください。")
OLD_FORMAT = _(
    "古い形式（.doc・.xls）か、パスワードのかかったファイルです。"
    "パスワードを外し、.docx・.xlsx か PDF で保存したものを選んでください。"
)


def receive(upload, *, accept, max_mb, keep_place=False):
    """Take an uploaded file in: judge it by its content, make photos anew, store it.

    upload: has `name`, `size` and `read()`; accept: of "image", "pdf", "office". Returns Received. Raises
    FileRefused.
    """
    if upload.size > max_mb * MEGABYTE:
        raise FileRefused(TOO_LARGE, max_mb=max_mb)
    data = upload.read(max_mb * MEGABYTE + 1)
    if not data:
        raise FileRefused(EMPTY)
    data, mime, place = _judge(data, accept)
    name = safe_name(upload.name or "", mime)
    return Received(store(data, mime=mime, name=name), name, place if keep_place else None)


def _judge(data, accept):
    """(data, mime, place) as they may be stored. Raises FileRefused."""
    if "image" in accept and filetype.guess_mime(data[:8192]) in IMAGES:
        return images.remake(data)
    if "pdf" in accept and data.startswith(b"%PDF-"):
        pdfs.inspect(data)
        return data, "application/pdf", None
    if "office" in accept and office.is_archive(data) and (mime := office.inspect(data)):
        return data, mime, None
    if "office" in accept and data.startswith(OLD_OFFICE):
        raise FileRefused(OLD_FORMAT)
    raise FileRefused(NOT_ACCEPTED, kinds=lazy_kinds(tuple(accept)))


@transaction.atomic
def store(data, *, mime, name=""):
    """Keep a content the program itself made or has judged; the same content is kept once. Returns its Blob.

    `name` only lends its place in calls; contents have no names, links do. Attach the blob, or refer to it
    by a foreign key, within a day.
    """
    digest = hashlib.sha256(data).hexdigest()
    _lock(digest)
    blob = Blob(sha256=digest, size=len(data), mime=mime, path=storage.path_of(digest))
    Blob.objects.bulk_create(
        [blob], update_conflicts=True, unique_fields=["sha256"], update_fields=["used_at"]
    )
    storage.write(blob.path, data)
    return Blob.objects.get(sha256=digest)


def _lock(digest):
    """Storing and forgetting one content exclude each other until their transactions end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files:{digest}"])


@transaction.atomic
def attach(*, blob, owner, field, name, sensitivity="personal", place=None):
    """Give a content an owner, a field and a name. Returns the FileLink."""
    return FileLink.objects.create(
        blob=blob, owner=owner, field=field, name=name, sensitivity=sensitivity, position=place
    )


@transaction.atomic
def detach(*, link_id):
    """Take a file away from its owner; True if it was there."""
    return bool(FileLink.objects.filter(id=link_id).delete()[0])


@transaction.atomic
def drop(*, owner):
    """Take all files away from an owner (a draft that expired); returns how many."""
    return FileLink.objects.filter(owner=owner).delete()[0]


@transaction.atomic
def move(*, from_owner, to_owner):
    """Hand all files of one owner to another (a draft that became a case); returns how many."""
    return FileLink.objects.filter(owner=from_owner).update(owner=to_owner)


def purge_orphans():
    """Forget contents that nothing has referred to for a day, and files that no transaction ever confirmed.

    Returns how many were removed.
    """
    removed = 0
    for digest in list(_unused().values_list("sha256", flat=True)):
        removed += _forget(digest)
    for path in storage.older_than(KEEP_UNUSED.total_seconds()):
        removed += _forget_stray(path)
    return removed


def _unused():
    """Blobs that no row of any table refers to."""
    blobs = Blob.objects.filter(used_at__lt=timezone.now() - KEEP_UNUSED)
    for relation in Blob._meta.related_objects:  # noqa: SLF001  (Django's own way to ask)
        name = relation.field.name
        rows = relation.related_model.objects.filter(**{f"{name}__isnull": False})
        blobs = blobs.exclude(sha256__in=rows.values(name))
    return blobs


@transaction.atomic
def _forget(digest):
    _lock(digest)
    blob = _unused().filter(sha256=digest).first()
    if blob is None:
        return 0
    blob.delete()
    storage.remove(blob.path)
    return 1


@transaction.atomic
def _forget_stray(path):
    digest = path.rsplit("/", 1)[-1]
    _lock(digest)
    if Blob.objects.filter(sha256=digest).exists():
        return 0
    storage.remove(path)
    return 1
