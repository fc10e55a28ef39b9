"""Contents on the disk: <DATA>/files/ab/cd/<sha256>, each written whole or not at all."""

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from .define import FileDamaged


def root():
    """The folder that holds all contents."""
    return Path(settings.DATA) / "files"


def path_of(sha256):
    """Where a content lies, relative to the root."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def write(relative, data):
    """Write `data` if it is not there: to a temporary name, to the platter, then renamed."""
    target = root() / relative
    if target.exists() and target.stat().st_size == len(data):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load(relative, sha256):
    """The content. Raises FileDamaged if it is missing or is not what was stored."""
    try:
        data = (root() / relative).read_bytes()
    except FileNotFoundError as error:
        raise FileDamaged(f"{sha256} is missing") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileDamaged(f"{sha256} has another content")
    return data


def remove(relative):
    """Forget a content; nothing happens if it is not there."""
    (root() / relative).unlink(missing_ok=True)


def older_than(seconds):
    """Paths relative to the root of everything last written more than `seconds` ago, half-written files
    too.
    """
    limit = time.time() - seconds
    for path in root().glob("??/??/*"):
        with suppress(FileNotFoundError):  # a half-written file that has just got its name
            if path.stat().st_mtime < limit:
                yield path.relative_to(root()).as_posix()


def state():
    """For the health page: {"writable": bool, "free_bytes": int}."""
    folder = root()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            writable = True
    except OSError:
        return {"writable": False, "free_bytes": 0}
    return {"writable": writable, "free_bytes": shutil.disk_usage(folder).free}
