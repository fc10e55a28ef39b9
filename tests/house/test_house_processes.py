"""Starting, watching and stopping processes, with real ones."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machi.house.processes import Processes, ProcessFailed, born, stop_orphans

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def processes(tmp_path):
    started = Processes(tmp_path / "processes.json", tmp_path / "log")
    yield started
    started.stop()


def wait_until(happened, seconds=20):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_what_fell_is_started_again(processes):
    processes.start("worker", SLEEP, os.environ)
    fallen = processes.running["worker"].pid
    os.kill(fallen, signal.SIGKILL)
    wait_until(lambda: born(fallen) is None)

    assert processes.revive() == ["worker"]
    assert born(processes.running["worker"].pid)
    assert processes.revive() == []


def test_what_falls_all_the_time_is_given_up_with_its_last_words(processes):
    processes.start("web", [sys.executable, "-c", "raise SystemExit('no such port')"], os.environ)

    with pytest.raises(ProcessFailed, match="no such port"):
        for _ in range(10):
            processes.running["web"].wait()
            processes.revive()


def test_stopping_ends_children_of_children_and_forgets_them(processes, tmp_path):
    nested = f"import subprocess, time; subprocess.Popen({SLEEP!r}); time.sleep(60)"
    processes.start("web", [sys.executable, "-c", nested], os.environ)
    leader = processes.running["web"].pid
    wait_until(lambda: len(group_of(leader)) == 2)

    processes.stop()

    wait_until(lambda: group_of(leader) == [])
    assert not (tmp_path / "processes.json").exists()


def test_processes_end_with_the_one_that_started_them(tmp_path):
    script = (
        "import os, time; from machi.house.processes import Processes;"
        f"p = Processes({str(tmp_path / 'r.json')!r}, {str(tmp_path)!r});"
        f"p.start('web', {SLEEP!r}, dict(os.environ)); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": "src"}) as parent:
        wait_until((tmp_path / "r.json").exists)
        child = json.loads((tmp_path / "r.json").read_text())["web"]["pid"]
        parent.kill()

    wait_until(lambda: born(child) is None)


def test_orphans_are_stopped_even_if_stubborn(tmp_path, monkeypatch):
    monkeypatch.setattr("machi.house.processes.PATIENCE", 0.5)
    orphan = subprocess.Popen([sys.executable, "-c", STUBBORN], start_new_session=True)
    record = tmp_path / "processes.json"
    record.write_text(json.dumps({"web": {"pid": orphan.pid, "born": born(orphan.pid)}}))
    wait_until(lambda: "SigIgn" in Path(f"/proc/{orphan.pid}/status").read_text())

    assert stop_orphans(record) == ["web"]
    assert orphan.wait(5) < 0
    assert not record.exists()


def test_a_stranger_with_the_number_of_an_orphan_is_left_alone(tmp_path):
    with subprocess.Popen(SLEEP, start_new_session=True) as stranger:
        record = tmp_path / "processes.json"
        record.write_text(json.dumps({"web": {"pid": stranger.pid, "born": "another time"}}))

        assert stop_orphans(record) == []
        assert stranger.poll() is None
        stranger.kill()


def test_a_broken_list_stops_nothing(tmp_path):
    record = tmp_path / "processes.json"
    record.write_text("{half")

    assert stop_orphans(record) == []


def group_of(leader):
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[2]) == leader and after_name[0] != "Z":
            members.append(path)
    return members
