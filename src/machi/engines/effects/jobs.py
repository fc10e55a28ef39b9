"""The worker's hands: claim what is due, call out with no transaction open, record what came of it.

Rows go pending → running (claimed, leased) → begun (just before the call) → an outcome. A worker that dies
before `begun` leaves a row that was certainly not sent; one that dies after it leaves an *unknown*.
"""

import logging
import time
import traceback
import uuid
from dataclasses import replace
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from .actions import enqueue, in_hand, tell_port
from .define import Done, Fatal, Job, Port, Retry, Unknown, jobs, ports
from .models import WAITING, Effect, State
from .rules import describe, pause

log = logging.getLogger(__name__)
CLAIM_LEASE = timedelta(minutes=2)
RECORD_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds to wait for a database that is away, before giving up
KEEP_JOBS = timedelta(days=7)
_scheduled = {}


class _LostError(Exception):
    """The effect is no longer ours: roll back."""


def work_once(*, limit=20, stop=lambda: False):
    """Do up to `limit` due effects and return how many were taken up. `stop()` true ends after the current
    one.
    """
    reap()
    claim, batch = _claim(limit)
    done = 0
    try:
        for effect in batch:
            if stop():
                break
            _process(effect)
            done += 1
    finally:
        if done < len(batch):
            _release(claim)
    return done


@transaction.atomic
def reap():
    """Take back what a dead worker held: what it had not begun waits again, what it had begun is unknown."""
    expired = Effect.objects.filter(state=State.RUNNING, lease_until__lt=timezone.now())
    for effect in expired.select_for_update(skip_locked=True):
        effect.state = State.UNKNOWN if effect.begun else State.PENDING
        effect.error = "the worker died during the call" if effect.begun else effect.error
        effect.due_at, effect.claim = timezone.now(), None
        effect.save()
        tell_port(effect)


