"""Calling an address that somebody outside chose, without being led into our own network.

The name is looked up once; every address it has must be public, and exactly the one that was looked at is called.
Redirections are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings

SECONDS, MOST_ADDRESS = 10, 500


class Unreachable(Exception):
    """An address that may not be called, or did not answer; says why without telling what is inside."""


def check_address(address):
    """Raises Unreachable for an address that can never be called."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreachable("the address cannot be read") from None
    if len(address) > MOST_ADDRESS or not address.isascii() or any(letter.isspace() for letter in address):
        raise Unreachable("the address cannot be read")
    if parts.scheme not in (("https", "http") if settings.WEBHOOKS_INSIDE else ("https",)):
        raise Unreachable("the address must begin with https://")
    if not parts.hostname or parts.username or parts.password or port == 0:
        raise Unreachable("the address must name a host, and no user")
    return parts


def post(address, body, headers):
    """Send `body`; returns the status that came back. Raises Unreachable."""
    parts = check_address(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Pinned(parts.hostname, port, _look_up(parts.hostname, port), secure=parts.scheme == "https")
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"no answer ({type(error).__name__})") from None
    finally:
        connection.close()


def _look_up(host, port):
    """One address of `host`, all of which are public. Raises Unreachable."""
    try:
        found = [one[4][0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Unreachable("the host has no address") from None
    if not settings.WEBHOOKS_INSIDE and not all(_is_public(one) for one in found):
        raise Unreachable("the host is inside a private network")
    return found[0]


def _is_public(address):
    said = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(said, "ipv4_mapped", None) or getattr(said, "sixtofour", None) or said
    return inner.is_global and said.is_global and not inner.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to `address`, whatever the name says by then; over TLS the certificate must fit the name."""

    def __init__(self, host, port, address, *, secure):
        super().__init__(host, port, timeout=SECONDS)
        self.default_port = 443 if secure else 80
        self._address, self._secure = address, secure

    def connect(self):
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
