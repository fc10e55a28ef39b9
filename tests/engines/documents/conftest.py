"""A small certificate to issue, and a house to issue it from."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from machi.engines.audit.define import Actor
from machi.engines.documents.public import issue
from machi.engines.people.public import Unit
from machi.house import context  # noqa: F401  (the pages keep the city they know: bound before a test names another)

TEMPLATE = """#show: paper
= 証明書
#facts(
  ([氏名], name(data.name)),
  ([生年月日], era(data.birth)),
  ([手数料], yen(data.fee)),
)
#rows(([品目], [数]), ..data.lines.map(line => (line.item, str(line.count))))
#certify([上記のとおり相違ないことを証明する。], [#issued.city 市長])
"""
VALUES = {
    "name": "髙橋 花子",
    "birth": dt.date(1990, 3, 4),
    "fee": 1300,
    "lines": [{"item": "ソファ", "count": 1}, {"item": "いす", "count": 2}],
}


@pytest.fixture(autouse=True)
def house(db, settings, tmp_path, monkeypatch):
    """Files in a folder of the test, a unit that issues, a city with a name, and nobody asked in vain yet."""
    settings.DATA = tmp_path
    settings.PUBLIC_URL = "https://machi.example"
    city = SimpleNamespace(city=lambda: {"name": {"ja": "常総市", "en": "Joso City"}})
    monkeypatch.setattr("machi.engines.documents.queries.definitions", city)
    Unit.objects.create(code="citizens", title={"ja": "市民課", "en": "Citizens' section"}, sign="市民")
    cache.clear()


@pytest.fixture
def clerk():
    return Actor(kind="staff", account=12, name="見本 花子", posts=("citizens.clerk",))


@pytest.fixture
def bundle():
    return {
        "kind": "document",
        "code": "residents.proof",
        "title": {"ja": "証明書", "en": "Proof", "pt-BR": "Atestado"},
        "template": TEMPLATE,
        "data": {"name": "name", "birth": "birth", "fee": "fee", "lines": "lines"},
        "shown": [
            {"key": "name", "label": {"ja": "氏名", "en": "Name"}, "mask": True},
            {"key": "fee", "label": {"ja": "手数料", "en": "Fee"}, "mask": True},
        ],
        "number": {"sequence": "proof/{unit}/{fy}", "format": "{sign}第{seq}号"},
        "paper": "A4",
        "sample": {},
    }


@pytest.fixture
def give(bundle, clerk):
    """Issue the certificate to case 1; what is given replaces the usual."""
    usual = {"bundle": bundle, "values": VALUES, "owner": "case:1", "actor": clerk, "unit": "citizens"}
    return lambda **more: issue(**usual | more)
