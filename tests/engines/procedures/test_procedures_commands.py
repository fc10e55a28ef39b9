"""Commands: who may, when, once, and only on the case as it stands."""

import uuid

import pytest

from fixtures.cases import SYSTEM, VOICE, act, active, applicant, person, send, voice
from machi.engines.audit.define import ANONYMOUS
from machi.engines.procedures import public as procedures
from machi.engines.procedures.models import Command
from machi.engines.procedures.verbs import OPEN, VERBS
from machi.ground.ids import new_id

pytestmark = pytest.mark.usefixtures("joso")


@pytest.fixture
def case(joso):
    return send(VOICE, voice(email="a@joso.example", wants_answer=True))


def test_the_same_submission_sent_again_is_the_same_case():
    name = new_id()

    cases = {send(VOICE, voice(), command_id=name).id for _turn in range(3)}

    assert len(cases) == 1 and procedures.Case.objects.count() == 1


def test_a_draft_becomes_one_case_however_often_it_is_sent():
    version = send(VOICE, voice()).definition
    sender = procedures.Sender(actor=ANONYMOUS)

    def submit():
        return procedures.submit(
            version=version, answers=voice(), sender=sender, command_id=new_id(), from_owner="draft:one"
        )

    assert submit() == submit() == procedures.case_sent_from("draft:one")


def test_nobody_gets_a_case_by_repeating_the_command_of_somebody_else():
    name = new_id()
    send(VOICE, voice(), command_id=name)

    with pytest.raises(procedures.Refused):
        send(VOICE, voice(), command_id=name, mail="hanako")


def test_a_command_repeated_changes_nothing(case):
    clerk, name = person("doro.tanto"), new_id()
    once = act(case, "claim", clerk, command_id=name)

    again = act(case, "claim", clerk, command_id=name)

    assert again.revision == once.revision == 2
    assert [entry.verb for entry in procedures.timeline(case)].count("claimed") == 1


def test_the_id_of_one_command_is_not_taken_for_another(case):
    clerk, name = person("doro.tanto"), new_id()
    case = act(case, "claim", clerk, command_id=name)

    with pytest.raises(procedures.Refused):
        act(case, "note", clerk, command_id=name, text="メモ")
    with pytest.raises(procedures.Refused):
        act(send(VOICE, voice()), "claim", clerk, command_id=name)
    with pytest.raises(procedures.Refused):
        send(VOICE, voice(), command_id=name)


def test_two_clerks_at_once_one_wins_and_the_other_learns_what_changed(case):
    first, chief = person("doro.tanto"), person("doro.kacho")
    seen = case.revision
    act(case, "claim", first)

    with pytest.raises(procedures.Stale) as stale:
        act(case, "note", chief, revision=seen, text="メモ")

    assert [entry.verb for entry in procedures.changes_since(stale.value.case, seen)] == ["claimed"]


def test_what_is_claimed_is_not_claimed_by_a_colleague_until_it_is_released(case):
    clerk, chief = person("doro.tanto"), person("doro.kacho")
    case = act(case, "claim", clerk)
    with pytest.raises(procedures.Refused, match="小林"):
        act(case, "claim", chief)

    case = act(act(case, "release", clerk), "claim", chief)

    assert case.steps.get(state="active").claimed_by_id == chief.account


def test_a_note_is_for_staff_only(case):
    with pytest.raises(procedures.Refused):
        act(case, "note", person("doro.tanto"), text="   ")
    case = act(case, "note", person("doro.tanto"), text="電話で確かめた。")

    assert procedures.timeline(case)[-1].personal == {"text": "電話で確かめた。"}
    assert "noted" not in [entry.verb for entry in procedures.public_timeline(case)]


def test_a_case_is_handed_to_another_unit_with_its_step(case):
    clerk = person("doro.tanto")
    case = act(case, "claim", clerk)
    with pytest.raises(procedures.Refused):
        act(case, "transfer", clerk, unit="nowhere")
    case = act(case, "transfer", clerk, unit="environment", reason="ごみの話です。")

    step = case.steps.get(state="active")
    assert (case.unit, step.unit, step.claimed_by_id) == ("environment", "environment", None)
    with pytest.raises(procedures.NotAllowed):
        act(case, "claim", clerk)
    assert act(case, "claim", person("kankyo.tanto")).revision == case.revision + 1


@pytest.mark.parametrize("verb", VERBS)
def test_outsiders_may_use_no_verb(case, verb):
    strangers = [
        ANONYMOUS,
        person("yoshino"),
        person("shimin.tanto"),
        person("kansa"),
        person("digital.kokai"),
    ]
    for stranger in strangers:
        assert not procedures.may(stranger, verb, case)
        with pytest.raises(procedures.NotAllowed):
            act(case, verb, stranger)
    assert procedures.Case.objects.get(id=case.id).revision == case.revision


