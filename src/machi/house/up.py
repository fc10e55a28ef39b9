"""`./machi up`: database, city, web server, worker, mailbox; then watch over them until Ctrl-C.

Standard library only; what needs Django runs in processes of its own. Everything it decides is said on the
screen, one line per step.
"""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, nullcontext
from http import HTTPStatus
from pathlib import Path

from machi.house import postgres
from machi.house.prepared import is_new, is_prepared, prepare
from machi.house.processes import Processes, ProcessFailed, stop_orphans
from machi.house.progress import step

ROOT = Path(__file__).resolve().parents[3]
READY_WITHIN = 90  # seconds
SAMPLES_WANTED = "samples-wanted"  # lies in the data directory until all sample cases are made (manage demo)
LOG_LIMIT = 20_000_000  # bytes; a longer log is put aside at the next start


class CannotStart(Exception):
    """`up` cannot go on; the message says why and what to do."""


def main(words):
    """Run until told to stop. Returns the exit code."""
    options = _options(words)
    try:
        with _stoppable(), ExitStack() as house:
            _run(options, house)
    except KeyboardInterrupt:
        print("Stopped.")
        return 0
    except (CannotStart, ProcessFailed, postgres.DatabaseError, OSError) as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1


def _options(words):
    parser = argparse.ArgumentParser(
        prog="./machi up", description="Start everything; Ctrl-C stops it again."
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("MACHI_PORT", "8000")))
    parser.add_argument(
        "--host",
        default=os.environ.get("MACHI_HOST", "127.0.0.1"),
        help="address to listen on; 0.0.0.0 lets other devices in (a phone in the same network)",
    )
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MACHI_DATA", ROOT / "var")))
    parser.add_argument(
        "--city", type=Path, default=Path(os.environ.get("MACHI_CITY", ROOT / "cities" / "joso"))
    )
    options = parser.parse_args(words)
    options.data, options.city = options.data.resolve(), options.city.resolve()
    return options


def _run(options, house):
    options.data.mkdir(parents=True, exist_ok=True)
    house.enter_context(_alone(options.data))
    left = stop_orphans(options.data / "processes.json")
    if left:
        print(f"  Stopped what an earlier run left behind: {', '.join(left)}.")
    _need_free_port(options)
    if not (options.city / "city.yaml").exists():
        raise CannotStart(
            f"There is no city in {options.city} (its file city.yaml is missing). Use --city DIR."
        )
    (options.data / "port").write_text(str(options.port))
    environment = environment_for(options.data, options.city, options.port)
    with step("database"):
        house.enter_context(database(options.data))
    if is_new(options.data):
        (options.data / SAMPLES_WANTED).touch()
    if not is_prepared(options.data, environment):
        prepare(options.data, environment)
    processes = Processes(options.data / "processes.json", options.data / "log")
    house.callback(_say_goodbye, processes)
    with step("web and worker"):
        _start_web(processes, options, environment)
        _wait_until_ready(processes, options)
    if _wants_samples(environment) and (options.data / SAMPLES_WANTED).exists():
        processes.start_once("samples", [sys.executable, "-m", "django", "demo"], environment)
        print("  Some 300 sample cases are being made meanwhile; the desk fills up within two minutes.")
    _start_worker(processes, environment)
    _welcome(options, environment)
    _watch(processes, environment)


def environment_for(data, city, port):
    """The environment of every process of the house."""
    environment = {
        **os.environ,
        "MACHI_DATA": str(data),
        "MACHI_CITY": str(city),
        "DJANGO_SETTINGS_MODULE": "machi.house.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
    }
    environment.setdefault("MACHI_URL", f"http://localhost:{port}")
    environment.setdefault("DATABASE_URL", postgres.address(data))
    environment.setdefault("MACHI_SMTP", f"smtp://127.0.0.1:{free_port()}")
    return environment


def _wants_samples(environment):
    """Sample cases are for development only, where nobody has said MACHI_DEMO=0."""
    mode, demo = environment.get("MACHI_MODE", "development"), environment.get("MACHI_DEMO")
    return mode == "development" and demo != "0" and (Path(environment["MACHI_CITY"]) / "demo").is_dir()


