"""The processes that `./machi up` starts: written down, watched, started again when they fall, stopped in
order.

Standard library only. Each process leads a group of its own, so that Ctrl-C in the terminal reaches `up`
alone, which then stops them one after the other. Should `up` itself be killed, the kernel ends them
(PR_SET_PDEATHSIG); what still survives is found through the list in `processes.json` at the next start. A
process is recognised by its number *and* its start time, so a number that was given to a stranger since then
harms nobody.
"""

import ctypes
import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 15  # seconds a process has to end by itself
TOO_OFTEN = 5  # falls within a minute after which a process is given up
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class ProcessFailed(Exception):
    """A process ended again and again; the message names it and its log."""


class Processes:
    """The running processes of one data directory, listed in the file `record`, writing to logs in `logs`."""

    def __init__(self, record, logs):
        self.record = Path(record)
        self.logs = Path(logs)
        self.running = {}
        self._commands = {}
        self._falls = {}
        self._once = set()

    def start(self, name, command, environment):
        """Start `command` (list of words) under `name`; what it says goes to <logs>/<name>.log."""
        self._commands[name] = (command, environment)
        with self._log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                [str(word) for word in command], env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_die_with_parent,  # noqa: PLW1509 — no threads here
            )  # fmt: skip
        self._write()

    def start_once(self, name, command, environment):
        """Start what does its work and ends; it is not started again."""
        self._once.add(name)
        self.start(name, command, environment)

    def revive(self):
        """Start again what fell. Returns the names. Raises ProcessFailed when one falls too often."""
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        for name in self._once.intersection(ended):
            del self.running[name]
        fallen = [name for name in ended if name in self.running]
        for name in fallen:
            _end_group(self.running[name].pid)
            now = time.monotonic()
            self._falls[name] = [*(at for at in self._falls.get(name, []) if now - at < 60), now]
            if len(self._falls[name]) >= TOO_OFTEN:
                raise ProcessFailed(f'"{name}" ends as soon as it starts:\n{self.last_words(name)}')
            self.start(name, *self._commands[name])
        return fallen

    def stop(self):
        """Stop all, the last started first, kindly; then not so kindly."""
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            _end_group(process.pid)
            process.wait()
        self.running.clear()
        self.record.unlink(missing_ok=True)

    def last_words(self, name, lines=15):
        """The end of the log of process `name`."""
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-lines:])

    def _log(self, name):
        self.logs.mkdir(parents=True, exist_ok=True)
        return self.logs / f"{name}.log"

    def _write(self):
        listed = {
            name: {"pid": process.pid, "born": born(process.pid)} for name, process in self.running.items()
        }  # fmt: skip
        half = self.record.with_suffix(".half")
        half.write_text(json.dumps(listed))
        half.replace(self.record)


def stop_orphans(record):
    """Stop processes that an `up` left behind when it was killed. Returns their names."""
    try:
        listed = json.loads(Path(record).read_text())
    except (FileNotFoundError, ValueError):
        return []
    alive = [name for name, noted in listed.items() if born(noted["pid"]) == noted["born"]]
    for name in alive:
        os.kill(listed[name]["pid"], signal.SIGTERM)
    for name in alive:
        _wait_for(listed[name]["pid"], listed[name]["born"])
        _end_group(listed[name]["pid"])
    Path(record).unlink(missing_ok=True)
    return alive


def born(pid):
    """Boot and start time of process `pid` as one text; None if there is no such process (or only its
    remains).
    """
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    return None if after_name[0] == "Z" else f"{boot} {after_name[19]}"


def _wait_for(pid, since):
    until = time.monotonic() + PATIENCE
    while born(pid) == since and time.monotonic() < until:
        time.sleep(0.05)


def _end_group(pid):
    """End whatever is left in the group that process `pid` led."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
