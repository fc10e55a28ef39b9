"""Clerks and chiefs at the desk, with the mouse: each of the three services from the queue to its end."""

import time

import pytest

from fixtures.cases import CERTIFICATE, VOICE, act, applicant, certificate, send, voice
from fixtures.desk import exempt_pickup, sign_in_staff


@pytest.fixture
def at_desk(town, open_page):
    """at_desk("kankyo.tanto") → a page at the size of a desk, signed in as that sample person."""
    return lambda mail: sign_in_staff(open_page("desk"), mail)


def press(page, name):
    """Press a button that brings a page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def chip(page):
    """The state at the head of the case."""
    return page.locator(".page-head .chip").inner_text()


def mail_to(town, address, seconds=20):
    """The newest mail to this address, as soon as it has come."""
    until = time.monotonic() + seconds
    while not town.mail.to(address) and time.monotonic() < until:
        time.sleep(0.1)
    return town.mail.to(address)[-1]


def test_an_exemption_is_checked_corrected_granted_and_the_things_collected(town, at_desk, axe):
    case = exempt_pickup(name="𠮷野 健", email="yoshi-desk@joso.example")
    page = at_desk("kankyo.tanto")
    with page.expect_navigation():
        page.locator(".counts a", has_text="担当者なし").click()
    assert axe(page) == []
    row = page.locator("tr", has_text=case.number)
    with page.expect_navigation():
        row.get_by_role("button", name="担当する").click()
    page.goto("/desk/queue/?view=mine")
    assert "佐藤 環" in page.locator("tr", has_text=case.number).inner_text()
    page.get_by_role("link", name=case.number).click()
    page.wait_for_url(f"**/desk/cases/{case.id}/")
    assert axe(page) == []
    assert page.locator(".preview img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 400

    page.get_by_text("補正を求める").click()
    page.get_by_label("減免の理由がわかる書類の写真").check()
    page.get_by_label("出しておく場所").check()
    page.get_by_label("申請者に伝える文").fill("手帳の番号が読めません。")
    press(page, "申請者に送る")
    assert chip(page) == "申請者待ち"
    assert "手帳の番号が読めません。" in mail_to(town, "yoshi-desk@joso.example").get_body().get_content()

    case.refresh_from_db()
    proof = case.answers.get(n=1).answers["proof"]
    act(case, "correct", applicant(case), answers={"spot": "物置の横", "proof": proof})
    page.reload()
    assert page.locator(".changed dt").inner_text() == "出しておく場所"
    assert "前の内容: 玄関の前" in page.locator(".changed").inner_text()
    page.get_by_label("書類が読み取れる").check()
    press(page, "減免を認める")
    assert "すべて確認してからにしてください。" in page.locator("#step").inner_text()
    assert page.get_by_label("書類が読み取れる").is_checked()
    page.get_by_label("減免の要件（規則 別表）に当てはまる").check()
    press(page, "減免を認める")
    assert page.locator("#step .title").inner_text() == "収集"
    press(page, "収集した")
    assert chip(page) == "完了" and axe(page) == []


def test_a_certificate_is_checked_decided_paid_and_handed_over(town, at_desk, axe):
    case = send(CERTIFICATE, certificate(), mail="hanako")
    clerk = at_desk("shimin.tanto")
    clerk.goto(f"/desk/cases/{case.id}/")
    assert axe(clerk) == []
    clerk.get_by_label("氏名・住所・生年月日が住民基本台帳と一致する").check()
    clerk.get_by_label("支援措置などの交付制限がない").check()
    clerk.locator("[name$='.name']").fill("山田 花子")
    fill_date(clerk, ".birth", "1984", "5", "12")
    clerk.locator("#step").get_by_label("女").check()
    press(clerk, "「人」を追加する")
    assert clerk.locator("[name$='.name']").first.input_value() == "山田 花子"
    with clerk.expect_navigation():
        clerk.locator("button[value^='remove:rows']").last.click()
    fill_date(clerk, ".since", "2010", "4", "1")
    clerk.get_by_label("世帯主").last.fill("山田 花子")
    clerk.get_by_label("住所（台帳のとおりに）").fill("茨城県常総市水海道宝町9999番地1")
    press(clerk, "照合できた")
    assert "決定する権限のある人の決定を待っています。" in clerk.locator("#step").inner_text()

    chief = at_desk("shimin.kacho")
    chief.goto(f"/desk/cases/{case.id}/")
    assert "茨城県常総市水海道宝町9999番地1" in chief.locator("main").inner_text()
    press(chief, "交付しない")
    assert "この決定には理由が必要です。" in chief.locator("#step").inner_text() and axe(chief) == []
    press(chief, "交付する")
    assert chip(chief) == "決定済み"

    clerk.reload()
    assert clerk.locator("#documents").count() == 0
    press(clerk, "現金で受け取った")
    assert "納付済み" in clerk.locator("main").inner_text()
    paper = clerk.locator("#documents a").first.get_attribute("href")
    assert clerk.request.get(paper).body().startswith(b"%PDF")
    press(clerk, "渡した・発送した")
    assert chip(clerk) == "認容" and axe(clerk) == []
    clerk.locator("#documents").get_by_role("link", name="確認ページを見る").click()
    assert "本物" in clerk.locator("main").inner_text()


def fill_date(page, path, year, month, day):
    for part, value in (("year", year), ("month", month), ("day", day)):
        page.locator(f"[name$='{path}-{part}']").first.fill(value)


def test_a_voice_is_answered_approved_and_published_without_what_names_people(town, at_desk, phone, axe):
    said = "水海道の田中さんの家の前の道にくぼみがあります。"
    case = send(
        VOICE,
        voice(body=said, name="山田 花子", wants_answer=True, email="koe-desk@joso.example", may_publish=True),
    )
    clerk, chief = at_desk("doro.tanto"), at_desk("doro.kacho")
    clerk.goto(f"/desk/cases/{case.id}/")
    clerk.locator("#step textarea[name=answer]").fill("来週、舗装を直します。担当は小林です。")
    press(clerk, "回答案を上げる")
    chief.goto(f"/desk/cases/{case.id}/")
    assert "来週、舗装を直します。" in chief.locator("main").inner_text()
    press(chief, "この回答でよい")
    assert "来週、舗装を直します。" in mail_to(town, "koe-desk@joso.example").get_body().get_content()

    clerk.reload()
    clerk.locator("#step textarea[name=question]").fill("道にくぼみがあります。")
    clerk.locator("#step textarea[name=reply]").fill("舗装を直します。")
    press(clerk, "公開する")
    assert chip(clerk) == "完了" and axe(clerk) == []
    phone.goto("/voices/")
    public = phone.locator("main").inner_text()
    assert "道にくぼみがあります。" in public and "舗装を直します。" in public
    whole = phone.content()
    assert not [secret for secret in ("田中", "山田", "koe-desk", "小林", case.reference) if secret in whole]

    chief.reload()
    press(chief, "公開をやめる")
    phone.reload()
    assert "道にくぼみがあります。" not in phone.content()


def test_of_two_clerks_the_second_is_told_and_keeps_the_words(town, at_desk):
    case = send(VOICE, voice(topic="garbage"))
    first, second = at_desk("kankyo.tanto"), at_desk("kankyo.tanto2")
    for page in (first, second):
        page.goto(f"/desk/cases/{case.id}/")
    assert "佐藤 環" in second.locator(".looking").inner_text()
    second.locator("#step textarea[name=answer]").fill("二人目の回答")
    press(first, "担当する")
    press(second, "回答案を上げる")
    assert "担当した: 回答案の作成（佐藤 環）" in second.get_by_role("alert").first.inner_text()
    assert second.locator("#step textarea[name=answer]").input_value() == "二人目の回答"
    press(second, "回答案を上げる")
    case.refresh_from_db()
    assert case.steps.get(key="answer").answers["answer"] == "二人目の回答"
