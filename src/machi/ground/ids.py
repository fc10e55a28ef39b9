"""Identifiers: for rows, for people to read out, and for secrets."""

import hashlib
import re
import secrets
import unicodedata

import uuid_utils.compat as uuids

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs, a prime: no 0 O 1 I L
LENGTH = 12
GROUP = 4


def new_id():
    """A new row id: UUID version 7, so that ids grow with time (RFC 9562)."""
    return uuids.uuid7()


def reference_code():
    """A new number for people, drawn at random: three groups of four signs, the last sign being a check
    digit.

    About 54 bits, so that it can be neither guessed nor counted; unique by the database's constraint, not by
    luck.
    """
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH - 1))
    return _grouped(signs + _check_sign(signs))


def check_reference(text):
    """`text` as the canonical code (XXXX-XXXX-XXXX) if its check digit agrees, else None.

    Small letters, full width, spaces and missing hyphens are accepted. Every wrong sign and every swap of two
    neighbours is caught.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    signs = "".join(sign for sign in plain if sign not in "-‐−–—ー \t")
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        return None
    return _grouped(signs) if _check_sign(signs[:-1]) == signs[-1] else None


def code_within(text):
    """The canonical code in what a scanner typed: a code, or an address that ends in one; None without.

    Keyboards in another layout garble hyphens and slashes: only letters and figures are looked at then.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    last = re.split(r"[^0-9A-Z]*[/?&=#][^0-9A-Z]*", plain.rstrip("/"))[-1]
    signs = re.sub(r"[^0-9A-Z]", "", plain)
    tries = (plain, last, signs, signs[-LENGTH:])
    return next((code for code in map(check_reference, tries) if code), None)


def _check_sign(signs):
    """Weights 2, 3, 4 … modulo the prime 31, the check sign having weight 1: all single errors and all swaps
    show.
    """
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(reversed(signs), start=2))
    return ALPHABET[-total % len(ALPHABET)]


def _grouped(signs):
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def secret_token():
    """A new secret for links and keys: 256 bits, safe in addresses. Keep only its `token_digest`."""
    return secrets.token_urlsafe(32)


def token_digest(token):
    """The SHA-256 of a secret token in hexadecimal: what the database keeps instead of the token."""
    return hashlib.sha256(token.encode()).hexdigest()
