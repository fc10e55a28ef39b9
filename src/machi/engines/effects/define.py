"""What a part declares to have things done outside the transaction: ports, outcomes, regular jobs.

A port's `execute` runs in a worker, after the transaction that enqueued the effect has committed. Nothing is
ever sent twice because a worker died: see `Port.reconcile`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Done:
    """It happened. `ref` is the other side's own reference, if it gave one."""

    ref: str = ""


@dataclass(frozen=True)
class Retry:
    """It certainly did not happen. Try again after `after`, or after a growing pause when None."""

    after: timedelta | None = None
    reason: str = ""


@dataclass(frozen=True)
class Unknown:
    """It may have happened. A port that can ask is asked again (`Port.reconcile`); else a person must settle
    it.

    From `reconcile`: `ask_again` says when to ask once more; None leaves it to a person.
    """

    reason: str = ""
    ask_again: timedelta | None = None


@dataclass(frozen=True)
class Fatal:
    """It did not happen and never will without a person."""

    reason: str = ""


Outcome = Done | Retry | Unknown | Fatal


@dataclass(frozen=True)
class Port:
    """One way out of the program.

    execute(effect) does it and returns an outcome. `effect.id` is the idempotency key to give to the other
    side, `effect.payload` what was enqueued. Its own time limits must stay below `lease`.

    reconcile(effect) asks the other side what became of an attempt whose end nobody saw: Done, Unknown, Retry
    (it is not there; try later) or None (it is not there; execute now). A port without it promises that
    `execute` may be repeated without harm.

    local: `execute` touches this database only. It runs in the transaction that records its outcome, so
    exactly once.

    changed(effect) is called in the recording transaction whenever the state has changed.

    An exception in `execute` counts as Unknown if the port can reconcile, else as Retry.
    """

    name: str
    execute: Callable
    reconcile: Callable | None = None
    max_attempts: int = 10
    lease: timedelta = timedelta(minutes=2)
    local: bool = False
    changed: Callable | None = None


@dataclass(frozen=True)
class Job:
    """Work that comes round: `run()` is called once per period of `every`, by whichever worker is first."""

    name: str
    every: timedelta
    run: Callable


ports: dict[str, Port] = {}
jobs: dict[str, Job] = {}


def register(port: Port):
    """Make a port known; called in AppConfig.ready. A second registration replaces the first."""
    ports[port.name] = port


def register_job(job: Job):
    """Make a regular job known; called in AppConfig.ready. `run` must bear being repeated."""
    jobs[job.name] = job
