"""The outbox without processes: what joins the transaction, and what each outcome leads to."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from machi.engines.audit.define import Actor
from machi.engines.audit.public import history
from machi.engines.effects import define
from machi.engines.effects.define import Done, Fatal, Job, Port, Retry, Unknown, register, register_job
from machi.engines.effects.jobs import schedule_jobs
from machi.engines.effects.models import Effect
from machi.engines.effects.public import (
    cancel,
    cancel_key,
    effects_of,
    enqueue,
    retry,
    settle,
    state,
    stuck,
    work_once,
)

CLERK = Actor(kind="staff", account=7, name="総務 花子")


@pytest.fixture(autouse=True)
def clean_registry(monkeypatch):
    monkeypatch.setattr(define, "ports", define.ports.copy())
    monkeypatch.setattr("machi.engines.effects.jobs.ports", ports := {})
    monkeypatch.setattr("machi.engines.effects.actions.ports", ports)
    monkeypatch.setattr("machi.engines.effects.define.ports", ports)


def port(*outcomes, **fields):
    """A port that gives these outcomes in turn; returns the list of calls."""
    calls, left = [], list(outcomes)

    def execute(effect):
        calls.append(effect.key)
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    register(Port("p", execute, **fields))
    return calls


def put(key="k", **fields):
    return enqueue(port="p", key=key, payload={}, **fields)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing():
    calls = port(Done())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        1 / 0  # noqa: B018
    assert work_once() == 0
    assert (calls, Effect.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_the_same_key_twice_is_one_effect():
    calls = port(Done())
    assert put().id == put().id
    assert (work_once(), work_once(), calls) == (1, 0, ["k"])


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_two_threads_at_once_is_one_effect():
    start, ids = threading.Barrier(4), []

    def run():
        start.wait()
        ids.append(put().id)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 1
    assert Effect.objects.count() == 1


@pytest.mark.django_db
def test_done_keeps_the_reference_of_the_other_side():
    port(Done(ref="A-1"))
    effect = put()
    work_once()
    effect.refresh_from_db()
    assert (effect.state, effect.remote_ref, effect.attempts, effect.due_at) == ("done", "A-1", 1, None)


@pytest.mark.django_db
def test_retry_waits_longer_each_time_and_ends_dead():
    calls = port(Retry(reason="busy"), Retry(reason="busy"), Retry(reason="busy"), max_attempts=3)
    effect, pauses = put(), []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            work_once()
            effect.refresh_from_db()
            if effect.due_at:
                pauses.append((effect.due_at - timezone.now()).total_seconds())
                clock.move_to(effect.due_at)
    assert (pauses, len(calls), effect.state, effect.error) == ([10, 20], 3, "dead", "busy")


@pytest.mark.django_db
def test_unknown_without_somebody_to_ask_waits_for_a_person():
    calls = port(Unknown("timeout"))
    effect = put()
    work_once()
    assert [found.id for found in stuck()] == [effect.id]
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        work_once()
    assert calls == ["k"]
    assert state()["unknown"] == 1


@pytest.mark.django_db
def test_unknown_is_asked_about_before_it_is_repeated():
    answers = [Unknown("no answer", ask_again=timedelta(0)), None]
    calls = port(Unknown("timeout", ask_again=timedelta(0)), Done(), reconcile=lambda _e: answers.pop(0))
    effect = put()
    work_once()
    work_once()
    assert calls == ["k"]
    work_once()
    effect.refresh_from_db()
    assert (calls, effect.state) == (["k", "k"], "done")


@pytest.mark.django_db
def test_an_exception_is_doubt_when_the_port_can_ask_and_its_message_stays_out_of_the_log(caplog):
    port(ValueError("山田太郎 090"), reconcile=lambda _e: Done())
    effect = put()
    work_once()
    effect.refresh_from_db()
    assert effect.state == "unknown"
    assert "山田太郎" not in effect.error + caplog.text
    assert "ValueError" in effect.error
    assert "ValueError" in caplog.text


@pytest.mark.django_db
def test_an_exception_is_a_retry_when_repeating_is_promised_to_be_harmless():
    calls = port(OSError("x"), Done())
    effect = put()
    work_once()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        work_once()
    effect.refresh_from_db()
    assert (effect.state, len(calls)) == ("done", 2)


@pytest.mark.django_db
def test_a_timer_fires_when_due_and_not_before():
    calls = port(Done())
    put(due_at=timezone.now() + timedelta(days=14))
    assert (work_once(), state()["later"]) == (0, 1)
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)):
        assert work_once() == 1
    assert calls == ["k"]


@pytest.mark.django_db
def test_cancel_drops_what_waits_and_frees_the_key():
    calls = port(Done())
    put("a", owner="case:1", due_at=timezone.now() + timedelta(days=1))
    put("b", owner="case:2")
    assert (cancel(owner="case:1"), cancel_key("a"), cancel_key("b")) == (1, 0, 1)
    put("b")
    assert (work_once(), calls) == (1, ["b"])


@pytest.mark.django_db
def test_what_is_cancelled_while_under_way_is_not_tried_again():
    def execute(_effect):
        assert cancel(owner="case:1") == 0
        return Retry(timedelta(0))

    register(Port("p", execute))
    put(owner="case:1")
    work_once()
    assert Effect.objects.count() == 0


@pytest.mark.django_db
def test_a_local_effect_may_cancel_the_others_of_its_owner_and_is_still_done():
    def execute(_effect):
        assert cancel(owner="case:1") == 1
        return Done()

    register(Port("p", execute, local=True))
    put("a", owner="case:1")
    put("b", owner="case:1", due_at=timezone.now() + timedelta(days=1))
    work_once()
    assert list(effects_of("case:1").values_list("key", "state")) == [("a", "done")]


@pytest.mark.django_db
def test_a_local_effect_that_fails_leaves_nothing_half_done():
    def execute(_effect):
        enqueue(port="p", key="half", payload={})
        raise RuntimeError

    register(Port("p", execute, local=True))
    effect = put()
    work_once()
    effect.refresh_from_db()
    assert (effect.state, Effect.objects.count()) == ("retry", 1)


@pytest.mark.django_db
def test_a_dead_worker_leaves_what_it_had_not_begun_as_pending():
    calls = port(Done(), reconcile=lambda _e: pytest.fail("there is no doubt"))
    effect = put()
    Effect.objects.update(state="running", begun=False, lease_until=timezone.now() - timedelta(seconds=1))
    work_once()
    effect.refresh_from_db()
    assert (effect.state, calls) == ("done", ["k"])


@pytest.mark.django_db
def test_a_person_may_order_a_stuck_effect_again_and_is_written_down():
    calls = port(Fatal("refused"), Done())
    effect = put(owner="case:9")
    work_once()
    retry(effect_id=effect.id, actor=CLERK)
    work_once()
    assert calls == ["k", "k"]
    entry = history("case:9")[-1]
    assert (entry.verb, entry.actor_key, entry.payload["was"]) == ("effects.retry", "staff:7", "dead")


@pytest.mark.django_db
def test_a_person_may_settle_with_evidence_but_only_what_is_stuck():
    port(Unknown("timeout"))
    effect = put(owner="case:9")
    with pytest.raises(Effect.DoesNotExist):
        settle(effect_id=effect.id, actor=CLERK, evidence="電話で確認")
    work_once()
    with pytest.raises(ValueError, match="evidence"):
        settle(effect_id=effect.id, actor=CLERK, evidence=" ")
    assert settle(effect_id=effect.id, actor=CLERK, evidence="電話で確認").state == "done"
    assert history("case:9")[-1].payload["evidence"] == "電話で確認"


@pytest.mark.django_db
def test_the_port_is_told_each_change_of_state():
    told = []
    port(Retry(timedelta(0)), Done(), changed=lambda effect: told.append(effect.state))
    put()
    work_once()
    work_once()
    assert told == ["retry", "done"]


@pytest.mark.django_db
def test_a_regular_job_runs_once_per_period(monkeypatch):
    from machi.engines.effects.jobs import JOB_PORT

    runs, known = [], {}
    monkeypatch.setattr("machi.engines.effects.jobs.jobs", known)
    monkeypatch.setattr("machi.engines.effects.define.jobs", known)
    monkeypatch.setattr("machi.engines.effects.jobs._scheduled", {})
    register(JOB_PORT)
    register_job(Job("tidy", timedelta(hours=1), lambda: runs.append(1)))
    with time_machine.travel("2026-11-22T10:10:00+09:00", tick=False) as clock:
        for minutes in (0, 20, 40, 60):
            clock.move_to(f"2026-11-22T{10 + (10 + minutes) // 60}:{(10 + minutes) % 60:02}:00+09:00")
            schedule_jobs()
            work_once()
    assert len(runs) == 2


@pytest.mark.django_db
def test_an_effect_for_a_port_this_program_does_not_know_waits():
    effect = enqueue(port="of-a-newer-version", key="new", payload={})
    work_once()
    effect.refresh_from_db()
    assert effect.state == "retry"
