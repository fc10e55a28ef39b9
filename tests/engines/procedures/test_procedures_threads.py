"""Many at once, in real threads against the real database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, connections

from fixtures.cases import BULKY, VOICE, act, active, bulky, person, send, voice
from machi.engines.audit.public import verify
from machi.engines.bookings.models import Reservation, Slot
from machi.engines.procedures import public as procedures
from machi.ground.ids import new_id

AT_ONCE = 24  # connections to the database; the other applicants come as soon as one of these has gone


def crowd(tasks):
    """Run all tasks, AT_ONCE at a time, the first ones at the same moment; returns the results."""
    start = Barrier(min(AT_ONCE, len(tasks)))

    def run(number, task):
        if number < start.parties:
            start.wait()
        try:
            return task()
        finally:
            connections.close_all()

    connection.close()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(len(tasks)), tasks))


def test_the_same_submission_pressed_twenty_times_at_once_is_one_case(live_joso):
    name = new_id()

    cases = crowd([lambda: send(VOICE, voice(), command_id=name).id for _press in range(20)])

    assert len(set(cases)) == 1
    assert procedures.Case.objects.count() == 1
    assert verify(f"case:{cases[0]}") == []


def test_one_person_at_once_stays_within_the_limit(live_joso):
    from fixtures.cases import CERTIFICATE, certificate

    def ask():
        try:
            return send(CERTIFICATE, certificate(), mail="hanako").status
        except procedures.Refused as refused:
            return refused.message[:2]

    assert Counter(crowd([ask] * 8)) == {"working": 3, "この": 5}


def test_two_hundred_for_thirty_places_give_exactly_thirty(live_joso):
    answers = bulky(lines=[{"_id": "r1", "item": "chair", "qty": 1}])
    slot = Slot.objects.get(id=answers["day"]["id"])
    Slot.objects.filter(pk=slot.pk).update(taken=slot.capacity - 30)

    def apply_for_one():
        try:
            return send(BULKY, answers).status
        except procedures.Refused as refused:
            return refused.errors["day"]

    results = Counter(crowd([apply_for_one] * 200))

    assert results == {"working": 30, "選んだ日はいっぱいになりました。別の日を選んでください。": 170}
    slot.refresh_from_db()
    assert slot.taken == slot.capacity
    assert Reservation.objects.filter(slot=slot, state="confirmed").count() == 30
    cases = list(procedures.Case.objects.filter(code=BULKY))
    assert len(cases) == 30 and all(active(case) == ["collect"] for case in cases)
    numbers = sorted(case.number for case in cases)
    assert [int(number[-6:]) for number in numbers] == list(range(1, 31)), "no number is lost, none is double"


def test_two_clerks_who_press_at_once_make_one_change(live_joso):
    case = send(VOICE, voice())
    clerk, chief = person("doro.tanto"), person("doro.kacho")

    def take(who):
        try:
            return act(case, "claim", who).revision
        except procedures.Stale:
            return "stale"

    assert Counter(crowd([lambda: take(clerk), lambda: take(chief)])) == {2: 1, "stale": 1}
    assert verify(case.owner) == []
