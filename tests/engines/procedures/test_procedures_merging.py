"""Cases that belong together: likely the same, merged, let go again, related."""

from datetime import date

import pytest

from fixtures.cases import BULKY, act, active, applicant, bulky, person, send
from machi.engines.audit.public import verify
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures
from machi.engines.procedures.same import Traits, likeness

HOLE = {"lat": 36.0236, "lng": 139.9938, "text": "橋のたもと"}
NEAR = {"lat": 36.0238, "lng": 139.9939, "text": "橋の手前"}
FAR = {"lat": 36.0336, "lng": 139.9938, "text": "学校の前"}
DAY = date(2026, 10, 1)


def report(place, damage="pothole", **more):
    return send("roads.damage_report", {"report": "trouble", "damage": damage, "place": place, **more})


@pytest.fixture
def clerk(joso):
    return person("doro.tanto")


@pytest.fixture
def main(clerk):
    return report(HOLE)


@pytest.fixture
def twin(main):
    return report(NEAR, email="b@joso.example")


def test_reports_of_one_hole_are_likely_the_same(clerk, main, twin):
    report(FAR)
    report(NEAR, damage="lamp")

    assert [(case.id, why) for case, why in procedures.likely_same(twin, clerk)] == [(main.id, ("place",))]
    assert procedures.likely_same(twin, person("hisho.tanto")) == [], "nobody is shown what they may not see"


def test_a_duplicate_goes_on_in_the_other_and_its_sender_hears_the_result(clerk, main, twin):
    twin = act(twin, "merge", clerk, into=str(main), reason="同じ穴です。")

    assert (twin.status, twin.result) == ("closed", "merged")
    assert [link.case.id for link in procedures.merged_into(main)] == [twin.id]
    told = Notice.objects.get(owner=twin.owner, code="general.merged")
    assert str(main) in told.text and "同じ穴です。" in told.text
    main = act(main, "complete", clerk, outcome="ok", checked=["c1", "c2", "c3"])
    act(main, "complete", clerk, outcome="fixed", answers={"answer": "ふさぎました。"})
    assert "ふさぎました。" in Notice.objects.get(owner=twin.owner, code="general.result").text
    assert verify(twin.owner) == verify(main.owner) == []


def test_what_was_no_duplicate_goes_on_where_it_stood(clerk, main, twin):
    twin = act(twin, "merge", clerk, into=str(main), reason="同じ穴です。")
    twin = act(twin, "unmerge", clerk)

    assert (twin.status, twin.result, active(twin)) == ("working", "", ["look"])
    assert list(procedures.merged_into(main)) == []
    twin = act(twin, "merge", clerk, into=str(main), reason="やはり同じ穴です。")
    assert twin.result == "merged", "and may be merged again"


def test_after_the_other_has_ended_nothing_is_let_go(clerk, main, twin):
    twin = act(twin, "merge", clerk, into=str(main), reason="同じ穴です。")
    act(main, "complete", clerk, outcome="leave")

    with pytest.raises(procedures.Refused):
        act(twin, "unmerge", clerk)


def test_whoever_takes_the_other_back_leaves_the_duplicate_alone(clerk, main, twin):
    twin = act(twin, "merge", clerk, into=str(main), reason="同じ穴です。")
    act(main, "withdraw", applicant(main))

    twin.refresh_from_db()
    assert (twin.status, active(twin)) == ("working", ["look"])


@pytest.mark.parametrize(
    ("into", "reason", "field"),
    [
        ("", "同じ", "into"),
        ("道-9999", "同じ", "into"),
        ("main", "", "reason"),
        ("other", "同じ", "into"),
        ("self", "同じ", "into"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(clerk, main, twin, into, reason, field):
    other = send(BULKY, bulky())
    named = {"main": str(main), "other": str(other), "self": str(twin)}
    with pytest.raises(procedures.Refused) as refused:
        act(twin, "merge", clerk, into=named.get(into, into), reason=reason)
    assert list(refused.value.errors) == [field]


def test_what_the_duplicate_held_is_free_again(joso):
    clerk, first, second = person("kankyo.tanto"), send(BULKY, bulky()), send(BULKY, bulky())
    second = act(second, "merge", clerk, into=str(first), reason="二重に申し込まれた。")

    holds = procedures.what_it_holds(second)
    assert {one.state for one in holds["bookings"]} <= {"released"}
    assert {one.state for one in holds["charges"]} <= {"cancelled"}
    assert {one.state for one in holds["documents"]} == {"withdrawn"}
    assert {one.state for one in procedures.what_it_holds(first)["bookings"]} == {"confirmed"}


def test_related_cases_stay_two(clerk, main, twin):
    main = act(main, "link", clerk, into=twin.reference)
    (link,) = procedures.related_links(twin)
    with pytest.raises(procedures.Refused):
        act(twin, "link", clerk, into=str(main))

    act(twin, "unlink", clerk, link=str(link.id))

    assert list(procedures.related_links(main)) == []


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"phone": "0900", "name": "やまだ"}, ("name", "phone")),
        ({"phone": "0911", "name": "やまだ"}, ()),
        ({"phone": "0900", "name": "すずき"}, ()),
        ({"phone": "0900", "name": "やまだ", "day": date(2026, 12, 1)}, ()),
        ({"phone": "0900", "name": "やまだ", "same": ("x",)}, ()),
        ({"place": (36.0002, 140.0)}, ("place",)),
        ({"place": (36.002, 140.0)}, ()),
        ({"name": "やまだ", "place": (36.0002, 140.0)}, ("name", "place")),
        ({"name": "すずき", "place": (36.0002, 140.0)}, ()),
    ],
)
def test_what_makes_two_cases_likely_the_same(other, why):
    one = Traits(day=DAY, name="やまだ", phone="0900", place=(36.0, 140.0))
    assert likeness(one, Traits(**{"day": DAY, **other}), days=30, metres=50) == why
