"""Internal procedures: drafted by staff, in a post, into their own unit; nobody else is their applicant."""

from dataclasses import replace

import pytest
from small_procedure import compiled, faults, small

from fixtures.cases import (
    VOICE,
    account,
    act,
    active,
    applicant,
    draft_internal,
    path,
    person,
    send,
    telework,
    voice,
)
from machi.engines.definitions.define import DefinitionFault
from machi.engines.definitions.public import current
from machi.engines.notices.models import Notice
from machi.engines.people.models import Appointment, Post
from machi.engines.procedures import public as procedures
from machi.ground.ids import new_id

TRANSFER = "office.asset_transfer"
THINGS = [
    {"_id": "r1", "number": "道-0012", "name": "事務机", "price": 32000, "state": "good"},
    {"_id": "r2", "number": "道-0013", "name": "書庫", "price": 48000, "state": "worn"},
]


def transfer(**more):
    day = telework()["first_day"]
    return {"items": THINGS, "to_unit": "welfare", "on_day": day, "agreed_with": "佐々木", "reason": "不用", **more}


def test_a_case_lies_in_the_unit_of_its_drafter_and_keeps_who_drafted(joso):
    case = draft_internal("doro.tanto")

    assert (case.unit, case.account_id, case.applicant) == ("roads", None, "小林 大輔")
    assert case.number.startswith("道テ")
    assert case.drafter == {
        "account": account("doro.tanto").pk,
        "name": "小林 大輔",
        "unit": "roads",
        "post": "roads.clerk",
        "title": "道路課主任",
    }


def test_the_chief_of_the_unit_decides_and_the_drafter_is_told_where_to_look(joso):
    case = draft_internal("doro.tanto")
    with pytest.raises(procedures.NotAllowed):
        act(case, "decide", person("kankyo.kacho"), outcome="granted", checked=["cover", "task"])

    case = act(case, "decide", person("doro.kacho"), outcome="granted", checked=["cover", "task"])

    assert (case.status, case.result) == ("closed", "granted")
    told = Notice.objects.filter(owner=case.owner).latest("created_at")
    assert told.account_id is None and f"/desk/start/cases/{case.id}/" in told.text


def test_nobody_decides_what_they_drafted_themselves(joso):
    case = draft_internal("doro.kacho")

    assert "decide" not in {one.verb for one in procedures.possible(case, person("doro.kacho"))}
    with pytest.raises(procedures.NotAllowed):
        act(case, "decide", person("doro.kacho"), outcome="granted", checked=["cover", "task"])


def test_things_pass_through_the_unit_that_receives_them_to_the_ledger(joso):
    case = draft_internal("doro.tanto", TRANSFER, transfer())
    assert case.steps.get(state="active").unit == "welfare"
    case.steps.filter(state="active").update(unit="environment")  # where the sample city has a clerk
    case = act(case, "complete", person("kankyo.tanto"), outcome="ok", checked=["all_there", "sealed"])

    assert (active(case), case.steps.get(state="active").unit) == (["ledger"], "assets")
    assert procedures.sheet_of(case).values["total"] == 80000


def test_things_sent_to_ones_own_unit_go_nowhere(joso):
    case = draft_internal("doro.tanto", TRANSFER, transfer(to_unit="roads"))

    assert (path(case), case.result) == (["receive", "same"], "dismissed")


def test_who_holds_two_posts_writes_in_the_one_they_choose(joso):
    kept = account("doro.tanto").person
    today = Appointment.objects.filter(person=kept).get()
    other = Post.objects.get(code="disaster.clerk")
    Appointment.objects.create(person=kept, post=other, during=today.during, main=False)

    first, second = draft_internal("doro.tanto"), draft_internal("doro.tanto", post="disaster.clerk")

    assert (first.unit, second.unit, second.drafter["title"]) == ("roads", "disaster", "防災危機管理課主任")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sender: replace(sender, post=""),
        lambda sender: replace(sender, post="roads.chief"),
        lambda sender: replace(sender, actor=person("hanako")),
        lambda sender: replace(sender, actor=person("hanako"), post="", account_id=account("hanako").pk),
    ],
    ids=["no post", "a post of somebody else", "a resident in a post", "a resident"],
)
def test_an_internal_procedure_is_sent_by_staff_in_a_post_they_hold_only(joso, spoil):
    actor = person("doro.tanto")
    sender = procedures.Sender(actor=actor, post="roads.clerk", assurance="card")
    version = current("procedure", "office.telework")
    with pytest.raises(procedures.Refused):
        procedures.submit(version=version, answers=telework(), sender=spoil(sender), command_id=new_id())


def test_staff_do_not_draft_what_residents_apply_for(joso):
    with pytest.raises(procedures.Refused):
        draft_internal("doro.tanto", VOICE, voice())


def test_only_the_drafter_corrects_and_withdraws(joso):
    case = draft_internal("doro.tanto")
    case = act(case, "ask_correction", person("doro.kacho"), fields=["work"], message="詳しく書いてください。")
    for other in (person("doro.kacho"), person("kankyo.tanto"), person("hanako"), applicant(case)):
        with pytest.raises(procedures.NotAllowed):
            act(case, "correct", other, answers={"work": "別のこと"})
        with pytest.raises(procedures.NotAllowed):
            act(case, "withdraw", other)

    case = act(case, "correct", person("doro.tanto"), answers={"work": "要綱の改正案（3章まで）"})
    assert procedures.answers_of(case)["work"] == "要綱の改正案（3章まで）"
    assert act(case, "withdraw", person("doro.tanto")).status == "withdrawn"


def test_staff_are_not_the_applicants_of_a_residents_case(joso):
    case = send(VOICE, voice(), mail="hanako")
    with pytest.raises(procedures.NotAllowed):
        act(case, "withdraw", replace(person("hisho.tanto"), person=str(account("hanako").person_id)))


def test_no_link_and_no_receipt_number_leads_from_outside_to_an_internal_case(joso):
    case = draft_internal("doro.tanto")
    before = Notice.objects.count()

    assert procedures.case_of_token(procedures.token_of(case)) is None
    procedures.mail_link_again(reference=case.reference, email="doro.tanto@joso.example")
    assert Notice.objects.count() == before


def test_only_internal_procedures_know_a_drafter():
    source = small() | {"audience": "public"}
    source["flow"]["unit"] = "drafter.unit"
    with pytest.raises(DefinitionFault):
        compiled(source)

    source["audience"] = "staff"
    assert compiled(source)["flow"]["unit"] == "drafter.unit"


@pytest.mark.parametrize(("audience", "name", "value"), [("public", "shelf", "things"), ("staff", "door", "help")])
def test_shelves_are_for_staff_and_doors_for_residents(audience, name, value):
    assert [where for where, *_said in faults(small() | {"audience": audience, name: value})] == [(name,)]
