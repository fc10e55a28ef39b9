"""Places by day: held, moved, confirmed, given back, and never more than there are."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from machi.engines.bookings import actions
from machi.engines.bookings import public as bookings
from machi.engines.bookings.define import Pool
from machi.engines.bookings.models import Reservation, Resource, Slot
from machi.ground.calendar import clock, now

MONDAY = date(2026, 12, 7)
DAYS = [MONDAY + timedelta(days=n) for n in range(3)]


def make_slots(capacity=3, resource="A", days=DAYS):
    bookings.ensure_slots(pool_code="waste.bulky.pickup", resource=resource, days=days, capacity=capacity)
    slots = Slot.objects.filter(resource__pool="waste.bulky.pickup", resource__code=resource)
    return list(slots.order_by("day"))


def hold(slot, owner, weight=1, minutes=15):
    return bookings.hold(slot_id=slot.id, weight=weight, owner=owner, minutes=minutes)


def taken(slot):
    return Slot.objects.get(pk=slot.pk).taken


def free(weight=1, **more):
    return bookings.free(
        pool_code="waste.bulky.pickup", resource="A", weight=weight, first=DAYS[0], last=DAYS[-1], **more
    )


def assert_counts_agree():
    for slot in Slot.objects.all():
        places = sum(r.weight for r in slot.reservations.filter(state__in=("held", "confirmed")))
        assert slot.taken == places


@pytest.mark.django_db
class TestSlots:
    def test_asking_twice_makes_each_day_once(self):
        make_slots()
        assert len(make_slots()) == 3

    def test_a_new_capacity_never_falls_below_what_is_taken(self):
        first, second, _third = make_slots(capacity=5)
        hold(first, "draft:1", weight=4)
        make_slots(capacity=2)
        assert Slot.objects.get(pk=first.pk).capacity == 4
        assert Slot.objects.get(pk=second.pk).capacity == 2

    def test_the_database_itself_refuses_more_places_than_there_are(self):
        slot = make_slots()[0]
        with pytest.raises(IntegrityError), transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(taken=4)
        with pytest.raises(IntegrityError), transaction.atomic():
            Slot.objects.create(resource=Resource.objects.get(), day=DAYS[0], capacity=1)

    def test_two_times_of_one_day_are_two_slots(self):
        slot = make_slots()[0]
        Slot.objects.create(resource=slot.resource, day=DAYS[0], starts=time(9), capacity=1)
        Slot.objects.create(resource=slot.resource, day=DAYS[0], starts=time(10), capacity=1)
        assert [f.starts for f in free()][:3] == [time(9), time(10), None]

    def test_only_days_with_room_for_the_weight_are_free(self):
        first, second, _third = make_slots()
        hold(first, "draft:1", weight=3)
        hold(second, "draft:2", weight=2)
        assert [(f.day, f.left) for f in free()] == [(DAYS[1], 1), (DAYS[2], 3)]
        assert [f.day for f in free(weight=2)] == [DAYS[2]]
        assert free(weight=4) == []

    def test_an_owner_sees_its_own_places_as_free(self):
        slot = make_slots()[0]
        hold(slot, "draft:1", weight=3)
        assert DAYS[0] in [f.day for f in free(weight=3, owner="draft:1")]
        assert DAYS[0] not in [f.day for f in free(weight=1, owner="draft:2")]

    def test_days_outside_the_window_and_other_resources_are_not_offered(self):
        make_slots()
        make_slots(resource="B", days=[DAYS[0] + timedelta(days=30)])
        assert [f.day for f in free()] == DAYS


@pytest.mark.django_db
class TestHolding:
    def test_a_hold_takes_places_before_anybody_confirms(self):
        slot = make_slots()[0]
        held = hold(slot, "draft:1", weight=2)
        assert (held.state, held.day, taken(slot)) == ("held", DAYS[0], 2)
        with pytest.raises(bookings.SlotFull, match="いっぱい"):
            hold(slot, "draft:2", weight=2)
        assert taken(slot) == 2

    def test_holding_again_moves_to_the_new_day(self):
        first, second, _third = make_slots()
        hold(first, "draft:1", weight=2)
        hold(second, "draft:1", weight=3)
        assert (taken(first), taken(second)) == (0, 3)
        assert [r.day for r in bookings.of_owner("draft:1")] == [DAYS[1]]

    def test_a_failed_move_leaves_what_one_had(self):
        first, second, _third = make_slots()
        hold(second, "draft:2", weight=3)
        mine = hold(first, "draft:1")
        with pytest.raises(bookings.SlotFull):
            hold(second, "draft:1")
        assert [r.pk for r in bookings.of_owner("draft:1")] == [mine.pk]
        assert_counts_agree()

    def test_more_things_on_the_same_day_need_only_the_difference(self):
        slot = make_slots()[0]
        hold(slot, "draft:1", weight=2)
        hold(slot, "draft:1", weight=3)
        assert taken(slot) == 3

    def test_a_confirmed_place_stays_confirmed_when_it_moves(self):
        first, second, _third = make_slots()
        hold(first, "case:1")
        bookings.confirm(owner="case:1")
        assert hold(second, "case:1").state == "confirmed"
        assert (taken(first), taken(second)) == (0, 1)

    @pytest.mark.parametrize("slot_id", ["", "x", "00000000-0000-7000-8000-000000000000", None])
    def test_a_slot_that_is_none_is_refused_in_words(self, slot_id):
        with pytest.raises(bookings.SlotFull, match="見つかりません"):
            bookings.hold(slot_id=slot_id, weight=1, owner="draft:1", minutes=15)

    @pytest.mark.parametrize("weight", [0, -1, 4])
    def test_a_weight_that_cannot_be_is_refused(self, weight):
        slot = make_slots()[0]
        with pytest.raises(bookings.SlotFull):
            hold(slot, "draft:1", weight=weight)
        assert taken(slot) == 0

    def test_two_pools_of_one_owner_do_not_disturb_each_other(self):
        slot = make_slots()[0]
        bookings.ensure_slots(pool_code="other", resource="x", days=DAYS[:1], capacity=1)
        hold(slot, "draft:1")
        hold(Slot.objects.get(resource__pool="other"), "draft:1")
        assert len(bookings.of_owner("draft:1")) == 2
        assert len(bookings.confirm(owner="draft:1")) == 2


@pytest.mark.django_db
class TestExpiry:
    def test_a_hold_that_ran_out_is_free_for_the_next_without_any_job(self):
        slot = make_slots()[0]
        old = hold(slot, "draft:1", weight=3)
        with clock(now() + timedelta(minutes=16)):
            assert free(weight=3)[0].day == DAYS[0]
            hold(slot, "draft:2", weight=3)
        old.refresh_from_db()
        assert (old.state, taken(slot)) == ("expired", 3)

    def test_a_hold_that_still_runs_is_not_taken_away(self):
        slot = make_slots()[0]
        hold(slot, "draft:1", weight=3)
        with clock(now() + timedelta(minutes=14)), pytest.raises(bookings.SlotFull):
            hold(slot, "draft:2")

    def test_the_job_gives_back_what_ran_out_and_leaves_the_rest(self):
        first, second, third = make_slots()
        hold(first, "draft:1")
        hold(second, "draft:2", minutes=60)
        hold(third, "case:3")
        bookings.confirm(owner="case:3")
        with clock(now() + timedelta(minutes=20)):
            assert bookings.expire() == 1
            assert bookings.expire() == 0
        assert (taken(first), taken(second), taken(third)) == (0, 1, 1)

    def test_a_late_confirmation_holds_while_nobody_else_came(self):
        slot = make_slots()[0]
        hold(slot, "draft:1", weight=3)
        with clock(now() + timedelta(hours=1)):
            bookings.expire()
            assert taken(slot) == 0
            assert [r.state for r in bookings.confirm(owner="draft:1")] == ["confirmed"]
        assert taken(slot) == 3

    def test_a_late_confirmation_is_lost_when_somebody_else_came(self):
        slot = make_slots()[0]
        hold(slot, "draft:1", weight=3)
        with clock(now() + timedelta(hours=1)):
            hold(slot, "draft:2")
            assert bookings.confirm(owner="draft:1") == []
        assert [r.owner for r in Reservation.objects.filter(state="held")] == ["draft:2"]
        assert_counts_agree()

    def test_coming_back_after_ones_hold_ran_out_takes_the_place_anew(self):
        slot = make_slots()[0]
        hold(slot, "draft:1", weight=3)
        with clock(now() + timedelta(hours=1)):
            assert hold(slot, "draft:1", weight=2).state == "held"
        assert taken(slot) == 2
        assert_counts_agree()


@pytest.mark.django_db
class TestOwners:
    def test_confirming_twice_is_confirming_once(self):
        slot = make_slots()[0]
        hold(slot, "case:1")
        assert bookings.confirm(owner="case:1") == bookings.confirm(owner="case:1")
        assert taken(slot) == 1

    def test_nothing_held_is_nothing_confirmed(self):
        assert bookings.confirm(owner="case:none") == []

    def test_releasing_gives_the_places_back_once(self):
        slot = make_slots()[0]
        hold(slot, "case:1", weight=2)
        bookings.confirm(owner="case:1")
        assert bookings.release(owner="case:1") == 1
        assert bookings.release(owner="case:1") == 0
        assert taken(slot) == 0
        assert bookings.confirm(owner="case:1") == []

    def test_a_draft_hands_its_place_to_the_case(self):
        slot = make_slots()[0]
        hold(slot, "draft:1")
        assert bookings.move(from_owner="draft:1", to_owner="case:1") == 1
        assert bookings.of_owner("draft:1") == []
        assert bookings.confirm(owner="case:1")[0].day == DAYS[0]


def in_threads(number, work):
    """Run `work(n)` in `number` real threads at once, each with a connection; returns what they returned."""
    start, results = threading.Barrier(number), [None] * number
    lines = threading.BoundedSemaphore(40)  # connections to the database at one time

    def run(n):
        start.wait()
        with lines:
            try:
                results[n] = work(n)
            finally:
                connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def tried(slot, owner, weight=1):
    try:
        return hold(slot, owner, weight=weight).state
    except bookings.SlotFull:
        return "full"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_hundred_people_for_thirty_places_give_exactly_thirty(self):
        slot = make_slots(capacity=30, days=DAYS[:1])[0]
        results = in_threads(200, lambda n: tried(slot, f"draft:{n}"))
        assert results.count("held") == 30
        assert results.count("full") == 170
        assert taken(slot) == 30
        assert_counts_agree()

    def test_different_weights_never_overfill(self):
        slot = make_slots(capacity=20, days=DAYS[:1])[0]
        results = in_threads(60, lambda n: tried(slot, f"draft:{n}", weight=n % 4 + 1))
        assert taken(slot) <= 20
        assert results.count("held") == Reservation.objects.filter(state="held").count()
        assert_counts_agree()

    def test_a_double_click_books_once(self):
        slot = make_slots(capacity=30, days=DAYS[:1])[0]
        assert set(in_threads(20, lambda _n: tried(slot, "draft:1"))) == {"held"}
        assert taken(slot) == 1
        assert_counts_agree()

    def test_people_who_swap_days_do_not_lock_each_other_out(self):
        first, second, _third = make_slots(capacity=1)
        hold(first, "draft:0")
        hold(second, "draft:1")
        work = [lambda n: tried(second, "draft:0"), lambda n: tried(first, "draft:1")]
        results = in_threads(20, lambda n: work[n % 2](n))
        assert set(results) <= {"held", "full"}
        assert_counts_agree()

    def test_expired_places_are_given_once(self):
        slot = make_slots(capacity=5, days=DAYS[:1])[0]
        for n in range(5):
            hold(slot, f"draft:old{n}", minutes=0)
        results = in_threads(40, lambda n: bookings.expire() if n % 4 == 0 else tried(slot, f"draft:{n}"))
        assert results.count("held") == 5
        assert_counts_agree()

    def test_a_hold_given_away_while_its_owner_confirms_is_not_counted_twice(self, monkeypatch):
        slot = make_slots(capacity=1, days=DAYS[:1])[0]
        hold(slot, "draft:slow", minutes=0)
        lock = actions._lock_slots

        def somebody_is_faster(ids, but=""):
            if but == "draft:slow":
                in_threads(1, lambda _n: tried(slot, "draft:fast"))
            return lock(ids, but)

        monkeypatch.setattr(actions, "_lock_slots", somebody_is_faster)
        assert bookings.confirm(owner="draft:slow") == []
        assert [r.owner for r in Reservation.objects.filter(state="held")] == ["draft:fast"]
        assert_counts_agree()

    def test_confirming_releasing_and_holding_together_keep_the_count(self):
        slot = make_slots(capacity=10, days=DAYS[:1])[0]

        def work(n):
            owner = f"draft:{n % 15}"
            if n % 5 == 3:
                return bookings.release(owner=owner)
            return bookings.confirm(owner=owner) if n % 5 == 4 else tried(slot, owner, weight=n % 3 + 1)

        in_threads(90, work)
        assert taken(slot) <= 10
        assert_counts_agree()


def test_a_pool_reads_as_a_definition_writes_it():
    pool = Pool.model_validate(
        {
            "resources": "routes",
            "resource": "lookup(towns, town, 'route')",
            "open": {"from": "P3D", "to": "P60D"},
        }
    )
    assert (pool.mode, pool.open.from_, pool.open.to, pool.hold) == ("capacity", "P3D", "P60D", "PT15M")
    with pytest.raises(ValueError, match="hold"):
        Pool.model_validate({**pool.model_dump(by_alias=True), "hold": "15"})


def test_the_tests_run_on_postgresql():
    assert connection.vendor == "postgresql"
