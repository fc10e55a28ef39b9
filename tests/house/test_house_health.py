"""What monitors are told."""

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions import public as definitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """The city of the installation, loaded."""
    definitions.load(folders=[settings.PACKAGES / "municipality", settings.CITY], actor=SYSTEM)
    definitions.forget()
    yield
    definitions.forget()


def test_a_well_house_says_so(city):
    answer = Client().get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert answer.json()["city"]["name"] == "常総市"
    assert answer.json()["queue"]["dead"] == 0
    assert set(answer.json()) == {"ok", "database", "queue", "storage", "city"}


def test_a_house_without_a_city_is_not_well():
    definitions.forget()
    answer = Client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": True}
    assert answer.json()["city"] == {"ok": False}


def test_a_database_that_is_gone_is_said_not_thrown(monkeypatch):
    def gone(*_):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("machi.house.health.connection.cursor", gone)
    monkeypatch.setattr("machi.house.health.connection.close", lambda: None)
    answer = Client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False}
    assert answer.json()["city"] == {"ok": False}


def test_a_disk_that_takes_nothing_is_said(city, monkeypatch):
    monkeypatch.setattr("machi.engines.files.public.state", lambda: {"writable": False, "free_bytes": 0})
    answer = Client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["storage"] == {"ok": False, "writable": False, "free_bytes": 0}


def test_it_may_not_be_kept(city):
    assert "no-store" in Client().get("/healthz")["Cache-Control"]