def schedule_jobs():
    """Put the regular jobs of the current period on the queue; the unique key makes it once for all
    workers.
    """
    for job in jobs.values():
        period = int(timezone.now().timestamp() // job.every.total_seconds())
        if _scheduled.get(job.name) != period:
            enqueue(port="job", key=f"job:{job.name}:{period}", payload={"job": job.name})
            _scheduled[job.name] = period


@transaction.atomic
def _claim(limit):
    """(claim, effects): the rows due longest, marked as running under our claim; their `state` still says
    what was.
    """
    now, claim = timezone.now(), uuid.uuid4()
    due = Effect.objects.filter(state__in=WAITING, due_at__lte=now).order_by("due_at")
    batch = list(due.select_for_update(skip_locked=True)[:limit])
    Effect.objects.filter(id__in=[effect.id for effect in batch]).update(
        state=State.RUNNING, claim=claim, begun=False, lease_until=now + CLAIM_LEASE
    )
    for effect in batch:
        effect.claim = claim
    return claim, batch


def _release(claim):
    """Give back what we claimed and did not begin."""
    _mine(claim).filter(begun=False).update(state=State.PENDING, claim=None)


def _mine(claim):
    return Effect.objects.filter(claim=claim, state=State.RUNNING)


def _process(effect):
    port = ports.get(effect.port)
    if port is None:
        _insist(_record, effect, Retry(timedelta(minutes=1), f"no port {effect.port!r} in this program"))
        return
    if effect.cancelled and not (effect.state == State.UNKNOWN and port.reconcile):
        Effect.objects.filter(id=effect.id).delete()
        return
    if not _begin(effect, port):
        return
    if port.local:
        _insist(_do_locally, effect, port)
    else:
        _insist(_record, effect, _do(effect, port))


def _begin(effect, port):
    """Mark the effect as begun, durably, before the call. False: our lease ran out and another worker has
    it.
    """
    effect.attempts += 1
    doubtful = not port.local
    now = timezone.now()
    return bool(
        _mine(effect.claim)
        .filter(id=effect.id)
        .update(begun=doubtful, attempts=F("attempts") + 1, lease_until=now + port.lease)
    )


def _do(effect, port):
    """The outcome of calling out once, or of asking first what became of an earlier attempt."""
    if effect.state == State.UNKNOWN and port.reconcile:
        outcome = _guard(effect, port, port.reconcile)
        if outcome is not None or effect.cancelled:
            return outcome or Retry(reason="cancelled")
    outcome = _guard(effect, port, port.execute)
    if isinstance(outcome, Unknown) and port.reconcile and outcome.ask_again is None:
        return replace(outcome, ask_again=pause(effect.attempts))
    return outcome


def _guard(effect, port, call):
    """`call(effect)`; an exception becomes Unknown where the port can ask, else Retry."""
    try:
        return call(effect)
    except Exception as error:  # noqa: BLE001  (the worker outlives every fault of a port)
        log_failure(effect, error)
        if port.reconcile:
            return Unknown(describe(error), ask_again=pause(effect.attempts))
        return Retry(reason=describe(error))


def _do_locally(effect, port):
    """Execute and record in one transaction: both or neither.

    The effect's row is locked last, as in every transaction that cancels effects, so the two cannot deadlock.
    """
    token = in_hand.set(effect.id)
    try:
        with transaction.atomic():
            outcome = port.execute(effect)
            _hold(effect)
            _record(effect, outcome)
    except (OperationalError, InterfaceError):
        raise
    except _LostError:
        log.info("effect %s was cancelled or taken over; nothing was done", effect.id)
    except Exception as error:  # noqa: BLE001  (the worker outlives every fault of a port)
        log_failure(effect, error)
        _record(effect, Retry(reason=describe(error)))
    finally:
        in_hand.reset(token)


def _hold(effect):
    """Lock the effect's row. Raises _LostError if it is no longer ours."""
    if not _mine(effect.claim).filter(id=effect.id).select_for_update().exists():
        raise _LostError


def log_failure(effect, error):
    """Log where a port failed, without the exception's message, which may hold personal data."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("effect %s of port %s failed: %s\n%s", effect.id, effect.port, type(error).__name__, frames)


def _insist(step, *args):
    """Run a recording step; while the database is away, wait and try again: we alone know what happened."""
    for wait in (*RECORD_PAUSES, None):
        try:
            step(*args)
        except (OperationalError, InterfaceError):
            if wait is None or connection.in_atomic_block:
                raise
            log.warning("the database is away; recording again in %s s", wait)
            connection.close()
            time.sleep(wait)
        else:
            return


@transaction.atomic
def _record(effect, outcome):
    """Write an outcome down. If we lost the lease meanwhile, only the certainty that it is done counts."""
    row = Effect.objects.select_for_update().filter(id=effect.id).first()
    if row is None:
        return
    ours = row.state == State.RUNNING and row.claim == effect.claim
    if not ours and not (isinstance(outcome, Done) and row.state != State.DONE):
        return
    row.claim, row.begun, row.lease_until, row.due_at = None, False, None, None
    _apply(row, outcome, ports.get(row.port))
    if row.cancelled and row.state == State.RETRY:
        row.delete()
        return
    row.save()
    tell_port(row)


def _apply(row, outcome, port):
    now = timezone.now()
    may_go_on = port is None or row.attempts < port.max_attempts
    match outcome:
        case Done(ref):
            row.state, row.remote_ref, row.error, row.ended_at = State.DONE, ref, "", now
        case Retry(after, reason) if may_go_on:
            row.state, row.error = State.RETRY, reason
            row.due_at = now + (pause(row.attempts) if after is None else after)
        case Unknown(reason, ask_again):
            row.state, row.error = State.UNKNOWN, reason
            row.due_at = now + ask_again if ask_again is not None and may_go_on else None
        case Retry(_, reason) | Fatal(reason):
            row.state, row.error, row.ended_at = State.DEAD, reason, now


def _run_job(effect):
    job = jobs.get(effect.payload["job"])
    if job is None:
        return Fatal("no such job in this program")
    job.run()
    return Done()


def purge_old_jobs():
    """Forget regular jobs that ended a week ago or earlier. Effects of cases stay with their cases."""
    Effect.objects.filter(port="job", state=State.DONE, ended_at__lt=timezone.now() - KEEP_JOBS).delete()


JOB_PORT = Port("job", _run_job, max_attempts=3, lease=timedelta(minutes=30))
PURGE = Job("effects.purge", timedelta(days=1), purge_old_jobs)
