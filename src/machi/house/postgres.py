"""The private PostgreSQL + PostGIS cluster: made once, reached by a unix socket only, stopped by whoever
leaves last.

Standard library only: this runs before Django, and also as root, in which case the cluster belongs to
Debian's unprivileged account `postgres` (PostgreSQL refuses to run as root).
"""

import fcntl
import getpass
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BIN = Path("/usr/lib/postgresql/15/bin")
ROLE = "machi"  # owns the databases, may create some (tests do), is no superuser
KEEPER = "keeper"  # the superuser: makes extensions, does nothing else
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
STOP_WITHIN = 60  # seconds
PATIENCE = 20  # seconds that what is left of an earlier server gets to end
SOCKET_LIMIT = 100  # a socket's path must stay below 108 bytes, its name included
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{run}'
max_connections = 300
shared_buffers = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
timezone = 'Asia/Tokyo'
# A failed statement, and the message about it, carry what people typed: neither reaches the log. The program is
# told, and knows what to say about it.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
"""


class DatabaseError(Exception):
    """The cluster could not be made, started or reached; the message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """Where a cluster lives (`home`: data/, log, locks), its socket directory `run` and its account."""

    home: Path
    run: Path
    owner: str

    @property
    def data(self):
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def log(self):
        """The server's log."""
        return self.home / "postgres.log"


def cluster_of(data):
    """The cluster that belongs to the data directory `data`.

    Normally `data`/pg. When root keeps `data` where others may not look (as in /root), the account `postgres`
    could not reach it: then the cluster stands in /var/lib/machi. A socket path too long for the system moves
    to /tmp.
    """
    data = Path(data).resolve()
    owner = "postgres" if os.geteuid() == 0 else getpass.getuser()
    mark = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    apart = Path("/var/lib/machi") / mark
    home = apart if apart.exists() or not _may_enter(data, owner) else data / "pg"
    run = home / "run"
    if len(os.fsencode(run)) > SOCKET_LIMIT - len("/.s.PGSQL.5432"):
        run = Path("/tmp") / f"machi-{os.geteuid()}-{mark}"  # noqa: S108 — its owner is checked in _prepare_folders
    return Cluster(home, run, owner)


def _may_enter(folder, owner):
    """Whether `owner` may walk down to `folder`. (Only root needs to ask: others use their own account.)"""
    if os.geteuid() != 0:
        return True
    stranger = pwd.getpwnam(owner).pw_uid if _exists(owner) else None
    for step in (folder, *folder.parents):
        with suppress(FileNotFoundError):
            state = step.stat()
            if not state.st_mode & (0o100 if state.st_uid == stranger else 0o001):
                return False
    return True


def _exists(account):
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def address(data, database=ROLE):
    """DATABASE_URL of `database` in the cluster of the data directory `data`."""
    return f"postgresql://{ROLE}@/{database}?host={quote(str(cluster_of(data).run))}"


@contextmanager
def running(cluster, *, durable=True):
    """Keep the cluster running for the length of a `with`; started if need be, stopped by the last one that
    leaves.

    `durable=False` lets PostgreSQL skip waiting for the disk (test data).
    Raises DatabaseError.
    """
    _prepare_folders(cluster)
    with (cluster.home / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with (cluster.home / "start.lock").open("w") as starting:
                fcntl.flock(starting, fcntl.LOCK_EX)
                create(cluster)
                start(cluster, durable=durable)
            yield cluster
        finally:
            with suppress(BlockingIOError):  # somebody else still uses it
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(cluster)


def create(cluster):
    """Make the cluster, its role, extensions and database, once; an attempt that was cut short is thrown
    away.
    """
    done = cluster.home / "created"
    if done.exists():
        return
    if cluster.data.exists():
        stop(cluster)
        shutil.rmtree(cluster.data)
    _as_owner(
        cluster,
        BIN / "initdb", "-D", cluster.data, "-U", KEEPER, "--auth-local=trust", "--auth-host=reject",
        "-E", "UTF8", "--locale-provider=icu", "--icu-locale=ja-JP", "--locale=C.UTF-8",
        "--data-checksums", "--no-sync",
    )  # fmt: skip
    with (cluster.data / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION.format(run=str(cluster.run).replace("'", "''")))
    start(cluster)
    extensions = ";".join(f"CREATE EXTENSION {name}" for name in EXTENSIONS)
    _psql(cluster, f"{extensions};CREATE ROLE {ROLE} LOGIN CREATEDB", "template1")
    _psql(cluster, f"CREATE DATABASE {ROLE} OWNER {ROLE}", "postgres")
    done.touch()


def start(cluster, *, durable=True):
    """Start the cluster unless it runs. What a killed machine left behind does not stop it."""
    if is_running(cluster):
        return
    _clear_stale(cluster)
    options = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _as_owner(
        cluster,
        BIN / "pg_ctl", "start", "-w", "-t", "60", "-s", "-D", cluster.data, "-l", cluster.log, "-o", options,
    )  # fmt: skip


def stop(cluster):
    """Stop the cluster if it runs: transactions in progress are rolled back, then all is written down.

    Done by signal, as pg_ctl does, which however waits for ever for a server that is killed at this very
    moment.
    """
    pid = _noted_pid(cluster)
    if not is_running(cluster):
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)  # "fast shutdown"
    until = time.monotonic() + STOP_WITHIN
    while _works_in(pid, cluster.data):
        if time.monotonic() > until:
            raise DatabaseError(f"The database does not stop. See {cluster.log}.")
        time.sleep(0.05)


