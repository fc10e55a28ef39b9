"""How much a phone must fetch before a resident can read: 60 KB at most, an alert page 30 KB, compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db


def compressed(data):
    return len(gzip.compress(data, 6))


def fetched(html):
    """The page, and every style, script and drawing it names, compressed."""
    named = {
        address.partition("#")[0].removeprefix("/static/")
        for address in re.findall(r"(?:href|src)=\"(/static/[^\"]+)\"", html)
    }
    parts = {"page": compressed(html.encode())}
    for name in named:
        parts[name] = compressed(Path(finders.find(name)).read_bytes())
    return parts


@pytest.mark.parametrize("name", ["home", "procedure", "filling", "receipt"])
def test_a_residents_page_weighs_at_most_60_kb(client, name):
    parts = fetched(client.get(f"/gallery/{name}/").content.decode())

    assert "ui/built/ui.css" in parts
    assert sum(parts.values()) <= 60_000, parts


def test_an_alert_page_weighs_at_most_30_kb(client):
    parts = fetched(client.get("/gallery/alert/").content.decode())

    assert sum(parts.values()) <= 30_000, parts
