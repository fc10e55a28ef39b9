"""The way of a draft at the desk: drawn, marked with words, taken back; and who is away."""

import pytest

from fixtures.cases import account, person
from fixtures.drafts import mark, office_draft
from machi.engines.approvals import public as approvals
from machi.engines.audit.define import SYSTEM
from machi.engines.people.models import Absence, Appointment
from machi.engines.people.public import enter_absence
from machi.ground.calendar import today

CLERK, DEPUTY, CHIEF, DIRECTOR = "doro.tanto", "doro.hosa", "doro.kacho", "kensetsu.bucho"


def page(client, case):
    return client.get(f"/desk/cases/{case.id}/")


def press(client, case, verb, **more):
    """Press a button of the approval on the page of the case, as it stands."""
    shown = page(client, case).context
    turn = next(iter(shown["marking"]["turns"]), None) or shown["marking"]["later"] or {}
    posted = {"_verb": verb, "_revision": shown["case"].revision, "_command": str(shown["command_id"])}
    given = {"_slot": str(turn.get("slot", "")), "_digest": turn.get("digest", "")}
    answer = client.post(f"/desk/cases/{case.id}/act/", {**posted, **given, **more})
    case.refresh_from_db()
    return answer


def away(mail):
    return enter_absence(person=account(mail).person, kind="trip", first=today(), last=today(), actor=SYSTEM)


def levels(answer, number=0):
    return [[(one["post"], one["state"]) for one in level] for level in answer.context["rounds"][number]["levels"]]


def test_the_way_is_drawn_and_each_button_says_what_comes_of_it(sign_in):
    case, chief, director = office_draft(), sign_in(CHIEF), sign_in(DIRECTOR)
    shown = page(chief, case)
    assert levels(shown) == [[("道路課課長", "now")], [("都市建設部部長", "later")]]
    assert "次は「都市建設部部長」に回ります。" in shown.content.decode()

    assert press(chief, case, "approve", _comment="年度内に").status_code == 302
    shown = page(director, case)
    assert levels(shown) == [[("道路課課長", "done")], [("都市建設部部長", "now")]]
    assert "これが最後の印です。" in shown.content.decode() and "年度内に" in shown.content.decode()

    press(director, case, "approve")
    assert (case.status, case.result) == ("closed", "completed")


def test_sent_back_to_a_named_level_and_put_on_hold_with_a_reason(sign_in):
    case, chief, director = office_draft(), sign_in(CHIEF), sign_in(DIRECTOR)
    press(chief, case, "approve")
    refused = press(director, case, "send_back", _level="1", _comment=" ")
    assert refused.status_code == 422 and "理由を書いてください。" in refused.content.decode()

    press(director, case, "send_back", _level="1", _comment="積算を確かめて")
    assert levels(page(chief, case))[0] == [("道路課課長", "now")]
    press(chief, case, "hold", _comment="見積書を待つ")
    assert "保留中" in page(director, case).content.decode()


def test_an_old_round_stays_readable_after_the_content_changed(sign_in):
    case, clerk = office_draft(), sign_in(CLERK)
    case = mark(case, "send_back", CHIEF, comment="金額を確かめて")
    posted = {"_do": "next", "_asked": ["amount"], "amount": "900000", "revision": case.revision}
    clerk.post(f"/desk/start/cases/{case.id}/correct/", posted)

    shown = clerk.get(f"/desk/start/cases/{case.id}/")
    assert [one["state"] for one in shown.context["rounds"]] == ["決裁中", "差戻し"]
    assert "第1回 — 差戻し（金額を確かめて）" in shown.content.decode()
    inbox = sign_in(CHIEF).get("/desk/approvals/").content.decode()
    assert "2回目です。" in inbox and "前の回から変わったところ: 金額（税込み）" in inbox


def test_the_drafter_takes_it_back_until_somebody_has_marked(sign_in):
    case, clerk = office_draft(), sign_in(CLERK)
    address = f"/desk/start/cases/{case.id}/"
    assert clerk.get(address).context["may_recall"]

    assert clerk.post(f"{address}recall/", {"revision": case.revision}).url == f"{address}correct/"
    case.refresh_from_db()
    assert case.status == "awaiting_applicant"


