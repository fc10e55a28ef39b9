"""Ed25519 signatures (RFC 8032): the key of this city, and whether a signature is good."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

WHAT = b"machi-package-1\n"  # a signature over a package is never one over something else


def own_key():
    """The public key of this city, in hexadecimal digits."""
    return _private().public_key().public_bytes_raw().hex()


def sign(manifest):
    """The signature of this city over the bytes of a manifest, in hexadecimal digits."""
    return _private().sign(WHAT + manifest).hex()


def is_signed(manifest, key, signature):
    """Whether `signature` over `manifest` was made with the private half of `key`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), WHAT + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(key):
    """A key in short, to compare on the telephone: four times four digits."""
    digits = hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]
    return " ".join(digits[place : place + 4] for place in range(0, 16, 4))


def _private():
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(settings.PACKAGE_KEY.encode()).digest())
