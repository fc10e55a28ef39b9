"""The approval inbox: what waits for my posts, and marking many at once."""

import pytest
from django.test import Client

from fixtures.cases import account
from fixtures.drafts import draft, drafting, mark, publish
from machi.engines.approvals import public as approvals

CHIEF, DIRECTOR = "kankyo.kacho", "shimin.bucho"


@pytest.fixture
def published(joso, tmp_path):
    publish(drafting(), tmp_path)


@pytest.fixture
def desk(published):
    return sign_in(CHIEF)


def sign_in(mail):
    client = Client()
    client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
    return client


def posted(slots, verb, **more):
    digests = {f"digest-{slot.id}": slot.round.digest for slot in slots}
    return {"verb": verb, "slot": [str(slot.id) for slot in slots], **digests, **more}


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_an_empty_inbox_says_so(desk):
    assert "いま待っているものはありません" in desk.get("/desk/approvals/").content.decode()


def test_the_inbox_tells_the_rule_and_the_post_that_brought_it(desk):
    draft(name="街灯の修繕")
    text = desk.get("/desk/approvals/").content.decode()

    assert "街灯の修繕" in text
    assert "別表第1 2の項" in text
    assert "街灯の修繕" not in sign_in(DIRECTOR).get("/desk/approvals/").content.decode()


def test_who_is_asked_from_another_office_reads_what_it_is_about(desk):
    case = draft(5_000_000, name="街灯の修繕")
    mark(case, "approve", CHIEF)

    consulted = sign_in("gyosei.kacho")
    assert "街灯の修繕" in consulted.get("/desk/approvals/").content.decode()
    assert "街灯の修繕" in consulted.get(f"/desk/cases/{case.id}/").content.decode()


def test_ten_are_approved_at_once(desk):
    cases = [draft(100_000) for _one in range(10)]
    slots = list(approvals.waiting_for(["environment.chief"]))

    answer = desk.post("/desk/approvals/mark/", posted(slots, "approve"), follow=True)

    assert said(answer) == ["10件を処理しました。"]
    for case in cases:
        case.refresh_from_db()
        assert case.status == "closed"


def test_what_failed_among_many_is_said_and_the_rest_is_done(desk):
    stale, good, gone = draft(100_000), draft(100_000), draft(100_000)
    slots = list(approvals.waiting_for(["environment.chief"]))
    mark(gone, "approve", CHIEF)
    form = posted(slots, "approve")
    old = next(slot for slot in slots if slot.round.owner == stale.owner)
    form[f"digest-{old.id}"] = "b" * 64

    answer = desk.post("/desk/approvals/mark/", form, follow=True)

    done, changed, away = said(answer)
    assert done == "1件を処理しました。"
    assert changed.startswith(stale.number)
    assert "その後変わりました" in changed
    assert away.startswith("1件は、もう待っていません")
    good.refresh_from_db()
    assert good.status == "closed"


def test_on_hold_needs_a_reason_and_moves_to_its_tab(desk):
    draft(name="街灯の修繕")
    slots = list(approvals.waiting_for(["environment.chief"]))
    answer = desk.post("/desk/approvals/mark/", posted(slots, "hold"), follow=True)
    assert "理由を書いてください。" in said(answer)[0]

    desk.post("/desk/approvals/mark/", posted(slots, "hold", comment="見積書を待つ"))

    assert "街灯の修繕" not in desk.get("/desk/approvals/").content.decode()
    assert "見積書を待つ" in desk.get("/desk/approvals/?tab=held").content.decode()
