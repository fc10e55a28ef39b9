"""Things one has alone for some hours: of two who want them at once, one gets them."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from machi.engines.bookings import public as bookings
from machi.engines.bookings.models import Occupation
from machi.ground.calendar import TOKYO, clock, now

DAY = datetime(2099, 12, 7, tzinfo=TOKYO)


def hold(owner, starts, ends, *, thing="A", minutes=15, buffer=0):
    moments = {"starts": DAY + timedelta(hours=starts), "ends": DAY + timedelta(hours=ends)}
    return bookings.hold_hours(
        pool_code="rooms", resource=thing, owner=owner, minutes=minutes, buffer=buffer, **moments
    )


def taken(owner=""):
    found = bookings.taken_hours(pool_code="rooms", first=DAY, last=DAY + timedelta(days=1), owner=owner)
    return [(one.resource.code, one.owner, one.time) for one in found]


@pytest.mark.django_db
class TestHours:
    def test_one_after_the_other_fits_and_what_overlaps_does_not(self):
        hold("a", 9, 10)
        hold("b", 10, 11)
        hold("c", 9, 10, thing="B")
        with pytest.raises(bookings.TimeTaken, match="重なります"):
            hold("d", 9.5, 10.5)
        assert taken() == [("A", "a", "09:00–10:00"), ("B", "c", "09:00–10:00"), ("A", "b", "10:00–11:00")]
        assert taken(owner="a") == taken()[1:]

    def test_a_thing_stays_empty_for_the_buffer(self):
        hold("a", 9, 10, buffer=15)
        with pytest.raises(bookings.TimeTaken):
            hold("b", 10, 11, buffer=15)
        hold("b", 10.25, 11, buffer=15)

    def test_an_owner_moves_and_keeps_what_it_had_where_that_fails(self):
        hold("a", 9, 10)
        hold("b", 10, 11)
        with pytest.raises(bookings.TimeTaken):
            hold("a", 10, 11)
        hold("a", 9.5, 10)
        assert taken()[0] == ("A", "a", "09:30–10:00")

    def test_a_hold_that_ran_out_is_free_for_others_and_its_owners_until_then(self):
        hold("a", 9, 10, minutes=15)
        with clock(now() + timedelta(minutes=20)):
            assert taken() == []
            assert bookings.confirm_hours(owner="a", pool_code="rooms").state == "confirmed"
        bookings.release(owner="a")
        hold("a", 9, 10, minutes=15)
        with clock(now() + timedelta(minutes=20)):
            hold("b", 9, 10)
            assert bookings.confirm_hours(owner="a", pool_code="rooms") is None
        assert [one[1] for one in taken()] == ["b"]

    def test_what_is_firm_stays_firm_moves_with_its_owner_and_is_given_back(self):
        hold("draft:1", 9, 10)
        bookings.move(from_owner="draft:1", to_owner="case:1")
        bookings.confirm_hours(owner="case:1", pool_code="rooms")
        assert hold("case:1", 13, 14).state == "confirmed"
        with clock(now() + timedelta(days=1)):
            assert bookings.expire() == 0 and len(taken()) == 1
        assert bookings.release(owner="case:1") == 1 and taken() == []
        assert bookings.confirm_hours(owner="case:1", pool_code="rooms") is None

    def test_the_database_itself_refuses_two_at_a_time(self):
        first = hold("a", 9, 10)
        with pytest.raises(IntegrityError), transaction.atomic():
            Occupation.objects.create(
                resource=first.resource, pool="rooms", owner="z", starts=first.starts, ends=first.ends,
                blocks=first.blocks, state="confirmed",
            )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_the_same_moment_one_has_it():
    done, late = [], []

    def ask(number):
        try:
            done.append(hold(f"o{number}", 9 + number / 10, 11))
        except bookings.TimeTaken:
            late.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(late)) == (1, 7)