def test_rights_follow_the_post():
    case = send(VOICE, voice(email="a@joso.example"))
    allowed = {
        name: {verb for verb in VERBS if procedures.may(who, verb, case)}
        for name, who in {
            "clerk": person("doro.tanto"),
            "chief": person("doro.kacho"),
            "applicant": applicant(case),
            "system": SYSTEM,
        }.items()
    }
    together = {"link", "unlink", "merge", "unmerge"}
    work = {"claim", "release", "note", "transfer", "ask_correction", "complete", "consent_on_paper"} | together
    assert allowed["clerk"] == work | {"take_payment"}
    assert allowed["chief"] == work | {"decide", "void", "reopen", "take_back", "withdraw_document"}
    assert allowed["applicant"] == {"correct", "readdress", "withdraw"}
    assert allowed["system"] == {"fire"}


@pytest.mark.parametrize("status", ["closed", "withdrawn", "void"])
def test_in_an_ended_case_only_what_belongs_there_can_be_done(case, status):
    clerk, chief = person("doro.tanto"), person("doro.kacho")
    if status == "closed":
        case = act(case, "complete", clerk, outcome="no_answer")
    else:
        case = (
            act(case, "withdraw", applicant(case)) if status == "withdrawn" else act(case, "void", chief, reason="誤り")
        )
    assert case.status == status

    for verb, defined in VERBS.items():
        who = {"applicant": applicant(case), "system": SYSTEM}.get(defined.need, chief)
        if status not in defined.statuses and procedures.may(who, verb, case):
            with pytest.raises(procedures.Refused, match="今の状態"):
                act(case, verb, who)
    assert {one.verb for one in procedures.possible(case, chief)} <= {"link", "note", "reopen", "take_back"}
    assert procedures.possible(case, clerk) == ([] if status == "void" else procedures.possible(case, clerk))


def test_what_is_possible_is_what_the_step_allows(case):
    clerk, chief = person("doro.tanto"), person("doro.kacho")

    assert {one.verb for one in procedures.possible(case, clerk)} == {
        "claim", "note", "transfer", "ask_correction", "complete", "link", "merge",
    }  # fmt: skip
    case = act(case, "complete", clerk, outcome="propose", answers={"answer": "直します。"})
    assert "decide" in {one.verb for one in procedures.possible(case, chief)}
    assert "complete" not in {one.verb for one in procedures.possible(case, clerk)}
    with pytest.raises(procedures.Refused):
        act(case, "complete", clerk, outcome="propose", answers={"answer": "もう一度"})
    with pytest.raises(procedures.Refused):
        act(case, "decide", chief, outcome="perhaps")


def test_a_decision_sent_back_needs_a_reason_and_opens_the_work_again(case):
    clerk, chief = person("doro.tanto"), person("doro.kacho")
    case = act(case, "complete", clerk, outcome="propose", answers={"answer": "直します。"})
    with pytest.raises(procedures.Refused) as refused:
        act(case, "decide", chief, outcome="back")
    assert list(refused.value.errors) == ["reasons"]

    case = act(case, "decide", chief, outcome="back", reasons="もっとやさしく。")

    assert (active(case), case.status) == (["answer"], "working")
    assert case.steps.get(key="answer", state="active").round == 2
    assert not procedures.Decision.objects.exists(), "sending back is no decision in law"


def test_without_a_way_to_reach_somebody_nothing_is_asked():
    case = send(VOICE, voice())

    with pytest.raises(procedures.Refused, match="連絡先"):
        act(case, "ask_correction", person("doro.tanto"), fields=["body"], message="どこですか。")


def test_a_topic_of_no_unit_goes_to_the_owner(joso):
    from machi.engines.people.models import Unit
    from machi.ground.calendar import today

    Unit.objects.filter(code="roads").update(closed_on=today())

    assert send(VOICE, voice()).unit == "secretary"


def test_an_unknown_case_or_verb_is_told_apart_from_a_forbidden_one(case):
    with pytest.raises(procedures.Case.DoesNotExist):
        procedures.command(
            case_id=uuid.uuid4(),
            command_id=new_id(),
            expected_revision=1,
            verb="claim",
            payload={},
            actor=SYSTEM,
        )
    with pytest.raises(procedures.NotAllowed):
        act(case, "fly", person("doro.kacho"))


def test_every_accepted_command_is_one_revision(case):
    clerk = person("doro.tanto")
    case = act(act(case, "claim", clerk), "note", clerk, text="メモ")

    assert case.revision == Command.objects.filter(case=case).count() == 3
    assert set(OPEN) >= {case.status}


def test_what_was_published_is_taken_back():
    clerk, chief = person("doro.tanto"), person("doro.kacho")
    case = send(VOICE, voice(may_publish=True))
    case = act(case, "complete", clerk, outcome="propose", answers={"answer": "直します。"})
    case = act(case, "decide", chief, outcome="approved")
    case = act(case, "complete", clerk, outcome="publish", answers={"question": "道", "reply": "直します。"})
    assert procedures.publications(VOICE).count() == 1

    case = act(case, "take_back", chief)

    assert procedures.publications(VOICE).count() == 0
