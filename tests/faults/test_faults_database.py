"""The database is restarted while people apply: requests fail cleanly, nothing is half done, and it recovers.
"""

import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from fixtures.cases import VOICE, voice
from fixtures.databases import ROOT, SETTINGS, manage
from machi.house import postgres
from machi.house.processes import Processes
from machi.house.up import free_port, web_server

HALF = """
SELECT count(*) FROM procedures_case c WHERE status <> 'working'
  OR (SELECT count(*) FROM procedures_answerrevision a WHERE a.case_id = c.id) <> 1
  OR (SELECT count(*) FROM procedures_step s WHERE s.case_id = c.id AND s.state = 'active') <> 1
  OR (SELECT count(*) FROM procedures_command k WHERE k.case_id = c.id) <> 1
  OR (SELECT count(*) FROM audit_event e WHERE e.stream = 'case:' || c.id) <> 3
"""


class House:
    """A house with a private database of its own: its address, the key of a program, and the cluster."""

    def __init__(self, data, url, environment):
        self.url, self.data = url, data
        self.cluster = postgres.cluster_of(data)
        self.environment = environment
        self.key = manage("api_key", "試験", environment=environment).strip()

    def ask(self, question):
        with psycopg.connect(postgres.address(self.data)) as connection:
            return connection.execute(question).fetchone()[0]

    def submit(self, command_id):
        """The status of one submission; 0 when the server closed the door."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/procedures/{VOICE}/cases",
            data=json.dumps({"command_id": command_id, "answers": voice()}).encode(),
            headers={"Content-Type": "application/json", "X-API-Key": self.key},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            said = error.read().decode()
            assert "Traceback" not in said and "psycopg" not in said
            return error.code

    def page(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def until_well(self, seconds=60):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.page("/healthz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        pytest.fail("The house did not get well again.", pytrace=False)


@contextmanager
def running_house(data):
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "MACHI_DATA": str(data),
        "MACHI_DEMO": "0",
        "MACHI_URL": f"http://localhost:{port}",
        "DATABASE_URL": postgres.address(data),
    }
    processes = Processes(data / "processes.json", data / "log")
    with postgres.running(postgres.cluster_of(data), durable=False):
        manage("prepare", environment=environment)
        processes.start("web", [sys.executable, "-m", *web_server("127.0.0.1", port, workers=2)], environment)
        try:
            house = House(data, environment["MACHI_URL"], environment)
            house.until_well()
            yield house
        finally:
            processes.stop()


@pytest.fixture
def house():
    """A running house in a folder short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="machi-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with running_house(Path(folder)) as made:
            yield made


def test_a_database_restarted_under_load_costs_failed_requests_and_nothing_else(house):
    names = [str(uuid4()) for _application in range(120)]
    with ThreadPoolExecutor(6) as people:
        sent = {name: people.submit(house.submit, name) for name in names}
        while sum(one.done() for one in sent.values()) < 10:
            time.sleep(0.01)
        postgres.stop(house.cluster)
        status, said = house.page("/")
        health, state = house.page("/healthz")
        time.sleep(0.5)
        postgres.start(house.cluster, durable=False)
    statuses = {name: one.result() for name, one in sent.items()}

    assert status in (500, 503) and "Traceback" not in said and "<html" in said
    assert (health, json.loads(state)["database"]["ok"]) == (503, False)
    assert set(statuses.values()) <= {201, 500, 503}, Counter(statuses.values())
    kept = Counter(statuses.values())
    assert kept[201] and len(names) - kept[201], "the database went while people applied"
    house.until_well()
    assert house.ask("SELECT count(*) FROM procedures_case") >= kept[201]
    assert house.ask(HALF) == 0

    again = [house.submit(name) for name in names]

    assert set(again) == {201}
    assert house.ask("SELECT count(*) FROM procedures_case") == len(names), "sent again is not sent twice"
    assert house.ask(HALF) == 0
    manage("verify_audit", environment=house.environment)
