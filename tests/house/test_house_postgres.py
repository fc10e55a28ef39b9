"""The private cluster, for real: each test makes one in a directory of its own."""

import os
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from machi.house import postgres


@contextmanager
def short_folder():
    """A data directory with a path short enough for a socket; the cluster in it is stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="machi-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        postgres.stop(postgres.cluster_of(folder))


@pytest.fixture
def data():
    """A data directory of the test's own."""
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def running():
    """A data directory whose cluster runs; for tests that only look."""
    with short_folder() as folder, postgres.running(postgres.cluster_of(folder)):
        yield folder


def ask(data, question):
    with psycopg.connect(postgres.address(data)) as connection:
        return connection.execute(question).fetchone()[0]


def test_a_new_cluster_has_the_extensions_and_a_role_without_power(running):
    assert ask(running, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
    assert (
        ask(
            running, "SELECT count(*) FROM pg_extension WHERE extname IN ('postgis', 'btree_gist', 'pg_trgm')"
        )
        == 3
    )
    assert ask(running, "SHOW listen_addresses") == ""


def test_it_belongs_to_an_unprivileged_account_and_lets_nobody_in(running):
    cluster = postgres.cluster_of(running)
    pid = int((cluster.data / "postmaster.pid").read_text().split()[0])

    assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert cluster.run.stat().st_mode & 0o077 == 0


def test_what_people_typed_does_not_reach_the_log(running):
    for statement in ("SELECT 'ひみつのことば'::int", "SELECT 'ひみつのことば' FROM nothing"):
        with psycopg.connect(postgres.address(running)) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement)
    log = postgres.cluster_of(running).log.read_text()

    assert "ready to accept connections" in log
    assert "ひみつのことば" not in log


def test_what_was_written_is_there_after_a_restart(data):
    cluster = postgres.cluster_of(data)
    with postgres.running(cluster), psycopg.connect(postgres.address(data)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '𠮷' AS name")
    assert not postgres.is_running(cluster)

    with postgres.running(cluster):
        assert ask(data, "SELECT name FROM kept") == "𠮷"


def test_the_last_one_to_leave_stops_it(data):
    cluster = postgres.cluster_of(data)
    with postgres.running(cluster):
        with postgres.running(cluster):
            pass
        assert ask(data, "SELECT 1") == 1
    assert not postgres.is_running(cluster)


def test_it_starts_after_its_server_was_killed(data):
    cluster = postgres.cluster_of(data)
    with postgres.running(cluster):
        os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    with postgres.running(cluster):
        assert ask(data, "SELECT 1") == 1


def test_a_pid_file_whose_number_belongs_to_a_stranger_now_stops_nothing(data):
    cluster = postgres.cluster_of(data)
    with postgres.running(cluster):
        pass
    account = {"user": cluster.owner} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **account) as stranger:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n")
        with postgres.running(cluster):
            assert ask(data, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_an_unfinished_cluster_is_made_anew(data):
    cluster = postgres.cluster_of(data)
    cluster.data.mkdir(parents=True)
    (cluster.data / "half").touch()

    with postgres.running(cluster):
        assert ask(data, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_moves_the_socket(data):
    deep = data / ("深" * 40)
    deep.mkdir()
    cluster = postgres.cluster_of(deep)

    assert cluster.home == deep / "pg"
    with postgres.running(cluster):
        assert ask(deep, "SELECT 1") == 1
    cluster.run.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps data where the database account may not look")
def test_data_that_the_database_account_cannot_reach_moves_the_cluster(data):
    hidden = data / "hidden"
    hidden.mkdir(mode=0o700)

    assert postgres.cluster_of(hidden / "var").home.parent == Path("/var/lib/machi")
