"""A city hall for a measurement: a database that is thrown away, the city loaded, the real web server."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from machi.house.up import web_server  # noqa: E402 — found through the line above

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}


@contextmanager
def town():
    """The environment of a prepared city hall; its database and its data directory are removed afterwards."""
    address = os.environ["DATABASE_URL"]
    name = f"bench_{os.getpid()}"
    _database("DROP DATABASE IF EXISTS {} WITH (FORCE)", address, name)
    _database("CREATE DATABASE {}", address, name)
    with tempfile.TemporaryDirectory(prefix="machi-bench-") as data:
        environment = {
            **os.environ,
            "DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}")),
            "MACHI_DATA": data,
            "MACHI_DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "machi.house.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        environment.pop("MACHI_URL", None)
        try:
            manage(environment, "migrate", "--run-syncdb", "-v0")
            for command in ("load_city", "demo_people"):
                manage(environment, command)
            manage(environment, "collectstatic", "--noinput", "-v0", "-i", "*.ts")
            yield environment
        finally:
            _database("DROP DATABASE IF EXISTS {} WITH (FORCE)", address, name)


def manage(environment, *words):
    """Run one of Django's commands."""
    subprocess.run([sys.executable, "-m", "django", *words], env=environment, check=True, **QUIET)


def enter(environment):
    """Make this process itself Django in that city hall."""
    os.environ.update(environment)
    import django

    django.setup()


def _database(statement, address, name):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


@contextmanager
def served(environment, application="machi.house.wsgi:application", wait="/healthz"):
    """(host, port) where granian serves `application` with the workers of the house."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    words = web_server("127.0.0.1", port)
    words[-1] = application
    path = f"{environment['PYTHONPATH']}:{ROOT / 'bench'}"
    command = [sys.executable, "-m", *(str(word) for word in words)]
    server = subprocess.Popen(command, env={**environment, "PYTHONPATH": path}, **QUIET)
    try:
        _wait_for(f"http://127.0.0.1:{port}{wait}", server)
        yield "127.0.0.1", port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address, server, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):  # noqa: S310 — our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"The web server does not answer at {address}.")


def quantile(values, share):
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