def port_of(data):
    """The port that the house with this data directory was last started on."""
    try:
        return int((data / "port").read_text())
    except (FileNotFoundError, ValueError):
        return 8000


def database(data):
    """What to enter while the database is needed: nothing with DATABASE_URL, else the private cluster."""
    return nullcontext() if os.environ.get("DATABASE_URL") else postgres.running(postgres.cluster_of(data))


@contextmanager
def _alone(data):
    """Only one `up` per data directory; the lock vanishes with the process, however it ends."""
    with (data / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"Machi already runs with the data in {data} ({lock.read().strip()}). "
                "Stop it there with Ctrl-C, or use another directory: --data DIR."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def _need_free_port(options):
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((options.host, options.port))
        except OSError as fault:
            raise CannotStart(
                f"Port {options.port} cannot be used ({fault.strerror}). "
                f"Choose another one: ./machi up --port {options.port + 1}"
            ) from None


def free_port():
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def _start_web(processes, options, environment):
    """Start the web server and, where there is no mail server, the mailbox."""
    _put_long_logs_aside(options.data / "log")
    python = [sys.executable, "-m"]
    if "MACHI_SMTP" not in os.environ:
        port = environment["MACHI_SMTP"].rpartition(":")[2]
        processes.start("mail", [*python, "machi.house.mailbox", port, options.data / "mail"], environment)
    processes.start("web", [*python, *web_server(options.host, options.port)], environment)


def web_server(host, port, workers=2):
    """The words that start the web server: WSGI, as many threads as workers (see
    docs/operations/performance.md).
    """
    return [
        "granian", "--interface", "wsgi", "--host", host, "--port", port, "--workers", workers,
        "--blocking-threads", 1, "--backpressure", 64,
        "--respawn-failed-workers", "--workers-kill-timeout", "10s",
        "--no-ws", "--log-level", "warning",
        "machi.house.wsgi:application",
    ]  # fmt: skip


def _start_worker(processes, environment):
    """Start the worker unless it runs: last, so that it does not take the cores from what people wait for, and not
    while sample cases are made, whose deadlines lie in the past.
    """
    if not {"samples", "worker"} & set(processes.running):
        processes.start("worker", [sys.executable, "-m", "django", "work"], environment)


def _wait_until_ready(processes, options):
    """Ask /healthz until it says that all is well."""
    host = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104 — compared, not bound
    until = time.monotonic() + READY_WITHIN
    answer = ""
    while time.monotonic() < until:
        processes.revive()
        try:
            with urllib.request.urlopen(f"http://{host}:{options.port}/healthz", timeout=10):
                return
        except urllib.error.HTTPError as fault:
            answer = fault.read().decode(errors="replace")
            if (
                fault.code != HTTPStatus.SERVICE_UNAVAILABLE
            ):  # the program itself is broken: waiting mends nothing
                break
        except OSError:
            pass
        time.sleep(0.1)
    said = f"{answer[:2000]}\n{processes.last_words('web')}"
    raise CannotStart(f"The web server does not get well. It says:\n{said}")


def _welcome(options, environment):
    if "MACHI_SMTP" not in os.environ:
        print(f"  Mail is kept as files in {options.data / 'mail'} (MACHI_SMTP names a mail server).")
    print(f"  Logs are in {options.data / 'log'}. Ctrl-C stops everything.")
    print(f"ready {environment['MACHI_URL']}", flush=True)


def _watch(processes, environment):
    """Start again what falls, until a signal comes. Raises ProcessFailed when it falls all the time."""
    while True:
        _start_worker(processes, environment)
        time.sleep(1)
        for name in processes.revive():
            print(f'  "{name}" had ended and was started again.', flush=True)


def _say_goodbye(processes):
    print("\n  Stopping …", flush=True)
    processes.stop()


@contextmanager
def _stoppable():
    """SIGTERM and a closed terminal mean the same as Ctrl-C; once stopping has begun, they change nothing."""

    def stop(_number, _frame):
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, stop)
    yield


def _put_long_logs_aside(folder):
    for log in folder.glob("*.log"):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
