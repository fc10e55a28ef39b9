"""Rounds and marks: who may mark, in which order, and what a mark is worth when the content has changed."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.cases import account, person
from machi.engines.approvals import public as approvals
from machi.engines.definitions.public import current
from machi.engines.people.models import Appointment
from machi.ground.ids import new_id

DIGEST = "a" * 64
CLERK, CHIEF, DIRECTOR = "kankyo.tanto", "kankyo.kacho", "shimin.bucho"
REFORM, DEPUTY, MAYOR = "gyosei.kacho", "fukushicho", "shicho"


def begin(amount=800_000, *, item="contract", drafter=CLERK, owner="case:1", digest=DIGEST):
    row = approvals.choose(current("route", "office.decision_rules").bundle, {"item": item, "amount": amount})
    return approvals.open_round(
        owner=owner, key="approval", digest=digest, row=row, unit="environment",
        drafter=account(drafter).pk, actor=person(drafter),
    )  # fmt: skip


def slot(found, post):
    return found.slots.filter(post=post).order_by("-turn").first()


def act(verb, found, who, post, **more):
    more.setdefault("digest", DIGEST)
    return getattr(approvals, verb)(slot_id=slot(found, post).id, actor=person(who), **more)


def test_levels_follow_one_another_and_the_last_mark_approves(joso):
    found = begin()
    assert slot(found, "civic_life.director").state == "waiting"

    act("approve", found, CHIEF, "environment.chief")
    done = act("approve", found, DIRECTOR, "civic_life.director")

    assert done.state == "approved"


def test_side_by_side_waits_for_both(joso):
    found = begin(20_000_000)
    act("approve", found, CHIEF, "environment.chief")
    act("approve", found, REFORM, "reform.chief")
    assert slot(found, "civic_life.director").state == "waiting"

    act("approve", found, "somu.kacho", "general.chief")
    assert slot(found, "civic_life.director").state == "open"


def test_out_of_turn_and_out_of_post_are_refused(joso):
    found = begin()
    with pytest.raises(approvals.Refused, match="まだ来ていません"):
        act("approve", found, DIRECTOR, "civic_life.director")
    with pytest.raises(approvals.Refused, match="環境"):
        act("approve", found, CLERK, "environment.chief")


def test_nobody_approves_their_own_draft(joso):
    found = begin(drafter=CHIEF)

    assert slot(found, "environment.chief").note == "起案した人のため飛ばしました。"
    assert slot(found, "civic_life.director").state == "open"


def test_the_post_above_decides_where_the_drafter_would(joso):
    found = begin(100_000, drafter=CHIEF)

    assert slot(found, "civic_life.director").state == "open"


def test_a_draft_of_the_mayor_has_nobody_above(joso):
    with pytest.raises(approvals.Refused, match="上の職に人がいません"):
        begin(item="staffing", drafter=MAYOR)
    assert not approvals.Round.objects.exists()


def test_a_mark_over_another_content_is_refused(joso):
    found = begin()

    with pytest.raises(approvals.Refused, match="その後変わりました"):
        act("approve", found, CHIEF, "environment.chief", digest="b" * 64)


def test_a_voided_round_never_counts_and_stays_readable(joso):
    first = begin()
    act("approve", first, CHIEF, "environment.chief")
    approvals.void(owner=first.owner, actor=person(CLERK), why="金額が変わりました")
    second = begin(digest="b" * 64)

    with pytest.raises(approvals.Refused, match="終わっています"):
        act("approve", first, DIRECTOR, "civic_life.director")
    assert second.n == 2
    assert slot(second, "environment.chief").state == "open"
    old = approvals.rounds_of(first.owner)[1]
    assert [(mark.verb, mark.by_name) for one in old.slots.all() for mark in one.marks.all()] == [
        ("approve", "鈴木 一郎")
    ]


def test_a_round_that_is_over_and_a_mark_cannot_be_changed(joso):
    found = begin(100_000)
    done = act("approve", found, CHIEF, "environment.chief")

    with pytest.raises(DatabaseError), transaction.atomic():
        approvals.Round.objects.filter(pk=done.pk).update(state="open")
    with pytest.raises(DatabaseError), transaction.atomic():
        approvals.Mark.objects.update(comment="ちがう")
    mark = approvals.Mark.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        mark.pk = new_id()
        mark.save(force_insert=True)


def test_sent_back_to_the_drafter_or_to_an_earlier_level(joso):
    found = begin(5_000_000)
    act("approve", found, CHIEF, "environment.chief")
    act("approve", found, REFORM, "reform.chief")
    act("send_back", found, DIRECTOR, "civic_life.director", comment="積算を確かめて", level=2)
    assert slot(found, "environment.chief").state == "marked"
    assert slot(found, "reform.chief").state == "open"

    done = act("disagree", found, REFORM, "reform.chief", comment="予算がありません")
    assert (done.state, done.note) == ("returned", "予算がありません")


def test_recalled_until_the_first_mark_and_only_by_the_drafter(joso):
    found = begin()
    with pytest.raises(approvals.Refused, match="起案した人だけ"):
        approvals.recall(round_id=found.id, actor=person(CHIEF))
    act("approve", found, CHIEF, "environment.chief")
    with pytest.raises(approvals.Refused, match="もう決裁が始まって"):
        approvals.recall(round_id=found.id, actor=person(CLERK))

    assert approvals.recall(round_id=begin(owner="case:2").id, actor=person(CLERK)).state == "recalled"


def test_pulled_up_leaves_the_skipped_to_read_it_afterwards(joso):
    found = begin()
    done = act("pull_up", found, DIRECTOR, "civic_life.director", comment="急ぐため")
    assert done.state == "approved"

    (unread,) = approvals.waiting_for(["environment.chief"])
    assert unread.kind == "afterwards"
    approvals.acknowledge(slot_id=unread.id, actor=person(CHIEF))
    assert not approvals.waiting_for(["environment.chief"])


def test_on_hold_with_a_reason_and_still_the_same_turn(joso):
    found = begin()
    with pytest.raises(approvals.Refused, match="理由"):
        act("hold", found, CHIEF, "environment.chief", comment=" ")
    act("hold", found, CHIEF, "environment.chief", comment="見積書を待つ")
    assert slot(found, "environment.chief").state == "held"

    act("approve", found, CHIEF, "environment.chief")
    assert slot(found, "civic_life.director").state == "open"


def test_the_successor_of_a_chief_who_left_sees_what_waits(joso):
    begin(100_000)
    seat = Appointment.objects.get(person=account(CHIEF).person)
    seat.person, seat.main = account("shimin.tanto").person, False
    seat.save()

    assert not approvals.slots_of(person(CHIEF), "case:1")
    assert [one.post for one in approvals.slots_of(person("shimin.tanto"), "case:1")] == ["environment.chief"]


def test_another_post_is_asked_with_a_reason(joso):
    found = begin(100_000)
    act_as = {"slot_id": slot(found, "environment.chief").id, "actor": person("somu.bunsho"), "comment": "欠員"}
    with pytest.raises(approvals.Refused, match="組織にある職"):
        approvals.reroute(post="nobody.chief", **act_as)

    approvals.reroute(post="civic_life.director", **act_as)
    assert act("approve", found, DIRECTOR, "civic_life.director").state == "approved"


def test_two_who_press_at_once_leave_one_mark(live_joso):
    found, start = begin(100_000), Barrier(2)
    place, chief = slot(found, "environment.chief").id, person(CHIEF)

    def press(verb):
        start.wait()
        try:
            return getattr(approvals, verb)(slot_id=place, digest=DIGEST, actor=chief, comment="x").state
        except approvals.Refused:
            return "refused"
        finally:
            connections.close_all()

    connection.close()
    with ThreadPoolExecutor(2) as pool:
        states = sorted(pool.map(press, ("approve", "reject")))

    assert states in (["approved", "refused"], ["refused", "rejected"])
    assert approvals.Mark.objects.count() == 1


def test_somebody_is_added_before_the_last_or_the_last_has_marked_never_both(live_joso):
    found, start = begin(), Barrier(2)
    act("approve", found, CHIEF, "environment.chief")
    last, clerk, director = slot(found, "civic_life.director").id, person(CLERK), person(DIRECTOR)

    def together(press):
        start.wait()
        try:
            return press()
        except approvals.Refused:
            return None
        finally:
            connections.close_all()

    connection.close()
    add = partial(
        approvals.add, round_id=found.id, kind="agree", post="reform.chief", before=last, actor=clerk, comment="予算を"
    )
    mark = partial(approvals.approve, slot_id=last, digest=DIGEST, actor=director)
    with ThreadPoolExecutor(2) as pool:
        added, marked = pool.map(together, (add, mark))

    assert (added is None) != (marked is None)
    found.refresh_from_db()
    assert found.state == ("open" if added else "approved")
    assert approvals.Mark.objects.filter(verb="approve").count() == (1 if added else 2)


PEOPLE = (CLERK, CHIEF, REFORM, DIRECTOR, DEPUTY, MAYOR)
MOVES = st.tuples(
    st.sampled_from(("approve", "disagree", "send_back", "reject", "hold", "pull_up")),
    st.sampled_from(PEOPLE), st.integers(0, 5), st.sampled_from((DIGEST, "b" * 64)), st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(MOVES, min_size=3, max_size=12))
def test_whatever_is_pressed_the_round_stays_sound(joso, moves):
    actors = {who: person(who) for who in PEOPLE}
    sid = transaction.savepoint()
    try:
        found = begin(5_000_000)
        for verb, who, at, digest, level in moves:
            places = list(found.slots.order_by("turn", "level"))
            more = {"approve": {}, "send_back": {"comment": "x", "level": level}}.get(verb, {"comment": "x"})
            was = approvals.Round.objects.get(pk=found.pk).state
            try:
                chosen = places[at % len(places)].id
                getattr(approvals, verb)(slot_id=chosen, digest=digest, actor=actors[who], **more)
            except approvals.Refused:
                continue
            assert was == "open"
            assert digest == DIGEST
            _sound(found)
    finally:
        transaction.savepoint_rollback(sid)


def _sound(found):
    now = approvals.Round.objects.get(pk=found.pk)
    asked = [one for one in now.slots.all() if one.kind != "afterwards"]
    running = {one.level for one in asked if one.state in ("open", "held")}
    assert len(running) == (1 if now.state == "open" else 0)
    for one in asked:
        marks = [mark for mark in one.marks.all() if mark.verb != "hold"]
        assert len(marks) == (1 if one.state == "marked" else 0)
    if now.state == "approved":
        assert any(
            mark.verb == "approve" for one in asked for mark in one.marks.all() if one.post == "city.deputy_mayor"
        )
