"""The command as people use it: started, asked, stopped, killed and started again, with the same data."""

import json
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from machi.house import postgres
from machi.house.processes import born
from machi.house.up import free_port

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 240  # seconds; a busy machine may need them


class House:
    """`./machi up` in a data directory of its own."""

    def __init__(self, data):
        self.data, self.port = data, free_port()
        self.process = None

    def start(self, *words):
        outside = ("DATABASE_URL", "MACHI_DATA", "MACHI_URL", "MACHI_SMTP", "MACHI_CITY", "PYTHONPATH")
        environment = {key: value for key, value in os.environ.items() if key not in outside}
        # The tests may run in an environment made by hand: the command is to use that one.
        environment["MACHI_DEMO"] = "0"
        environment["MACHI_VENV"] = str(Path(os.sys.prefix))
        self.process = subprocess.Popen(
            ["./machi", "up", "--port", str(self.port), "--data", str(self.data), *words],
            cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def said_until(self, wanted):
        """What it says up to the line that begins with `wanted`; fails when it ends before."""
        said, until = [], time.monotonic() + WITHIN
        for line in self.process.stdout:
            said.append(line)
            if line.startswith(wanted):
                return "".join(said)
            assert time.monotonic() < until, "".join(said)
        pytest.fail(f"It ended with {self.process.wait()}:\n{''.join(said)}", pytrace=False)

    def stop(self, number=signal.SIGINT):
        """Send a signal to the command alone. Returns (exit code, the rest of what it said)."""
        self.process.send_signal(number)
        rest = self.process.stdout.read()
        return self.process.wait(WITHIN), rest

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def leave(self):
        """Stop it if it runs."""
        if self.is_running():
            self.stop()

    def health(self):
        with urllib.request.urlopen(f"http://localhost:{self.port}/healthz", timeout=30) as answer:
            return json.load(answer)

    def noted(self):
        """The processes it started: name → {"pid", "born"}."""
        return json.loads((self.data / "processes.json").read_text())

    def alive(self):
        """Whether anything it started is still there, the database included."""
        mine = str(self.data).encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if mine in path.read_bytes() and born(path.parent.name):
                    found.append(path.read_bytes())
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def house():
    data = Path(tempfile.mkdtemp(prefix="machi-", dir="/tmp"))
    data.chmod(0o755)
    house = House(data)
    yield house
    house.leave()
    postgres.stop(postgres.cluster_of(data))
    shutil.rmtree(data)


@pytest.fixture
def running(house):
    """The house, ready; started unless an earlier test left it running."""
    if not house.is_running():
        house.start()
        house.said_until("ready ")
    return house


@pytest.fixture
def stopped(house):
    """The house, not running."""
    house.leave()
    return house


def test_it_starts_says_where_and_is_well(stopped):
    stopped.start()
    said = stopped.said_until("ready ")

    assert said.splitlines()[-1] == f"ready http://localhost:{stopped.port}"
    health = stopped.health()
    assert health["ok"] is True
    assert (health["city"]["code"], health["city"]["name"]) == ("082112", "常総市")
    assert health["storage"]["writable"] is True
    assert health["city"]["definitions"] > 0


def test_a_second_one_with_the_same_data_is_turned_away(running):
    second = House(running.data)
    second.start()

    assert second.process.wait(WITHIN) == 1
    assert "already runs" in second.process.stdout.read()
    assert running.health()["ok"] is True


def test_mail_becomes_a_file(running):
    environ = Path(f"/proc/{running.noted()['web']['pid']}/environ").read_bytes().split(b"\0")
    port = next(entry for entry in environ if entry.startswith(b"MACHI_SMTP=")).decode().rpartition(":")[2]
    with smtplib.SMTP("127.0.0.1", int(port)) as server:
        server.sendmail("machi@example.jp", ["hanako@example.jp"], "Subject: test\r\n\r\nhello")

    kept = "".join(path.read_text() for path in (running.data / "mail").glob("*.eml"))
    assert "X-Envelope-To: hanako@example.jp" in kept


def test_a_worker_that_falls_is_started_again(running):
    fallen = running.noted()["worker"]["pid"]
    os.kill(fallen, signal.SIGKILL)

    assert '"worker" had ended' in running.said_until('  "worker"')
    assert running.noted()["worker"]["pid"] != fallen


def test_ctrl_c_stops_everything_it_started(running):
    code, said = running.stop(signal.SIGINT)

    assert code == 0
    assert said.splitlines()[-1] == "Stopped."
    assert running.alive() == []


def test_after_a_kill_it_starts_again_with_what_was_there(running):
    with psycopg.connect(postgres.address(running.data)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one")
    running.stop(signal.SIGKILL)

    running.start()
    said = running.said_until("ready ")

    assert "tables" not in said  # nothing had changed, so nothing was prepared again
    assert running.health()["ok"] is True
    with psycopg.connect(postgres.address(running.data)) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_sigterm_stops_it_as_well(running):
    code, _said = running.stop(signal.SIGTERM)

    assert code == 0
    assert running.alive() == []


def test_a_port_in_use_is_said_before_anything_is_started(stopped):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", stopped.port))
        taken.listen()
        stopped.start()
        assert stopped.process.wait(WITHIN) == 1

    assert f"--port {stopped.port + 1}" in stopped.process.stdout.read()
    assert stopped.alive() == []


def test_a_folder_without_a_city_is_said(stopped, tmp_path):
    stopped.start("--city", str(tmp_path))

    assert stopped.process.wait(WITHIN) == 1
    assert "no city" in stopped.process.stdout.read()


def test_an_unknown_command_explains_the_known_ones():
    done = subprocess.run(["./machi", "fly"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "./machi up" in done.stderr
