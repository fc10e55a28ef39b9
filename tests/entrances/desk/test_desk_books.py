"""The budget at the desk: who sees what, what is left while one drafts, and files read with a look before."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fixtures.cases import act
from fixtures.drafts import mark
from fixtures.money import BUDGET, CHIEF, SUPPLIES, accountant, chosen, expenditure, payment, stand
from machi.engines.ledger import public as ledger
from machi.engines.procedures import public as procedures
from machi.engines.questions.models import Draft
from machi.ground.calendar import OFFICE, today

HEAD = "年度,課,会計,款,項,目,事業,節,目名,事業名,節名,予算現額,配当額\n"


def test_a_unit_sees_its_lines_and_comes_from_the_line_to_the_case(sign_in):
    case = expenditure(400_000)
    chief = sign_in(CHIEF)
    shown = chief.get("/desk/books/office.budget/").content.decode()
    assert "8,600,000円" in shown and "ごみ減量推進" not in shown

    account = ledger.account(BUDGET, SUPPLIES)
    told = chief.get(f"/desk/books/office.budget/accounts/{account.pk}/").content.decode()
    assert f"/desk/cases/{case.id}/" in told and "-400,000円" in told
    assert sign_in("kankyo.kacho").get(f"/desk/books/office.budget/accounts/{account.pk}/").status_code == 404
    saved = chief.get("/desk/books/office.budget/?file=csv").content.decode()
    assert f"道路課,{SUPPLIES}" in saved


def test_the_treasurer_sees_all_and_reads_a_file_after_a_look(sign_in):
    treasurer = sign_in("gyosei.tanto")
    assert "ごみ減量推進" in treasurer.get("/desk/books/office.budget/").content.decode()
    rows = HEAD + "2026,道路課,01,08,02,02,010,10,道路維持費,道路維持管理,需用費,13000000,12000000\n"
    file = SimpleUploadedFile("補正.csv", rows.encode("cp932"))
    shown = treasurer.post("/desk/books/office.budget/sheet/", {"file": file})
    assert shown.status_code == 200 and "12,000,000円" in shown.content.decode()
    assert stand(BUDGET, SUPPLIES)["free"] == 9_000_000

    signed = re.search(r'name="signed" value="([^"]+)"', shown.content.decode())[1]
    assert treasurer.post("/desk/books/office.budget/sheet/", {"signed": signed}).url == "/desk/books/office.budget/"
    treasurer.post("/desk/books/office.budget/sheet/", {"signed": signed})
    assert stand(BUDGET, SUPPLIES) == {"unallotted": 1_000_000, "free": 12_000_000}


@pytest.mark.parametrize("posted", [{}, {"signed": "forged"}, {"file": "x"}])
def test_a_wrong_file_is_told_and_nothing_is_entered(sign_in, posted):
    sent = {**posted, **({"file": SimpleUploadedFile("x.csv", "年度\n2026".encode())} if "file" in posted else {})}
    answer = sign_in("gyosei.tanto").post("/desk/books/office.budget/sheet/", sent, follow=True)
    assert answer.status_code in (200, 422)
    assert "選んで" in answer.content.decode() or "見出しがありません" in answer.content.decode()
    assert sign_in(CHIEF).get("/desk/books/office.budget/sheet/").status_code == 404


def test_while_drafting_one_sees_what_is_left_and_too_much_is_said_at_once(sign_in):
    clerk = sign_in("doro.tanto")
    started = clerk.post("/desk/start/office.expenditure/start/")
    draft = Draft.objects.get(id=started.url.split("/")[4])
    address = f"/desk/start/drafts/{draft.id}/money/"
    shown = clerk.get(address).content.decode()
    assert "残り 9,000,000円" in shown and "ごみ減量推進" not in shown

    line = chosen(BUDGET, SUPPLIES)
    said = {"line": f"{SUPPLIES}||0|{line['title']}", "_asked": ["amount", "line"], "_do": "next", "revision": 1}
    refused = clerk.post(address, {**said, "amount": "９，０００，００１"})
    assert refused.status_code == 422 and "1円足りません" in refused.content.decode()
    assert 'value="9000001"' in refused.content.decode()
    accepted = clerk.post(address, {**said, "amount": "400000"})
    assert accepted.status_code == 302
    assert "このあとは8,600,000円" in clerk.get(address).content.decode().replace("この申請の", "この")


def test_examined_orders_are_handed_to_the_accounting_system(sign_in):
    case = mark(payment(4_800), "approve", CHIEF)
    keeper = sign_in("kaikei.kacho")
    address = "/desk/books/handovers/office.payment_order/accounting/"
    assert case.number not in keeper.get(address).content.decode()

    act(case, "complete", accountant(), step="examine", outcome="ok", checked=["law", "settled", "payee"])
    assert address in keeper.get("/desk/books/").content.decode()
    assert case.number in keeper.get(address).content.decode()
    assert keeper.post(address).status_code == 302
    again = keeper.post(address)
    assert again.status_code == 422 and "渡すものがありません" in again.content.decode()

    (made,) = procedures.handings(case.version, "accounting")
    given = keeper.get(f"{address}{made.id}/").content
    assert made.digest in keeper.get(address).content.decode() and hashlib.sha256(given).hexdigest() == made.digest
    head, row = given.decode("utf-8-sig").splitlines()
    assert head.startswith("命令番号,") and f"{case.number},,{SUPPLIES}," in row and ",4800,見本建材,0130," in row
    assert sign_in("kankyo.tanto").get(address).status_code == 404
    assert sign_in("kankyo.tanto").get(f"{address}{made.id}/").status_code == 404


def test_the_bank_gets_its_transfers_and_a_wrong_name_or_day_is_said(sign_in):
    day = OFFICE.add_business_days(today(), 1).isoformat()
    address = "/desk/books/handovers/office.payment_order/bank/"
    keeper = sign_in("kaikei.kacho")
    examined(payment(4_800))
    wrong = examined(payment(1_000, holder="ミホンヲ"))
    for posted, words in ((day, f"{wrong.number}: 口座名義"), (today().isoformat(), "営業日"), ("x", "営業日")):
        told = keeper.post(address, {"day": posted})
        assert told.status_code == 422 and words in told.content.decode(), posted

    act(wrong, "complete", accountant(), step="pay", outcome="paid", answers={"paid_on": today().isoformat()})
    assert keeper.post(address, {"day": day}).status_code == 302
    (made,) = procedures.handings(wrong.version, "bank")
    assert (made.count, made.total) == (1, 4_800)
    records = keeper.get(f"{address}{made.id}/").content.split(b"\r\n")
    assert [len(one) for one in records] == [120] * 4 + [0]
    assert records[1][50:80].decode("shift_jis").rstrip() == "ﾐﾎﾝｹﾝｻﾞｲ" and records[1][80:90] == b"0000004800"


def examined(case):
    """A payment order that the accountant has examined."""
    case = mark(case, "approve", CHIEF)
    return act(case, "complete", accountant(), step="examine", outcome="ok", checked=["law", "settled", "payee"])
