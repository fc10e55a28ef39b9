"""The chain of events: appended, verified, shredded; and the access log."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from machi.engines.audit.define import ANONYMOUS, SYSTEM, Actor
from machi.engines.audit.models import AccessLine, Event, StreamKey
from machi.engines.audit.public import StreamShredded, accesses, history, record, saw, shred, verify

CLERK = Actor(kind="staff", account=12, name="窓口 花子", posts=("waste_clerk",))
RESIDENT = Actor(kind="resident", account=7, person="p7", name="𠮷田 神")


def act(verb="case.noted", stream="case:1", actor=CLERK, payload=None, personal=None):
    return record(stream=stream, verb=verb, actor=actor, payload=payload or {}, personal=personal)


def unprotected(sql, values):
    """Run `sql` as an intruder would who can switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")


def test_actor_key_names_the_account():
    assert CLERK.key == "staff:12"
    assert SYSTEM.key == "system:machi"
    assert ANONYMOUS.key == "anonymous"


@pytest.mark.django_db
def test_history_returns_what_was_recorded_in_order():
    act("case.submitted", actor=RESIDENT, payload={"fee": 800}, personal={"phone": "090-0000-0000"})
    act("case.decided", payload={"on": date(2026, 11, 22), "rate": Decimal("0.10")})

    first, second = history("case:1")

    assert (first.seq, first.verb, first.actor_key, first.actor_name) == (
        1,
        "case.submitted",
        "resident:7",
        "𠮷田 神",
    )
    assert (first.payload, first.personal) == ({"fee": 800}, {"phone": "090-0000-0000"})
    assert (second.seq, second.actor_name, second.personal) == (2, "窓口 花子", None)
    assert second.payload == {"on": "2026-11-22", "rate": "0.10"}
    assert verify("case:1") == []


@pytest.mark.django_db
def test_streams_count_apart():
    act(stream="case:1")
    act(stream="case:2")
    assert [e.seq for e in history("case:2")] == [1]
    assert history("case:3") == [] and verify("case:3") == []


@pytest.mark.django_db
def test_personal_part_and_residents_name_are_not_readable_in_the_table():
    act(actor=RESIDENT, personal={"address": "常総市水海道諏訪町"})
    event = Event.objects.get()
    everything = repr(
        [bytes(value) if isinstance(value, memoryview) else value for value in vars(event).values()]
    )
    assert "諏訪町" not in everything and "𠮷田" not in everything
    assert "諏訪町".encode() not in bytes(event.personal)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "DELETE FROM audit_streamkey"]
)
def test_database_refuses_to_change_the_chain(sql):
    act()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert verify("case:1") == []


@pytest.mark.django_db
def test_verify_finds_a_changed_event():
    act(payload={"result": "refused"})
    act()
    unprotected("UPDATE audit_event SET body = %s WHERE seq = 1", ['{"result":"granted"}'])
    assert verify("case:1") == ["case:1 1: was changed after it was written"]


@pytest.mark.django_db
def test_verify_finds_missing_events_in_the_middle_and_at_the_end():
    for _ in range(4):
        act()
    unprotected("DELETE FROM audit_event WHERE seq = %s", [2])
    assert verify("case:1") == ["case:1: events 2 to 2 are missing"]
    unprotected("DELETE FROM audit_event WHERE seq = %s", [4])
    assert verify("case:1")[-1] == "events 4 to 4 at the end are missing"


@pytest.mark.django_db
def test_command_verifies_all_chains(capsys):
    act(stream="case:1")
    act(stream="case:2")
    call_command("verify_audit")
    assert "All chains are sound." in capsys.readouterr().out
    unprotected("UPDATE audit_event SET verb = 'x' WHERE stream = %s", ["case:2"])
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_audit")
    assert "case:2 1: was changed" in capsys.readouterr().err


@pytest.mark.django_db
def test_shred_destroys_personal_data_and_keeps_the_chain():
    act(actor=RESIDENT, personal={"phone": "090"})
    shred(stream="case:1", actor=SYSTEM, reason="保存期間満了")
    shred(stream="case:1", actor=SYSTEM, reason="twice changes nothing")

    first, last = history("case:1")

    assert (first.personal, first.actor_name, first.actor_key) == (None, "", "resident:7")
    assert last.payload == {"reason": "保存期間満了"}
    assert verify("case:1") == []
    assert StreamKey.objects.get().wrapped is None


@pytest.mark.django_db
def test_a_shredded_stream_takes_no_more_personal_data():
    act(personal={"phone": "090"})
    shred(stream="case:1", actor=SYSTEM, reason="期間満了")
    with pytest.raises(StreamShredded):
        act(personal={"phone": "091"})
    act(actor=RESIDENT)
    assert history("case:1")[-1].actor_name == ""


@pytest.mark.django_db
def test_a_destroyed_key_cannot_be_put_back():
    act(personal={"phone": "090"})
    wrapped = bytes(StreamKey.objects.get().wrapped)
    shred(stream="case:1", actor=SYSTEM, reason="期間満了")
    with pytest.raises(DatabaseError), transaction.atomic():
        StreamKey.objects.update(wrapped=wrapped)


@pytest.mark.django_db
def test_a_ciphertext_cannot_be_moved_to_another_event():
    act(personal={"phone": "090"})
    act(personal={"phone": "091"})
    one = bytes(Event.objects.get(seq=1).personal)
    unprotected("UPDATE audit_event SET personal = %s WHERE seq = 2", [one])
    with pytest.raises(Exception, match="cannot decrypt"):
        history("case:1")


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_gapless_chain():
    def write():
        try:
            for _ in range(5):
                act(personal={"n": 1})
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [entry.seq for entry in history("case:1")] == list(range(1, 31))
    assert verify("case:1") == []


@pytest.mark.django_db
def test_a_rolled_back_action_leaves_no_event():
    with pytest.raises(RuntimeError), transaction.atomic():
        act()
        raise RuntimeError
    assert history("case:1") == []


@pytest.mark.django_db
def test_access_log_says_who_read_whose_data_and_why():
    saw(actor=CLERK, owner="case:1", what="answers", purpose="審査")
    saw(actor=CLERK, owner="case:2", what="answers")
    line = accesses("case:1")[0]
    assert (line.actor_key, line.what, line.purpose, line.posts) == (
        "staff:12",
        "answers",
        "審査",
        "waste_clerk",
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLine.objects.update(what="nothing")
