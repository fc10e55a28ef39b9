"""Real worker processes against a real remote process, killed at the worst moment."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from machi.engines.effects.models import Effect
from machi.engines.effects.public import enqueue

HERE = Path(__file__).parent
pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


@pytest.fixture
def processes():
    """Starts python scripts of this folder; ends those left over."""
    started = []

    def start(script, *args):
        database = connection.settings_dict
        url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
        process = subprocess.Popen(
            [sys.executable, HERE / script, *args],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


class Remote:
    def __init__(self, process):
        self.port = process.stdout.readline().strip()

    def get(self, name):
        return json.load(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{name}", timeout=10))


@pytest.fixture
def remote(processes):
    return Remote(processes("fake_remote.py"))


def worker(processes, remote):
    process = processes("worker_process.py", remote.port)
    assert process.stdout.readline() == "ready\n"
    return process


def test_killed_between_sending_and_recording_the_remote_holds_exactly_one(processes, remote):
    effect = enqueue(port="asks", key="once", payload={"wait": 60})
    first = worker(processes, remote)
    wait_for(lambda: remote.get("count") == 1)
    first.kill()
    first.wait()
    effect.refresh_from_db()
    assert (effect.state, effect.begun) == ("running", True)
    worker(processes, remote)
    wait_for(lambda: Effect.objects.get(id=effect.id).state == "done")
    assert remote.get("count") == 1
    assert Effect.objects.get(id=effect.id).remote_ref == "found"


def test_killed_before_sending_it_is_sent_once_by_the_next_worker(processes, remote):
    effect = enqueue(port="asks", key="lost", payload={})
    gone = timezone.now() - timedelta(minutes=5)
    Effect.objects.filter(id=effect.id).update(state="running", begun=True, attempts=1, lease_until=gone)
    worker(processes, remote)
    wait_for(lambda: Effect.objects.get(id=effect.id).state == "done")
    assert [item["id"] for item in remote.get("all")] == [str(effect.id)]


def test_two_workers_do_500_effects_each_exactly_once(processes, remote):
    with transaction.atomic():
        for n in range(500):
            enqueue(port="asks", key=f"many:{n}", payload={"n": n})
    workers = [worker(processes, remote) for _ in range(2)]
    wait_for(lambda: Effect.objects.filter(state="done").count() == 500)
    assert sorted(item["n"] for item in remote.get("all")) == list(range(500))
    for process in workers:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in workers] == [0, 0]


def test_sigterm_ends_the_effect_in_hand_and_gives_back_the_rest(processes, remote):
    slow = enqueue(port="asks", key="slow", payload={"wait": 1})
    rest = [enqueue(port="asks", key=f"rest:{n}", payload={}) for n in range(3)]
    process = worker(processes, remote)
    wait_for(lambda: remote.get("count") == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert process.stdout.readline() == "left\n"
    slow.refresh_from_db()
    assert slow.state == "done"
    assert set(Effect.objects.filter(id__in=[e.id for e in rest]).values_list("state", flat=True)) == {
        "pending"
    }
    assert remote.get("count") == 1


def test_a_worker_outlives_a_database_that_goes_away_and_comes_back(processes, remote):
    process = worker(processes, remote)
    effect = enqueue(port="asks", key="through", payload={"wait": 1})
    wait_for(lambda: remote.get("count") == 1)
    database = connection.settings_dict
    name = database["NAME"]
    connection.close()
    outside = psycopg.connect(
        host=database["HOST"], user=database["USER"], dbname="postgres", autocommit=True
    )
    with outside:
        outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            outside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            time.sleep(2)  # the answer of the remote arrives while there is no database
        finally:
            outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    wait_for(lambda: Effect.objects.get(id=effect.id).state == "done")
    after = enqueue(port="asks", key="after", payload={})
    wait_for(lambda: Effect.objects.get(id=after.id).state == "done")
    assert process.poll() is None
    assert remote.get("count") == 2
    assert Effect.objects.get(id=effect.id).remote_ref == "kept"


def test_a_worker_is_woken_at_commit_and_does_nothing_before(processes, remote):
    worker(processes, remote)
    with transaction.atomic():
        enqueue(port="asks", key="inside", payload={"n": 1})
        time.sleep(0.6)  # three polls of the worker
        assert remote.get("count") == 0
    wait_for(lambda: remote.get("count") == 1)
