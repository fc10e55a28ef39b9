"""Asking more people than the table demands: where they stand, who may ask them, and who may let them go."""

import pytest

from fixtures.cases import account, person
from machi.engines.approvals import public as approvals
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current
from machi.engines.people.models import Appointment

DIGEST = "a" * 64
CLERK, CHIEF, DIRECTOR = "doro.tanto", "doro.kacho", "kensetsu.bucho"
REFORM, GENERAL = "gyosei.kacho", "somu.kacho"

pytestmark = pytest.mark.usefixtures("joso")


@pytest.fixture
def found():
    return begin()


def begin(digest=DIGEST):
    row = approvals.choose(current("route", "office.decision_rules").bundle, {"item": "contract", "amount": 800_000})
    return approvals.open_round(
        owner="case:1", key="approval", digest=digest, row=row, unit="roads",
        drafter=account(CLERK).pk, actor=person(CLERK),
    )  # fmt: skip


def slot(found, post):
    return found.slots.filter(post=post).exclude(kind="afterwards").order_by("-turn").first()


def add(found, who, post, before="construction.director", kind="agree", comment="予算を見てください。"):
    more = {"before": slot(found, before).id} if kind == "agree" else {}
    given = {"round_id": found.id, "kind": kind, "post": post, "comment": comment}
    return approvals.add(**given, actor=person(who), **more)


def press(verb, found, who, post, **more):
    return getattr(approvals, verb)(slot_id=slot(found, post).id, digest=DIGEST, actor=person(who), **more)


def way(found):
    """The places that ask for consent, in order: [(level, post, state), …]."""
    places = found.slots.exclude(kind__in=approvals.UNBLOCKING).exclude(state="removed").order_by("level", "post")
    return [(one.level, one.post, one.state) for one in places]


def test_a_consultation_comes_before_the_place_it_was_asked_for_and_marks_stay(found):
    press("approve", found, CHIEF, "roads.chief")
    add(found, CLERK, "reform.chief")
    assert way(found) == [
        (1, "roads.chief", "marked"), (2, "reform.chief", "open"), (3, "construction.director", "waiting"),
    ]  # fmt: skip

    press("approve", found, REFORM, "reform.chief")
    assert press("approve", found, DIRECTOR, "construction.director").state == "approved"
    assert approvals.last_mark(found).post == "construction.director"


def test_two_asked_before_the_same_place_stand_side_by_side(found):
    add(found, CLERK, "reform.chief")
    add(found, CLERK, "general.chief")
    assert way(found) == [
        (1, "roads.chief", "open"), (2, "general.chief", "waiting"), (2, "reform.chief", "waiting"),
        (3, "construction.director", "waiting"),
    ]  # fmt: skip


def test_who_decides_asks_first_and_is_asked_again_afterwards(found):
    press("approve", found, CHIEF, "roads.chief")
    press("hold", found, DIRECTOR, "construction.director", comment="予算が心配")
    add(found, DIRECTOR, "reform.chief")
    assert way(found)[1:] == [(2, "reform.chief", "open"), (3, "construction.director", "waiting")]
    with pytest.raises(approvals.Refused, match="まだ来ていません"):
        press("approve", found, DIRECTOR, "construction.director")

    press("approve", found, REFORM, "reform.chief")
    assert slot(found, "construction.director").state == "open"


@pytest.mark.parametrize(
    ("who", "post", "said"),
    [
        (REFORM, "general.chief", "起案した人と、今が番の人だけ"),
        (DIRECTOR, "general.chief", "起案した人と、今が番の人だけ"),
        (CLERK, "construction.director", "もう入っています"),
        (CLERK, "roads.clerk", "組織にある職"),
        (CLERK, "nobody.chief", "組織にある職"),
        (CLERK, "city.deputy_mayor", "人がいません"),
    ],
)
def test_what_cannot_be_added_is_said_and_changes_nothing(found, who, post, said):
    Appointment.objects.filter(post="city.deputy_mayor").delete()
    before = way(found)
    with pytest.raises(approvals.Refused, match=said):
        add(found, who, post)
    assert way(found) == before


def test_a_consultation_says_what_is_to_be_looked_at_and_stands_before_one_who_waits(found):
    with pytest.raises(approvals.Refused, match="理由"):
        add(found, CLERK, "reform.chief", comment=" ")
    press("approve", found, CHIEF, "roads.chief")
    with pytest.raises(approvals.Refused, match="もう終わっています"):
        add(found, CLERK, "reform.chief", before="roads.chief")


