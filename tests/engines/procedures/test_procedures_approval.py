"""A case goes through an approval: its levels, its decision, and what happens when it comes back."""

import pytest

from fixtures.cases import account, act, active, person
from fixtures.drafts import draft, drafting, mark, publish
from machi.engines.approvals import public as approvals
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures
from machi.ground.ids import new_id

CHIEF, DIRECTOR = "kankyo.kacho", "shimin.bucho"


@pytest.fixture
def published(joso, tmp_path):
    report = publish(drafting(), tmp_path)
    assert report.new == ["procedure/test.draft"], report.faults


@pytest.fixture
def case(published):
    return draft()


def test_the_last_mark_is_the_decision(case):
    case = mark(case, "approve", CHIEF)
    case = mark(case, "approve", DIRECTOR, comment="よろしく")

    decision = case.decisions.get()
    assert (case.status, case.result) == ("closed", "completed")
    assert (decision.result, decision.by_name, decision.legal_basis) == ("granted", "石塚 浩", "別表第1 2の項")


def test_who_will_be_asked_sees_the_case_when_the_turn_has_come(published):
    case = draft(5_000_000)

    def sees():
        return procedures.visible_cases(person("gyosei.kacho")).filter(pk=case.pk).exists()

    assert not sees()

    mark(case, "approve", CHIEF)
    assert sees()


def test_nobody_marks_whose_turn_it_is_not(case):
    found = approvals.rounds_of(case.owner)[0].slots.get(post="environment.chief")
    with pytest.raises(procedures.NotAllowed):
        act(case, "approve", person("kankyo.tanto"), slot=str(found.id), digest="x")


def test_a_place_of_another_case_cannot_be_marked_through_this_one(case):
    with pytest.raises(procedures.Refused, match="もうありません"):
        act(case, "approve", person(CHIEF), slot=str(new_id()), digest="x")


def test_sent_back_it_is_answered_again_and_everybody_is_asked_anew(case):
    case = mark(case, "approve", CHIEF)
    case = mark(case, "send_back", DIRECTOR, comment="金額を確かめてください。")
    assert (case.status, active(case)) == ("awaiting_applicant", ["correction"])

    case = act(case, "correct", person("hanako"), answers={"name": "清掃委託", "cost": 700_000})

    newest, oldest = approvals.rounds_of(case.owner)
    assert (newest.n, newest.state, oldest.state) == (2, "open", "returned")
    assert newest.digest != oldest.digest
    assert [one.post for one in newest.slots.all() if one.state == "open"] == ["environment.chief"]


def test_rejected_it_ends(case):
    case = mark(case, "reject", CHIEF, comment="不要")
    assert (case.status, case.result) == ("closed", "refused")


def test_struck_out_nobody_is_asked_any_more(case):
    case = act(case, "void", person(CHIEF), reason="二重")

    assert not approvals.waiting_for(["environment.chief"])
    assert approvals.rounds_of(case.owner)[0].state == "voided"


def test_the_applicant_takes_it_back_until_somebody_has_marked(case):
    assert case.account_id == account("hanako").pk
    case = act(case, "recall", person("hanako"))
    assert active(case) == ["correction"]


def test_a_route_that_is_not_given_what_it_looks_at_is_a_fault(joso, tmp_path):
    source = drafting()
    source["flow"]["steps"]["consent"]["inputs"] = {"amount": "cost", "colour": "name"}

    said = [fault.message for fault in publish(source, tmp_path).faults]
    assert "決裁ルートが見る「item」がありません。" in said
    assert "決裁ルートは「colour」を見ません。" in said


def reading(**more):
    """The definition with a step that waits until the chief of the citizens section has read it."""
    source = drafting()
    steps = source["flow"]["steps"]
    steps["consent"]["outcomes"]["approved"] = "round"
    steps["round"] = {"type": "acknowledge", "title": "供覧", "to": ["citizens.chief", "director"], "wait": True,
                      "next": "done", **more}  # fmt: skip
    source["tests"][0]["expect"]["path"] = ["receive", "consent", "round", "done"]
    return source


def test_a_step_that_waits_goes_on_when_the_last_has_read(joso, tmp_path):
    report = publish(reading(), tmp_path)
    assert report.new == ["procedure/test.draft"], report.faults
    case = mark(draft(100_000), "approve", CHIEF)
    for who, at in (("shimin.kacho", ["round"]), (DIRECTOR, [])):
        (slot,) = approvals.slots_of(person(who), case.owner)
        case = act(case, "acknowledge", person(who), slot=str(slot.id))
        assert active(case) == at
    assert case.status == "closed"


def test_a_reader_that_is_no_post_is_a_fault(joso, tmp_path):
    (fault,) = publish(reading(to=["minister"]), tmp_path).faults
    assert (fault.field, fault.message) == ("flow.steps.round.to.1", "職「minister」がありません。")


def test_who_is_added_is_told_when_the_turn_comes_and_not_before(case):
    def told():
        return list(Notice.objects.filter(code="office.approval_asked").values_list("account_id", flat=True))

    place = approvals.round_open(case.owner).slots.get(post="civic_life.director")
    more = {"kind": "agree", "post": "reform.chief", "before": str(place.id), "comment": "予算を見てください。"}
    case = act(case, "add_place", person("hanako"), **more)
    assert told() == []

    case = mark(case, "approve", CHIEF)
    assert told() == [account("gyosei.kacho").pk]
    case = mark(mark(case, "approve", "gyosei.kacho"), "approve", DIRECTOR)
    assert (case.status, case.decisions.get().by_name) == ("closed", person(DIRECTOR).name)
    assert len(told()) == 1


def test_who_neither_drafted_it_nor_has_the_turn_adds_nobody(case):
    for who in (DIRECTOR, "kankyo.tanto"):
        with pytest.raises(procedures.NotAllowed):
            act(case, "add_place", person(who), kind="acknowledge", post="reform.chief")