def test_the_drafter_asks_one_more_and_takes_it_back_and_a_refusal_keeps_what_was_typed(sign_in):
    case, clerk = office_draft(), sign_in(CLERK)
    address = f"/desk/start/cases/{case.id}/"
    before = clerk.get(address).context["adding"]["before"]
    assert [one["label"] for one in before] == ["「都市建設部部長」の前", "「道路課課長」の前"]
    asked = {"_verb": "add_place", "_kind": "agree", "_post": "reform.chief", "_before": before[0]["value"]}

    refused = clerk.post(f"{address}places/", {**asked, "revision": case.revision})
    assert refused.status_code == 422 and "理由を書いてください。" in refused.content.decode()
    assert refused.context["typed"]["add_place"]["post"] == "reform.chief"

    clerk.post(f"{address}places/", {**asked, "_comment": "予算を見てください。", "revision": case.revision})
    shown = clerk.get(address)
    assert levels(shown)[1] == [("行財政改革課課長", "later")]
    assert "合議（追加）" in shown.content.decode() and "予算を見てください。" in shown.content.decode()

    case.refresh_from_db()
    (added,) = shown.context["adding"]["added"]
    gone = {"_verb": "remove_place", "_slot": str(added["slot"]), "revision": case.revision}
    assert clerk.post(f"{address}places/", gone).status_code == 302
    assert levels(clerk.get(address)) == [[("道路課課長", "now")], [("都市建設部部長", "later")]]


def test_whose_turn_it_is_asks_somebody_first_from_the_page(sign_in):
    case, chief = office_draft(), sign_in(CHIEF)
    own = page(chief, case).context["marking"]["adding"]["before"][-1]["value"]
    asked = {"_kind": "agree", "_post": "general.chief", "_before": own, "_comment": "規則を見てください。"}
    assert press(chief, case, "add_place", **asked).status_code == 302
    assert levels(page(chief, case))[:2] == [[("総務課課長", "now")], [("道路課課長", "later")]]
    assert "規則を見てください。" in sign_in("somu.kacho").get("/desk/approvals/").content.decode()


def test_a_deputy_sees_and_marks_what_waits_for_who_is_away(sign_in):
    case, deputy = office_draft(item="inquiry", amount=None, contract=None), sign_in(DEPUTY)
    assert "街灯の修繕" not in deputy.get("/desk/approvals/").content.decode()
    away(CHIEF)
    assert "街灯の修繕" in deputy.get("/desk/approvals/").content.decode()
    assert "代わって承認する" in page(deputy, case).content.decode()

    press(deputy, case, "approve")
    assert case.decisions.get().post == "道路課課長（代決 道路課課長補佐）"
    assert "街灯の修繕" in sign_in(CHIEF).get("/desk/approvals/?tab=read").content.decode()
    assert "街灯の修繕" in deputy.get("/desk/approvals/?tab=done").content.decode()


def test_where_nobody_can_mark_the_page_says_why_and_the_records_manager_changes_the_route(sign_in):
    case, records = office_draft(grave=True, item="inquiry", amount=None, contract=None), sign_in("somu.bunsho")
    away(CHIEF)
    assert "代決はできません" in page(records, case).content.decode()
    Appointment.objects.filter(person=account(CHIEF).person).delete()
    assert "この職には今、人がいません" in page(records, case).content.decode()

    waiting = approvals.round_open(case.owner).slots.get(state="open")
    changed = {"_slot": str(waiting.id), "_post": "construction.director", "_comment": "欠員のため"}
    press(records, case, "reroute", **changed)
    assert [one.post for one in approvals.slots_of(person(DIRECTOR), case.owner)] == ["construction.director"]


@pytest.mark.parametrize(("who", "whose", "status"), [(CHIEF, CHIEF, 302), (CLERK, CHIEF, 302), (CLERK, DIRECTOR, 422)])
def test_absence_is_entered_by_oneself_or_ones_office(sign_in, who, whose, status):
    day = today()
    parts = {"year": day.year, "month": day.month, "day": day.day}
    days = {f"{name}-{part}": value for name in ("first", "last") for part, value in parts.items()}
    posted = {"person": str(account(whose).person.pk), "kind": "leave", **days}

    answer = sign_in(who).post("/desk/absence/", posted)

    assert answer.status_code == status
    assert Absence.objects.count() == (1 if status == 302 else 0)


def test_wrong_days_keep_what_was_typed(sign_in):
    answer = sign_in(CHIEF).post("/desk/absence/", {"kind": "trip", "person": "x", "first-year": "2026"})

    assert answer.status_code == 422
    assert answer.context["typed"]["first"]["year"] == "2026"
    assert set(answer.context["errors"]) == {"first", "last", "person"}