def test_a_circulation_waits_for_nothing_and_comes_once_it_is_decided(found):
    add(found, CHIEF, "reform.chief", kind="acknowledge")
    assert approvals.inbox(person(REFORM)) == []

    press("approve", found, CHIEF, "roads.chief")
    press("approve", found, DIRECTOR, "construction.director")
    assert [(one.post, one.kind) for one in approvals.inbox(person(REFORM))] == [("reform.chief", "acknowledge")]


def test_a_circulation_of_what_came_to_nothing_reaches_nobody(found):
    add(found, CLERK, "reform.chief", kind="acknowledge")
    press("reject", found, CHIEF, "roads.chief", comment="不要")
    assert approvals.inbox(person(REFORM)) == []


def test_the_drafter_lets_go_what_they_added_and_can_add_it_again(found):
    added = add(found, CLERK, "reform.chief", before="roads.chief")
    assert slot(found, "roads.chief").state == "waiting"

    approvals.remove(slot_id=added.id, actor=person(CLERK))
    assert [(post, state) for _level, post, state in way(found)] == [
        ("roads.chief", "open"), ("construction.director", "waiting"),
    ]  # fmt: skip
    assert approvals.recall(round_id=found.id, actor=person(CLERK)).state == "recalled"

    again = begin()
    assert "reform.chief" not in [post for _level, post, _state in way(again)]
    assert add(again, CLERK, "reform.chief", before="roads.chief").state == "open"


def test_nobody_lets_go_what_the_table_demands_or_another_added_or_after_the_first_mark(found):
    with pytest.raises(approvals.Refused, match="専決規程が求める番"):
        approvals.remove(slot_id=slot(found, "construction.director").id, actor=person(CLERK))
    by_chief, own = add(found, CHIEF, "reform.chief"), add(found, CLERK, "general.chief")
    for place, who in ((by_chief, CLERK), (own, CHIEF)):
        with pytest.raises(approvals.Refused, match="自分で加えた番"):
            approvals.remove(slot_id=place.id, actor=person(who))
    press("approve", found, CHIEF, "roads.chief")
    with pytest.raises(approvals.Refused, match="自分で加えた番"):
        approvals.remove(slot_id=own.id, actor=person(CLERK))


def test_sent_back_the_next_round_asks_them_again_at_the_same_place(found):
    add(found, CLERK, "reform.chief", before="roads.chief")
    add(found, CLERK, "general.chief", kind="acknowledge")
    press("send_back", found, REFORM, "reform.chief", comment="金額を確かめて")

    again = begin("b" * 64)
    assert way(again) == [
        (1, "reform.chief", "open"), (2, "roads.chief", "waiting"), (3, "construction.director", "waiting"),
    ]  # fmt: skip
    assert slot(again, "general.chief").kind == "acknowledge"
    assert slot(again, "reform.chief").added_by == person(CLERK).key


def test_sent_back_to_a_level_the_added_are_asked_again_but_not_those_let_go(found):
    let_go = add(found, CLERK, "general.chief")
    approvals.remove(slot_id=let_go.id, actor=person(CLERK))
    press("approve", found, CHIEF, "roads.chief")
    add(found, CLERK, "reform.chief")
    press("approve", found, REFORM, "reform.chief")
    press("send_back", found, DIRECTOR, "construction.director", level=1, comment="もう一度")

    asked = [(one.post, one.state, one.added_by) for one in found.slots.filter(turn=2).order_by("level")]
    clerk = person(CLERK).key
    assert asked == [
        ("roads.chief", "open", ""), ("reform.chief", "waiting", clerk), ("construction.director", "waiting", ""),
    ]  # fmt: skip


def test_who_was_added_by_whom_stands_in_the_chain(found):
    add(found, CLERK, "reform.chief")
    (mark,) = slot(found, "reform.chief").marks.all()
    assert (mark.verb, mark.by_name, mark.comment) == ("add", person(CLERK).name, "予算を見てください。")
    assert not approvals.has_begun(found)
    approvals.void(owner="case:1", actor=SYSTEM, why="x")
    with pytest.raises(approvals.Refused, match="終わっています"):
        add(found, CLERK, "general.chief")