def is_running(cluster):
    """Whether the process named in postmaster.pid lives and is the PostgreSQL of this very cluster."""
    pid = _noted_pid(cluster)
    return pid is not None and _works_in(pid, cluster.data)


def _noted_pid(cluster):
    try:
        return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_in(pid, folder):
    """Whether process `pid` has `folder` as its working directory (each PostgreSQL process has its data
    there).
    """
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return False


def _clear_stale(cluster):
    """Remove pid and socket files of a PostgreSQL that is gone.

    PostgreSQL does this itself unless the number now belongs to another process of the same account, which is
    likely in a container that starts again. What is left of the earlier one is given time to end.
    """
    until = time.monotonic() + PATIENCE
    while left := _processes_in(cluster.data):
        if time.monotonic() > until:
            raise DatabaseError(
                f"Processes {', '.join(left)} of an earlier database still work in {cluster.data}."
            )
        time.sleep(0.05)
    for path in (cluster.data / "postmaster.pid", *cluster.run.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def _processes_in(folder):
    return [path.name for path in Path("/proc").glob("[0-9]*") if _works_in(path.name, folder)]


def _prepare_folders(cluster):
    """The folders of the cluster, with the owner and the narrow rights that PostgreSQL asks for."""
    if not BIN.exists():
        raise DatabaseError(f"PostgreSQL 15 is not installed ({BIN} is missing). Run ./machi up.")
    account = pwd.getpwnam(cluster.owner)
    cluster.home.mkdir(parents=True, exist_ok=True)
    if os.geteuid() and cluster.home.stat().st_uid != os.geteuid():
        raise DatabaseError(
            f"{cluster.home} belongs to another account (was it made by root?). Start as that one."
        )
    cluster.run.mkdir(mode=0o700, exist_ok=True)
    if cluster.run.is_symlink() or cluster.run.stat().st_uid not in {os.geteuid(), account.pw_uid}:
        raise DatabaseError(
            f"{cluster.run} belongs to somebody else. Use a data directory with a shorter path."
        )
    if os.geteuid() == 0:
        os.chown(cluster.home, account.pw_uid, account.pw_gid)
        os.chown(cluster.run, account.pw_uid, account.pw_gid)
    cluster.home.chmod(0o700)
    cluster.run.chmod(0o700)


def _psql(cluster, statements, database):
    _as_owner(
        cluster,
        BIN / "psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-h", cluster.run, "-U", KEEPER, "-d", database,
        "-c", statements,
    )  # fmt: skip


def _as_owner(cluster, *command):
    """Run a PostgreSQL program as the owner of the cluster. Raises DatabaseError with what it said."""
    account = pwd.getpwnam(cluster.owner)
    other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    said = cluster.home / "command.log"
    with said.open("w+") as output:  # a file: a server that stays would keep a pipe open
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, cwd="/",
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
            start_new_session=True, **other,
        )  # fmt: skip
    if done.returncode:
        tail = cluster.log.read_text()[-2000:] if cluster.log.exists() else ""
        raise DatabaseError(f"{Path(command[0]).name} failed:\n{said.read_text()}{tail}")
