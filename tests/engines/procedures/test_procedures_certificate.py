"""The certificate of residence: proof of who asks, a decision, a paper, and what stays as it was."""

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from fixtures.cases import (
    CERTIFICATE,
    CHECKED,
    REGISTER,
    SYSTEM,
    account,
    act,
    active,
    applicant,
    certificate,
    path,
    pay,
    person,
    send,
)
from machi.engines.audit.public import verify
from machi.engines.documents import public as documents
from machi.engines.notices.models import Notice
from machi.engines.payments import public as payments
from machi.engines.procedures import public as procedures
from machi.engines.procedures.models import AnswerRevision

pytestmark = pytest.mark.usefixtures("joso")


def check(case, **more):
    payload = {"outcome": "ok", "checked": CHECKED[CERTIFICATE], "answers": REGISTER, **more}
    return act(case, "complete", person("shimin.tanto"), **payload)


def granted():
    case = check(send(CERTIFICATE, certificate(), mail="hanako"))
    return act(case, "decide", person("shimin.kacho"), outcome="granted")


def told(case):
    return list(Notice.objects.filter(owner=case.owner).order_by("created_at").values_list("code", flat=True))


def test_a_certificate_is_checked_decided_issued_and_handed_over():
    case = granted()
    assert (case.status, active(case)) == ("decided", ["charge"])
    assert documents.documents_of(case.owner) == [], "there is no paper before its fee is paid"
    case = pay(case)
    assert (case.status, active(case)) == ("decided", ["hand_over"])
    case = act(case, "complete", person("shimin.tanto"), outcome="handed")

    assert (case.status, case.result) == ("closed", "granted")
    assert path(case) == ["receive", "check", "decision", "charge", "issue", "hand_over", "done"]
    (issued,) = documents.documents_of(case.owner)
    assert documents.pdf(issued)[:5] == b"%PDF-" and issued.state == "valid"
    (decision,) = procedures.Decision.objects.filter(case=case)
    assert (decision.result, decision.appeal) == ("granted", "")
    assert verify(case.owner) == []
    assert told(case) == ["general.receipt", "general.decided", "general.document_ready"]


@pytest.mark.parametrize("level", ["none", "contact", "account"])
def test_without_the_card_it_cannot_be_asked_for(level):
    with pytest.raises(procedures.Refused, match="本人確認"):
        send(CERTIFICATE, certificate(), mail="nguyen", assurance=level)
    assert not procedures.Case.objects.exists()


def test_three_may_be_open_at_once_and_a_fourth_when_one_has_ended():
    first, *_rest = [send(CERTIFICATE, certificate(), mail="hanako") for _turn in range(3)]
    with pytest.raises(procedures.Refused, match="3件まで"):
        send(CERTIFICATE, certificate(), mail="hanako")
    send(CERTIFICATE, certificate(), mail="yoshino")

    act(first, "withdraw", person("hanako"))
    assert send(CERTIFICATE, certificate(), mail="hanako").number


def test_answers_that_do_not_stand_are_refused_by_field():
    with pytest.raises(procedures.Refused) as refused:
        send(CERTIFICATE, certificate(copies=6, purpose="other"), mail="hanako")

    assert set(refused.value.errors) == {"copies", "purpose_note"}


def test_a_correction_is_asked_given_and_kept_beside_what_was_said_first():
    clerk, hanako = person("shimin.tanto"), person("hanako")
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case = act(case, "ask_correction", clerk, fields=["purpose"], message="使いみちを確かめてください。")
    assert (case.status, active(case)) == ("awaiting_applicant", ["correction"])

    with pytest.raises(procedures.Refused) as refused:
        act(case, "correct", hanako, answers={"purpose": "gold"})
    assert list(refused.value.errors) == ["purpose"]
    case = act(case, "correct", hanako, answers={"purpose": "bank", "copies": 5})

    assert (case.status, active(case)) == ("working", ["check"])
    first, second = (one.answers for one in case.answers.order_by("n"))
    assert (first["purpose"], second["purpose"]) == ("work", "bank")
    assert second["copies"] == 2, "only what was asked for may change"
    assert told(case)[-1] == "general.correction"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"fields": [], "message": "直してください。"}, "fields"),
        ({"fields": ["nothing"], "message": "直してください。"}, "fields"),
        ({"fields": ["purpose"], "message": "  "}, "message"),
    ],
)
def test_a_correction_names_fields_and_says_why(payload, field):
    case = send(CERTIFICATE, certificate(), mail="hanako")

    with pytest.raises(procedures.Refused) as refused:
        act(case, "ask_correction", person("shimin.tanto"), **payload)
    assert list(refused.value.errors) == [field]


