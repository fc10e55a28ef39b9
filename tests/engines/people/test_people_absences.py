"""The register of absences: what may be entered, and who is there."""

from datetime import timedelta

import pytest

from fixtures.cases import account, person
from machi.engines.audit.public import history
from machi.engines.people import public as people
from machi.ground.calendar import today

CHIEF = "doro.kacho"

pytestmark = pytest.mark.usefixtures("joso")


def enter(first, last, mail=CHIEF):
    day = today()
    return people.enter_absence(
        person=account(mail).person, kind="leave", first=day + timedelta(first), last=day + timedelta(last),
        actor=person(mail),
    )  # fmt: skip


def test_from_the_first_to_the_last_day_a_post_is_not_manned():
    enter(0, 1)
    (seat,) = people.who_sits(["roads.chief"])["roads.chief"]

    assert (seat.name, seat.back_on) == ("吉田 直樹", today() + timedelta(2))
    assert people.is_away("roads.chief")
    assert people.stand_in("roads.chief") == "roads.deputy"


def test_tomorrows_absence_does_not_count_today():
    enter(1, 1)
    assert not people.is_away("roads.chief")
    assert people.stand_in("roads.chief") is None


def test_one_absence_at_a_time_and_none_in_the_past():
    entered = enter(3, 5)
    for first, last, said in ((5, 6, "もう不在の登録"), (9, 8, "終わりの日"), (-3, -1, "もう過ぎた日")):
        with pytest.raises(people.AbsenceRefused, match=said):
            enter(first, last)

    people.take_back_absence(absence_id=entered.id, actor=person(CHIEF))
    assert enter(4, 6).taken_back_at is None
    verbs = [entry.verb for entry in history(f"absences:{entered.person_id}")]
    assert verbs == ["people.absence_entered", "people.absence_taken_back", "people.absence_entered"]
