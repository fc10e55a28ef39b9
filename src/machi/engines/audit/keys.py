"""Keys of the personal parts: one data key for each stream, wrapped by the installation's key.

AES-256-GCM (NIST SP 800-38D) throughout; a nonce of 12 random bytes stands before each ciphertext.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


class KeyMismatch(Exception):
    """The installation's key is not the one that this data was locked with."""


def new_wrapped(stream):
    """A new data key for `stream`, wrapped for storage."""
    return lock(installation_key(), AESGCM.generate_key(256), stream)


def unwrap(wrapped, stream):
    """The data key of `stream`; raises KeyMismatch when the installation's key is another."""
    return unlock(installation_key(), wrapped, stream)


def lock(key, plain, context):
    """Encrypt `plain` bytes; `context` says where they belong, so that a ciphertext cannot be moved."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unlock(key, locked, context):
    """The plain bytes; raises KeyMismatch for a wrong key, a changed ciphertext or another context."""
    locked = bytes(locked)
    try:
        return AESGCM(key).decrypt(locked[:NONCE], locked[NONCE:], context.encode())
    except InvalidTag as error:
        raise KeyMismatch(
            f"cannot decrypt {context}: restore <data>/secrets/audit.key from the backup"
        ) from error


def installation_key():
    """The 32 bytes in <data>/secrets/audit.key; made at first use, the same for all processes."""
    return _read_key(settings.DATA / "secrets" / "audit.key")


@lru_cache(maxsize=4)
def _read_key(path):
    if not path.exists():
        _make_key(path)
    return bytes.fromhex(path.read_text().strip())


def _make_key(path):
    """Write a new key so that two processes starting together agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(AESGCM.generate_key(256).hex())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        draft.unlink()
