"""The budget at the desk: who sees what, what is left while one drafts, and files read with a look before."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fixtures.cases import act
from fixtures.drafts import mark
from fixtures.money import BUDGET, CHIEF, SUPPLIES, accountant, chosen, expenditure, payment, stand
from machi.engines.ledger import public as ledger
from machi.engines.questions.models import Draft

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
    head, row = keeper.get(address).content.decode("utf-8-sig").splitlines()
    assert head.startswith("命令番号,") and f"{case.number},,{SUPPLIES}," in row and ",4800,見本建材,0130," in row
    assert sign_in("kankyo.tanto").get(address).status_code == 404
