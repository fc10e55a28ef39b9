"""Who is away: deputies act for them and they read it afterwards; who decides is never passed over."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.cases import account, person
from machi.engines.approvals import public as approvals
from machi.engines.approvals.jobs import pass_over
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current
from machi.engines.people.models import Appointment
from machi.engines.people.public import AbsenceRefused, enter_absence, take_back_absence
from machi.ground.calendar import today

DIGEST = "a" * 64
CLERK, DEPUTY, CHIEF, DIRECTOR = "doro.tanto", "doro.hosa", "doro.kacho", "kensetsu.bucho"

pytestmark = pytest.mark.usefixtures("joso")


def begin(amount=800_000, *, drafter=CLERK, deputies=True, unit="roads"):
    row = approvals.choose(current("route", "office.decision_rules").bundle, {"item": "contract", "amount": amount})
    return approvals.open_round(
        owner="case:1", key="approval", digest=DIGEST, row=row, unit=unit, deputies=deputies,
        drafter=account(drafter).pk, actor=person(drafter),
    )  # fmt: skip


def away(mail, days=2):
    return enter_absence(
        person=account(mail).person, kind="trip", first=today(), last=today() + timedelta(days=days), actor=SYSTEM
    )


def slot(found, post, **only):
    return found.slots.filter(post=post, **only).order_by("-turn").first()


def approve(found, who, post):
    return approvals.approve(slot_id=slot(found, post).id, digest=DIGEST, actor=person(who))


def inbox(mail):
    return [(one.post, one.kind, one.acting) for one in approvals.inbox(person(mail))]


def test_a_deputy_decides_for_who_is_away_and_they_read_it_afterwards():
    found = begin(100_000)
    assert inbox(DEPUTY) == []

    away(CHIEF)
    assert inbox(DEPUTY) == [("roads.chief", "approve", "roads.deputy")]
    assert approve(found, DEPUTY, "roads.chief").state == "approved"

    mark = approvals.last_mark(found)
    assert (mark.post, mark.on_behalf_of, mark.by_name) == ("roads.deputy", "roads.chief", "藤田 千春")
    assert inbox(CHIEF) == [("roads.chief", "afterwards", "")]
    approvals.acknowledge(slot_id=slot(found, "roads.chief", kind="afterwards").id, actor=person(CHIEF))
    assert inbox(CHIEF) == []


def test_nobody_acts_for_who_is_there_or_has_come_back():
    found = begin(100_000)
    with pytest.raises(approvals.Refused, match="道路課"):
        approve(found, DEPUTY, "roads.chief")

    take_back_absence(absence_id=away(CHIEF).id, actor=SYSTEM)
    with pytest.raises(approvals.Refused, match="道路課"):
        approve(found, DEPUTY, "roads.chief")


def test_the_next_deputy_acts_where_the_first_is_away_too_or_drafted_it():
    away(CHIEF)
    begin(100_000, drafter=DEPUTY)
    assert inbox(DEPUTY) == []
    assert inbox(CLERK) == [("roads.chief", "approve", "roads.clerk")]


def test_what_is_grave_waits_for_the_post_itself():
    away(CHIEF)
    found = begin(100_000, deputies=False)

    assert inbox(DEPUTY) == []
    assert slot(found, "roads.chief").state == "open"
    with pytest.raises(approvals.Refused, match="道路課"):
        approve(found, DEPUTY, "roads.chief")


def test_who_is_away_is_passed_over_and_reads_it_afterwards():
    away(CHIEF)
    found = begin()

    assert slot(found, "roads.chief", kind="approve").note == "不在のため飛ばしました。"
    assert slot(found, "construction.director").state == "open"
    assert inbox(CHIEF) == [("roads.chief", "afterwards", "")]


def test_who_goes_away_while_it_waits_is_passed_over_too():
    found = begin()
    pass_over()
    assert slot(found, "roads.chief").state == "open"

    away(CHIEF)
    pass_over()
    assert slot(found, "roads.chief", kind="approve").state == "skipped"
    assert slot(found, "construction.director").state == "open"


def test_who_decides_is_never_passed_over():
    away(DIRECTOR)
    found = begin()
    approve(found, CHIEF, "roads.chief")
    pass_over()

    assert slot(found, "construction.director").state == "open"
    assert approve(found, CHIEF, "construction.director").state == "approved"
    assert approvals.last_mark(found).on_behalf_of == "construction.director"


def test_a_consulted_office_is_not_passed_over():
    away("gyosei.kacho")
    found = begin(5_000_000)
    approve(found, CHIEF, "roads.chief")
    assert slot(found, "reform.chief").state == "open"


def test_where_nobody_holds_the_post_a_deputy_acts_and_nothing_is_lost():
    found = begin(100_000)
    Appointment.objects.filter(person=account(CHIEF).person).delete()

    assert inbox(CHIEF) == []
    assert inbox(DEPUTY) == [("roads.chief", "approve", "roads.deputy")]
    assert approve(found, DEPUTY, "roads.chief").state == "approved"


def test_of_two_in_the_deputys_post_only_the_one_who_did_not_draft_it_acts():
    away("kankyo.kacho")
    found = begin(100_000, drafter="kankyo.tanto", unit="environment")

    assert inbox("kankyo.tanto") == []
    assert inbox("kankyo.tanto2") == [("environment.chief", "approve", "environment.clerk")]
    with pytest.raises(approvals.Refused, match="自分の起案"):
        approve(found, "kankyo.tanto", "environment.chief")


PEOPLE = (CLERK, DEPUTY, CHIEF, "gyosei.kacho", DIRECTOR, "fukushicho")
MOVES = st.tuples(
    st.sampled_from(("approve", "send_back", "hold", "pull_up", "leave", "pass")), st.sampled_from(PEOPLE),
    st.integers(0, 5),
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafter=st.sampled_from((CLERK, DEPUTY)), deputies=st.booleans(), moves=st.lists(MOVES, max_size=12))
def test_whoever_leaves_and_whatever_is_pressed_nobody_decides_whom_the_rules_do_not_let(drafter, deputies, moves):
    sid = transaction.savepoint()
    try:
        found = begin(5_000_000, drafter=drafter, deputies=deputies)
        for verb, who, at in moves:
            _try(found, verb, who, at)
        _lawful(found, drafter, deputies)
    finally:
        transaction.savepoint_rollback(sid)


def _try(found, verb, who, at):
    places = list(found.slots.order_by("turn", "level"))
    chosen = {"slot_id": places[at % len(places)].id, "digest": DIGEST, "actor": person(who), "comment": "x"}
    with suppress(approvals.Refused, AbsenceRefused):
        if verb == "leave":
            away(who)
        elif verb == "pass":
            pass_over()
        else:
            getattr(approvals, verb)(**chosen)


def _lawful(found, drafter, deputies):
    slots = list(found.slots.all())
    marks = [mark for one in slots for mark in one.marks.all()]
    afterwards = {one.post for one in slots if one.kind == "afterwards"}
    assert all(mark.by != person(drafter).key for mark in marks)
    acted = {mark.on_behalf_of for mark in marks if mark.on_behalf_of and mark.verb != "hold"}
    assert acted <= afterwards
    assert deputies or not any(mark.on_behalf_of for mark in marks)
    assert all(one.state != "skipped" for one in slots if one.post == "city.deputy_mayor")
    assert all(one.post in afterwards for one in slots if one.note == "不在のため飛ばしました。")