def test_a_fee_that_nobody_pays_ends_the_case_and_is_no_longer_owed():
    case = granted()
    due = case.steps.get(state="active").due_on

    assert procedures.next_for_applicant(case, "ja").due == due
    case = act(case, "fire", SYSTEM, timer_step=case.steps.get(state="active").id)
    assert (case.status, case.result) == ("closed", "lapsed")
    assert [one.state for one in payments.of_owner(case.owner)] == ["cancelled"]


def test_a_step_that_never_asks_back_says_so():
    case = pay(granted())

    with pytest.raises(procedures.Refused, match="補正"):
        act(case, "ask_correction", person("shimin.tanto"), fields=["purpose"], message="確かめてください。")


def test_what_staff_fill_in_is_checked_by_the_form_of_the_step():
    case = send(CERTIFICATE, certificate(), mail="hanako")

    with pytest.raises(procedures.Refused) as refused:
        check(case, answers={**REGISTER, "registered_address": "", "rows": []})
    assert {path.split(".")[0] for path in refused.value.errors} == {"registered_address", "rows"}
    with pytest.raises(procedures.Refused):
        check(case, outcome="perhaps")


def test_a_proposal_to_refuse_needs_no_filled_form():
    case = check(send(CERTIFICATE, certificate(), mail="hanako"), outcome="refuse", checked=[], answers={})
    case = act(case, "decide", person("shimin.kacho"), outcome="refused", reasons="台帳にありません。")

    assert (case.status, case.result) == ("closed", "refused")
    assert documents.documents_of(case.owner) == []


def test_once_decided_it_cannot_be_taken_back():
    case = granted()

    assert procedures.reason_not_to_withdraw(case, person("hanako")).startswith("すでに決定")
    with pytest.raises(procedures.Refused, match="すでに決定"):
        act(case, "withdraw", person("hanako"))


def test_a_closed_case_is_opened_again_and_a_new_paper_takes_the_place_of_the_old():
    clerk, chief = person("shimin.tanto"), person("shimin.kacho")
    case = act(pay(granted()), "complete", clerk, outcome="handed")
    with pytest.raises(procedures.Refused):
        act(case, "reopen", chief, step="check", reason="")
    with pytest.raises(procedures.Refused):
        act(case, "reopen", chief, step="issue", reason="誤字")
    with pytest.raises(procedures.NotAllowed):
        act(case, "reopen", clerk, step="check", reason="誤字")

    case = act(case, "reopen", chief, step="check", reason="氏名の誤り")
    assert (case.status, case.result, case.retention_until, active(case)) == ("working", "", None, ["check"])
    case = act(check(case), "decide", chief, outcome="granted")
    assert active(case) == ["hand_over"], "the fee was paid the first time"

    new, old = documents.documents_of(case.owner)
    assert (new.state, old.state, old.superseded_by) == ("valid", "superseded", new)
    second, first = procedures.Decision.objects.filter(case=case).order_by("-at")
    assert second.supersedes == first


def test_revisions_and_decisions_cannot_be_changed_or_removed():
    case = granted()
    decision = procedures.Decision.objects.get(case=case)

    for change in (
        lambda: AnswerRevision.objects.filter(case=case).update(answers={}),
        lambda: AnswerRevision.objects.filter(case=case).delete(),
        lambda: procedures.Decision.objects.filter(pk=decision.pk).update(result="refused"),
        lambda: procedures.Decision.objects.filter(pk=decision.pk).delete(),
        lambda: procedures.Case.objects.filter(pk=case.pk).delete(),
        lambda: procedures.Case.objects.filter(pk=case.pk).update(code="other.code"),
        lambda: procedures.Case.objects.filter(pk=case.pk).update(version=F("version") + 1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_whoever_has_number_and_mail_address_gets_the_link_again_and_nobody_else():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    before = len(told(case))

    for reference, email in (
        (case.reference, "someone@joso.example"),
        (case.reference, ""),
        ("", case.email),
        ("2222-2222-2222", case.email),
    ):
        procedures.mail_link_again(reference=reference, email=email)
    assert len(told(case)) == before
    for _press in range(2):
        procedures.mail_link_again(reference=case.reference.lower(), email=case.email.upper())
    assert len(told(case)) == before + 1


def test_only_who_applied_may_correct_and_take_back():
    case = send(CERTIFICATE, certificate(), mail="hanako")

    for stranger in (person("yoshino"), person("shimin.kacho"), applicant(procedures.Case())):
        with pytest.raises(procedures.NotAllowed):
            act(case, "withdraw", stranger)
    assert act(case, "withdraw", person("hanako")).status == "withdrawn"
    assert case.account_id == account("hanako").pk
