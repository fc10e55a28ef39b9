"""A draft (起案) from the clerk's desk to the chief's phone, carried out, filed, and destroyed by two people."""

import time
from datetime import timedelta

import pytest
from journey_steps import go_on, live

from fixtures.desk import sign_in_staff
from fixtures.drafts import office_draft
from machi.engines.filing.models import Document
from machi.engines.procedures.public import Case
from machi.ground.calendar import today

CLERK, CHIEF, REFORM = "kankyo.tanto", "kankyo.kacho", "gyosei.kacho"
ASKS_MORE = ("item", "has_paper", "disclosure", "acts")  # answers that make the page ask more, or less
SUBJECT = "防鳥ネットの購入について（伺い）"


@pytest.fixture
def at_desk(town, open_page):
    """at_desk("kankyo.tanto", "desk") → a page of that size, signed in as that sample person."""
    return lambda mail, size="desk": sign_in_staff(open_page(size), mail)


def press(page, name):
    """Press a button that brings a page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def pick(page, **answers):
    """Choose among radio buttons."""
    for name, value in answers.items():
        choice = page.locator(f"[name={name}][value={value}]")
        live(page, choice.check) if name in ASKS_MORE else choice.check()


def day(page, name, when):
    """Type a day into its three boxes."""
    for part in ("year", "month", "day"):
        page.locator(f"[name={name}-{part}]").fill(str(getattr(when, part)))


def draft(page):
    """The clerk writes the draft and sends it; returns the case."""
    page.goto("/desk/start/office.draft/")
    press(page, "はじめる")
    page.locator("[name=subject]").fill(SUBJECT)
    pick(page, item="spending", grave="no")
    page.locator("[name=amount]").fill("184000")
    go_on(page)
    page.locator("[name=body]").fill("防鳥ネット40枚を購入してよろしいか伺います。")
    go_on(page)
    pick(page, has_paper="no")
    go_on(page)
    pick(page, disclosure="open", acts="yes")
    day(page, "act_on", today())
    pick(page, sender="chief", stamp="none")
    go_on(page)
    go_on(page, "この内容で送信する")
    return Case.objects.get(code="office.draft", subject=SUBJECT)


def send_back(chief, case):
    chief.goto(f"/desk/cases/{case.id}/")
    chief.locator("summary", has_text="差し戻す").click()
    chief.locator("#send_back-comment").fill("数量の根拠を書いてください。")
    press(chief, "差し戻す")


def correct_and_consult(clerk, case):
    """The clerk writes more, and asks another office as well."""
    clerk.goto(f"/desk/start/cases/{case.id}/")
    assert "数量の根拠を書いてください。" in clerk.locator("main").inner_text()
    clerk.get_by_role("link", name="答える").click()
    clerk.locator("[name=body]").fill("防鳥ネット40枚（集積所40か所に各1枚）を購入してよろしいか伺います。")
    press(clerk, "この内容で送る")
    clerk.goto(f"/desk/start/cases/{case.id}/")
    clerk.locator("summary", has_text="合議・供覧を加える").click()
    clerk.locator("[name=_post]").select_option("reform.chief")
    clerk.locator("[name=_comment]").fill("予算との関係を見てください。")
    press(clerk, "加える")


def test_a_draft_is_returned_consulted_decided_with_nine_others_carried_out_filed_and_destroyed(town, at_desk, axe):
    for number in range(9):
        office_draft(CLERK, subject=f"消耗品の購入 その{number}", item="spending", amount=10_000, contract=None)
    clerk, chief = at_desk(CLERK), at_desk(CHIEF, "phone")
    case = draft(clerk)
    send_back(chief, case)
    correct_and_consult(clerk, case)
    assert axe(clerk) == []

    reform = at_desk(REFORM)
    reform.goto("/desk/approvals/")
    assert "予算との関係を見てください。" in reform.locator(".inbox").inner_text()
    reform.get_by_role("link", name=case.number).click()
    press(reform, "同意する")

    chief.goto("/desk/approvals/")
    assert "前の回から変わったところ: 伺いの文" in chief.locator(".inbox").inner_text()
    assert axe(chief) == []
    chief.get_by_label("すべて選ぶ").check()
    press(chief, "選んだものを承認・同意する")
    assert "10件を処理しました。" in chief.locator("main").inner_text()
    assert chief.evaluate("document.documentElement.scrollWidth") <= 390

    carry_out(clerk, case)
    document = Document.objects.get(owner=case.owner)
    assert (document.state, document.subject) == ("completed", SUBJECT)
    destroy(clerk, chief, document)


def carry_out(clerk, case):
    """What was decided is done (施行), and the case is over."""
    clerk.goto(f"/desk/cases/{case.id}/")
    day(clerk.locator("#step"), "acted_on", today())
    pick(clerk.locator("#step"), way="mail")
    press(clerk, "施行した")
    clerk.locator("main a[href^='/desk/filing/']").first.click()
    clerk.wait_for_url("**/desk/filing/**")


def destroy(clerk, chief, document):
    """When its time is over one makes the list, another confirms, and a certificate stays."""
    Document.objects.filter(id=document.id).update(kept_until=today() - timedelta(days=1))
    clerk.goto("/desk/filing/disposal/")
    press(clerk, "リストを作る")
    press(clerk, "確認に出す")
    chief.goto(clerk.url)
    press(chief, "確認して実行する")
    until = time.monotonic() + 20
    while not chief.get_by_text("廃棄等証明書を開く").count() and time.monotonic() < until:
        time.sleep(0.3)
        chief.goto(clerk.url)
    assert chief.request.get(f"{clerk.url}certificate/").body().startswith(b"%PDF")
    document.refresh_from_db()
    assert (document.state, document.subject) == ("destroyed", "")
