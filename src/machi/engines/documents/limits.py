"""How often one address may ask in vain. Who asks for papers that exist is never held up before that."""

import hashlib

from django.core.cache import cache

WINDOW = 600  # seconds
IN_VAIN = 20  # unknown codes and files in one window, for one address and one server process


def is_limited(request):
    """Whether this address has asked in vain too often; then nothing is told, found or not."""
    return cache.get(_key(request), 0) >= IN_VAIN


def count_in_vain(request):
    """Count one more question in vain."""
    key = _key(request)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:  # it ran out between the two lines
        cache.set(key, 1, WINDOW)


def _key(request):
    """The address is kept as a digest, and only for the window."""
    digest = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()
    return f"documents:in_vain:{digest}"
