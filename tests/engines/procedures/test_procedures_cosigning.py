"""Others consent to what the applicant sends: asked by mail, they sign the digest of what they saw."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from small_procedure import faults, load_beside, small, smaller

from fixtures.cases import act, active, applicant, person, send
from machi.engines.audit.public import verify
from machi.engines.effects.public import work_once
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures
from machi.engines.procedures.rules import outcome_of_signing
from machi.ground.calendar import today

OWNERS = [
    {"_id": "r1", "who": "鈴木 一", "mail": "hajime@joso.example"},
    {"_id": "r2", "who": "鈴木 二", "mail": "niko@joso.example"},
]
SIGN = {
    "type": "cosign", "title": "共有者の同意", "statement": "この申請に同意します。",
    "who": [{"rows": "owners", "mail": "mail", "name": "who"}], "show": ["name", "copies"], "due": "P14D",
    "outcomes": {"signed": "check", "refused": "refused", "expired": "refused"},
}  # fmt: skip


def with_signers(**more):
    """The small procedure, whose co-owners must consent before it is checked."""
    source = smaller()
    source["fields"].append(
        {
            "key": "owners", "type": "repeat", "label": "共有者", "max": "5",
            "fields": [
                {"key": "who", "type": "text", "label": "氏名"},
                {"key": "mail", "type": "email", "label": "メール"},
            ],
        }
    )  # fmt: skip
    source["pages"][0]["fields"] += ["owners"]
    source["flow"]["steps"]["receive"]["next"] = "sign"
    source["flow"]["steps"]["sign"] = SIGN | more
    source["flow"]["steps"]["check"]["outcomes"]["ok"]["to"] = "rest"
    source["flow"]["steps"]["ask"]["outcomes"]["done"] = "check"
    del source["flow"]["steps"]["charge"], source["flow"]["steps"]["sort"]
    del source["cancel"]
    return source


@pytest.fixture
def town_with_signers(joso, tmp_path):
    load_beside(tmp_path, with_signers())


def sent(**more):
    answers = {"name": "鈴木", "route": "a", "copies": 2, "email": "a@joso.example", "owners": OWNERS}
    return send("test.small", answers | more)


def signers(case):
    (_step, found), = procedures.signers_of(case)
    return found


def signs(case, party, verb="consent", **more):
    digest = party.step.answers["seal"]
    return act(case, verb, procedures.as_actor(party), digest=digest, **more)


def test_all_consent_and_the_flow_goes_on(town_with_signers):
    case = sent()
    assert (case.status, active(case)) == ("awaiting_third_party", ["sign"])
    one, two = signers(case)
    assert sorted(Notice.objects.filter(owner=case.owner).values_list("deliveries__address", flat=True)) == [
        "a@joso.example", "hajime@joso.example", "niko@joso.example",
    ]  # fmt: skip

    case = signs(case, one)
    assert active(case) == ["sign"]
    case = signs(case, two)

    assert (case.status, active(case)) == ("working", ["check"])
    assert [(party.state, party.assurance) for party in signers(case)] == [("consented", "contact")] * 2
    assert verify(case.owner) == []


def test_one_refusal_ends_the_signing_and_its_reason_is_kept(town_with_signers):
    case = sent()
    one, two = signers(case)

    with pytest.raises(procedures.Refused):
        signs(case, one, "refuse_consent", reason=" ")
    case = signs(case, one, "refuse_consent", reason="聞いていません。")

    assert (case.status, case.result) == ("closed", "refused")
    assert signers(case)[0].reason == "聞いていません。"
    with pytest.raises((procedures.Refused, procedures.NotAllowed)):
        signs(case, two)


def test_a_changed_answer_voids_every_consent_and_asks_anew(town_with_signers):
    clerk, case = person("shimin.tanto"), sent()
    for party in signers(case):
        case = signs(case, party)
    case = act(case, "ask_correction", clerk, fields=["copies"], message="通数を確かめてください。")

    case = act(case, "correct", applicant(case), answers={"copies": 3})

    assert (case.status, active(case)) == ("awaiting_third_party", ["sign"])
    assert [party.state for party in signers(case)] == ["waiting", "waiting"]
    assert case.parties.filter(state="consented").count() == 2, "the old round stays readable"
    for party in signers(case):
        case = signs(case, party)
    assert active(case) == ["check"]


def test_an_answer_that_nobody_signed_may_change(town_with_signers):
    clerk, case = person("shimin.tanto"), sent()
    for party in signers(case):
        case = signs(case, party)
    case = act(case, "ask_correction", clerk, fields=["route"], message="地区を確かめてください。")

    assert active(act(case, "correct", applicant(case), answers={"route": "b"})) == ["check"]


def test_what_was_signed_must_be_what_was_seen(town_with_signers):
    case = sent()
    with pytest.raises(procedures.Refused):
        act(case, "consent", procedures.as_actor(signers(case)[0]), digest="0" * 64)


def test_nobody_answers_for_another(town_with_signers):
    case, other = sent(), sent()
    stranger = procedures.as_actor(signers(other)[0])
    for who in (applicant(case), stranger, person("hanako"), person("shimin.tanto")):
        with pytest.raises(procedures.NotAllowed):
            act(case, "consent", who, digest=signers(case)[0].step.answers["seal"])


def test_an_answer_stands_for_good(town_with_signers):
    case = sent()
    party = signers(case)[0]
    case = signs(case, party)
    party.refresh_from_db()
    party.state = "refused"

    with pytest.raises(ProgrammingError), transaction.atomic():
        party.save()


def test_where_nobody_is_named_nobody_is_waited_for(town_with_signers):
    assert active(sent(owners=[])) == ["check"]


def test_whoever_does_not_answer_is_reminded_and_then_the_time_is_up(town_with_signers):
    case = sent()
    case = signs(case, signers(case)[0])
    asked = case.steps.get(state="active")

    with time_machine.travel(f"{asked.due_on - timedelta(days=3)}T10:00+09:00", tick=True):
        work_once()
        work_once()
    reminded = Notice.objects.filter(owner=case.owner, code="general.reminder")
    assert [told.deliveries.get().address for told in reminded] == ["niko@joso.example"]
    with time_machine.travel(f"{asked.due_on + timedelta(days=1)}T10:00+09:00", tick=True):
        work_once()

    case.refresh_from_db()
    assert (case.status, case.result) == ("closed", "refused")
    assert case.steps.get(key="sign").outcome == "expired"


def test_the_clock_stands_still_meanwhile(town_with_signers):
    case = sent()
    assert case.paused_on == today()


def test_a_wrong_address_is_put_right_by_the_applicant(town_with_signers):
    case = sent()
    party = signers(case)[0]
    old = procedures.party_of_token(token(case, party))

    case = act(case, "readdress", applicant(case), party=str(party.id), email="right@joso.example")

    assert old and procedures.party_of_token(token(case, old)) is None, "the old link opens nothing any more"
    assert Notice.objects.filter(owner=case.owner, deliveries__address="right@joso.example").exists()
    with pytest.raises(procedures.Refused):
        act(case, "readdress", applicant(case), party=str(party.id), email="no address")


def test_a_paper_in_the_hand_of_staff_counts(town_with_signers):
    case = sent()
    one, two = signers(case)
    clerk = person("shimin.tanto")
    case = act(case, "consent_on_paper", clerk, party=str(one.id), reason="同意書を受け取った。")
    case = signs(case, two)

    assert active(case) == ["check"]
    assert [party.assurance for party in signers(case)] == ["paper", "contact"]


def test_the_code_opens_once_and_not_to_who_guesses(town_with_signers):
    party = signers(sent())[0]
    procedures.mail_code(party_id=party.id)
    code = mailed_code(party)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    assert procedures.check_code(party_id=party.id, code=wrong) is False
    assert procedures.check_code(party_id=party.id, code=code) is True
    assert procedures.check_code(party_id=party.id, code=code) is False

    with time_machine.travel(party.case.submitted_at + timedelta(minutes=5)):
        procedures.mail_code(party_id=party.id)
        code = mailed_code(party)
        for _try in range(5):
            assert not procedures.check_code(party_id=party.id, code=f"{(int(code) + 7) % 10**6:06d}")
        assert procedures.check_code(party_id=party.id, code=code) is False, "after five tries it is burnt"


def test_a_code_is_not_mailed_twice_in_a_minute(town_with_signers):
    party = signers(sent())[0]
    procedures.mail_code(party_id=party.id)
    procedures.mail_code(party_id=party.id)
    assert Notice.objects.filter(code="general.cosign_code").count() == 1


def token(case, party):
    """The token in the link that was mailed."""
    return re.search(r"/s/([^/]+)/", procedures.link_to_sign(party))[1]


def mailed_code(party):
    told = Notice.objects.filter(owner=party.case.owner, code="general.cosign_code").latest("created_at")
    return re.search(r"\d{6}", told.subject)[0]


@pytest.mark.parametrize(
    ("states", "need", "outcome"),
    [
        (["waiting", "consented"], "all", ""),
        (["consented", "consented"], "all", "signed"),
        (["waiting", "refused"], "all", "refused"),
        (["waiting", "consented"], "any", "signed"),
        (["waiting", "refused"], "any", ""),
        (["refused", "refused"], "any", "refused"),
    ],
)
def test_when_a_round_of_signing_is_over(states, need, outcome):
    assert outcome_of_signing(states, need) == outcome


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"who": [{"mail": "nowhere", "name": "name"}]}, "「nowhere」という項目はありません。"),
        ({"who": [{"mail": "name", "name": "name"}]}, "「name」は email の項目ではありません。"),
        (
            {"who": [{"rows": "lines", "mail": "item", "name": "item"}]},
            "「lines」の行に、email の項目「item」がありません。",
        ),
        ({"show": ["nothing"]}, "「nothing」という項目はありません。"),
        ({"outcomes": {"signed": "check", "refused": "refused"}}, "「expired」のときの行き先がありません。"),
    ],
)
def test_a_step_that_asks_for_consent_is_checked(spoil, message):
    source = small()
    source["flow"]["steps"]["receive"]["next"] = "sign"
    source["flow"]["steps"]["sign"] = {**SIGN, "who": [{"mail": "email", "name": "name"}], **spoil}
    assert message in [fault[1] for fault in faults(source)]
