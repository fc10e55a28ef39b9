"""From the wish to the receipt, on a phone in Japanese: sofa and chairs are to be collected."""

import io
import re

import pytest
from journey_steps import go_on, link_in, live, mail_to
from PIL import Image

from machi.engines.procedures.models import Case

NAME = "𠮷田 神子 <script>alert(1)</script>"


@pytest.fixture
def photo(tmp_path):
    """A photograph and a program that calls itself one."""
    drawn = io.BytesIO()
    Image.new("RGB", (400, 300), "#8899aa").save(drawn, "JPEG")
    (tmp_path / "sofa.jpg").write_bytes(drawn.getvalue())
    (tmp_path / "program.jpg").write_bytes(b"MZ\x90\x00" + b"\0" * 3000)
    return tmp_path


def begin(page):
    """Find the service and begin."""
    page.goto("/")
    page.get_by_role("searchbox").fill("そだい")
    with page.expect_navigation():
        page.get_by_role("searchbox").press("Enter")
    with page.expect_navigation():
        page.get_by_role("link", name="粗大ごみ収集の申込み").click()
    assert page.get_by_text("使える人").is_visible()
    go_on(page, "はじめる")


def fill_place(page):
    page.get_by_label("収集する町名").select_option("mitsukaido_suwa")
    page.get_by_label("番地・建物名").fill("3222番地3")
    page.get_by_label("出しておく場所").fill("玄関の前")


def fill_items(page, photo):
    """A sofa with its photograph, and two chairs; the fee is counted."""
    total = page.locator("#total .amount")
    live(page, lambda: page.locator("[name='lines.r1.item']").select_option("sofa_2"))
    assert total.inner_text() == "1,000円"
    live(page, lambda: page.locator("[name='lines.r1.photo']").set_input_files(photo / "program.jpg"))
    assert "受け" in page.locator("#lines-r1-photo-field .error").inner_text()
    live(page, lambda: page.locator("[name='lines.r1.photo']").set_input_files(photo / "sofa.jpg"))
    assert page.locator(".file-line img").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="「品目」を追加する").click()
    live(page, lambda: page.locator("[name$='.item']").nth(1).select_option("chair"))
    page.locator("[name$='.qty']").nth(1).fill("2")
    live(page, lambda: page.locator("[name$='.qty']").nth(1).blur())
    assert total.inner_text() == "1,800円"


def fill_rest(page):
    """Ask for no exemption, choose the first day, say who one is."""
    live(page, lambda: page.get_by_label("手数料の減免を申請する").check())
    assert page.locator("[name=proof]").count() == 1
    live(page, lambda: page.get_by_label("手数料の減免を申請する").uncheck())
    assert page.locator("[name=proof]").count() == 0
    go_on(page)
    page.locator("[name=day]:enabled").first.check()
    go_on(page)
    page.get_by_label("氏名").fill(NAME)
    page.get_by_label("電話番号").fill("0297-23-2111")
    page.get_by_label("メールアドレス").fill("taro@joso.example")
    go_on(page)


def test_a_pickup_from_the_wish_to_the_receipt(town, phone, photo, axe):
    begin(phone)
    go_on(phone)
    assert phone.locator(".error-summary a").count() == 3
    assert phone.evaluate("document.activeElement.id") == "error-summary"
    fill_place(phone)
    assert axe(phone) == []
    go_on(phone)
    fill_items(phone, photo)
    assert axe(phone) == []
    go_on(phone)
    fill_rest(phone)

    assert phone.get_by_role("heading", level=1).inner_text() == "内容の確認"
    assert phone.get_by_text(NAME).is_visible()
    assert axe(phone) == []
    phone.get_by_role("button", name="この内容で送信する").dblclick()
    phone.wait_for_url("**/cases/**")

    number = phone.locator(".receipt .number").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", number)
    assert axe(phone) == []
    case = Case.objects.get(email="taro@joso.example")
    assert case.reference.replace("-", "") == number.replace("-", "")
    assert case.applicant == NAME
    assert number in mail_to(town, "taro@joso.example", number)
    assert len(phone.context.cookies()) > 0
    phone.go_back()
    phone.wait_for_url(f"**/cases/{case.id}/**")


def test_going_on_later_on_another_device(town, phone, open_page):
    begin(phone)
    fill_place(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="あとで続ける").click()
    phone.get_by_label("メールアドレス").fill("later@joso.example")
    go_on(phone, "リンクを送る")

    desk = open_page("desk")
    desk.goto(link_in(mail_to(town, "later@joso.example", "/d/"), "/d/"))

    assert desk.get_by_label("番地・建物名").input_value() == "3222番地3"


def test_changing_the_language_midway_keeps_page_and_answers(town, phone):
    begin(phone)
    fill_place(phone)

    phone.locator(".languages .open").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Português").click()

    assert phone.get_attribute("html", "lang") == "pt-BR"
    assert phone.locator("[name=line]").input_value() == "3222番地3"
    assert phone.locator("[name=town]").input_value() == "mitsukaido_suwa"


def test_without_a_network_the_page_says_so_and_holds_what_was_typed(town, phone):
    begin(phone)
    fill_place(phone)
    phone.context.set_offline(True)

    phone.locator("main").get_by_role("button", name="次へ").click()

    assert "つながっていません" in phone.locator("#toasts").inner_text()
    assert phone.get_by_label("番地・建物名").input_value() == "3222番地3"
    phone.context.set_offline(False)
    go_on(phone)
    assert phone.get_by_role("heading", level=1).inner_text() == "出すもの"


def test_what_was_typed_when_the_session_ended_is_there_after_a_new_start(town, phone):
    begin(phone)
    fill_place(phone)
    phone.context.clear_cookies()

    go_on(phone)
    assert phone.get_by_role("heading", level=1).inner_text() == "もう一度送ってください"
    with phone.expect_navigation():
        phone.get_by_role("link", name="ページを開き直す").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "このページは、ここでは開けません"
    begin(phone)

    assert phone.get_by_label("番地・建物名").input_value() == "3222番地3"
    assert phone.get_by_label("収集する町名").input_value() == "mitsukaido_suwa"


def test_what_is_typed_while_an_answer_is_on_its_way_stays(town, phone):
    begin(phone)
    fill_place(phone)
    go_on(phone)
    waiting = []
    phone.route("**/items/", lambda route: waiting.append(route), times=1)  # noqa: PLW0108 (it marks it)
    phone.locator("[name='lines.r1.item']").select_option("sofa_2")
    phone.locator("[name='lines.r1.qty']").fill("3")

    live(phone, waiting[0].continue_)

    assert phone.locator("[name='lines.r1.qty']").input_value() == "3"
    assert phone.locator("#total .amount").inner_text() == "3,000円"


def test_a_pickup_by_keyboard_alone(town, desk):
    desk.goto("/procedures/waste.bulky_pickup/")
    desk.get_by_role("button", name="はじめる").focus()
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip"
    with desk.expect_navigation():
        desk.locator("[name=line]").focus()
        desk.keyboard.type("3222番地3")
        desk.keyboard.press("Enter")  # in a box: go on, with what is missing said
    assert desk.evaluate("document.activeElement.id") == "error-summary"
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "town"
    desk.keyboard.press("ArrowDown")
    assert desk.locator("[name=town]").input_value() != ""
    assert desk.locator("[name=line]").input_value() == "3222番地3"
