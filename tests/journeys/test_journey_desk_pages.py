"""The desk by keyboard alone, every page of it for everybody's eyes, and at the size of a phone."""

import re

import pytest

from fixtures.cases import CERTIFICATE, VOICE, account, act, bulky, certificate, person, send, voice
from fixtures.desk import PASSWORD, exempt_pickup, sign_in_staff
from machi.engines.effects.public import Effect
from machi.engines.notices.public import Delivery, mail_plain


def tab_to(page, selector, most=80):
    """Press Tab until the element has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def enter(page):
    """Press Enter where it brings a page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def here(page):
    """The row the keys speak of."""
    return page.evaluate("document.querySelector('tr.here a[data-open]')?.textContent ?? null")


def test_a_clerk_works_with_the_keyboard_only(town, desk, axe):
    cases = [send(VOICE, voice(topic="garbage", heading=f"カラスの声{number}")) for number in (1, 2, 3)]
    sender = account("kankyo.tanto")
    desk.goto("/desk/queue/?q=カラスの声")
    tab_to(desk, "[name=login]")
    desk.keyboard.type(sender.email)
    tab_to(desk, "[name=password]")
    desk.keyboard.type(PASSWORD)
    enter(desk)
    desk.wait_for_url("**/desk/queue/**")
    desk.keyboard.press("/")
    desk.keyboard.type("カラスの声")
    enter(desk)
    numbers = re.findall(r"data-open[^>]*>([^<]+)<", desk.content())
    assert len(numbers) == 3

    desk.keyboard.press("?")
    assert desk.locator("#keys").is_visible() and axe(desk) == []
    desk.keyboard.press("Escape")
    assert not desk.locator("#keys").is_visible()

    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        desk.keyboard.press(key)
        assert here(desk) == numbers[expected]
    desk.keyboard.press("x")
    assert desk.locator("[data-ticked]").inner_text() == "1"
    with desk.expect_navigation():
        desk.keyboard.press("c")
    assert here(desk) == numbers[1]
    assert "佐藤 環" in desk.locator("tr.here").inner_text()
    with desk.expect_navigation():
        desk.keyboard.press("o")
    assert numbers[1] in desk.title()

    tab_to(desk, "textarea[name=answer]")
    desk.keyboard.type("網を配ります。jkocx/?")
    tab_to(desk, "button[name=_outcome][value=propose]")
    enter(desk)
    assert "決定する権限のある人の決定を待っています。" in desk.locator("#step").inner_text()
    chosen = next(case for case in cases if case.number == numbers[1])
    assert chosen.steps.get(key="answer").answers["answer"] == "網を配ります。jkocx/?"


@pytest.fixture
def one_of_each(town):
    """Cases at every kind of step, and a mail that got lost."""
    kankyo = person("kankyo.tanto")
    waiting, proposed = exempt_pickup(), exempt_pickup()
    act(waiting, "ask_correction", kankyo, step="check", fields=["spot"], message="どこですか。")
    act(proposed, "complete", kankyo, step="check", outcome="refuse")
    closed = act(send("waste.bulky_pickup", bulky()), "complete", kankyo, step="collect", outcome="taken")
    paper = send(CERTIFICATE, certificate(), mail="yoshino")
    mail_plain(to="x@joso.example", subject="件名", body="本文", key=f"lost:{paper.id}", owner=paper.owner)
    lost = Delivery.objects.get(address="x@joso.example", notice__owner=paper.owner)
    Delivery.objects.filter(id=lost.id).update(state="unknown", error="途中で止まりました")
    Effect.objects.filter(key=f"mail:{lost.id}").update(state="unknown", due_at=None)
    return {
        "kankyo.tanto": [exempt_pickup(), waiting, proposed, closed],
        "kankyo.kacho": [proposed, closed],
        "shimin.tanto": [paper],
    }


LISTS = ("/desk/", "/desk/queue/", "/desk/queue/?q=粗&view=late", "/desk/cases/", "/desk/cases/?q=no-such")


def test_every_page_of_the_desk_can_be_read_by_everybody(open_page, axe, one_of_each):
    seen = []
    for mail, cases in one_of_each.items():
        page = sign_in_staff(open_page("desk"), mail)
        lists = [*LISTS, "/desk/definitions/"] if not seen else []
        for address in [*lists, *(f"/desk/cases/{case.id}/" for case in cases)]:
            assert page.goto(address).status == 200
            for one in page.locator("details").all():
                one.evaluate("one => { one.open = true }")
            seen.append((mail, address, axe(page)))
    page = sign_in_staff(open_page("desk"), "digital.kanri")
    assert page.goto("/desk/outside/").status == 200
    seen.append(("digital.kanri", "/desk/outside/", axe(page)))
    assert "x***@joso.example" in page.locator("main").inner_text()
    assert [one for one in seen if one[2]] == [] and len(seen) == 14


def test_on_a_phone_no_page_of_the_desk_is_wider_than_the_phone(open_page, axe, one_of_each):
    page = sign_in_staff(open_page("phone"), "kankyo.tanto")
    cases = [f"/desk/cases/{case.id}/" for case in one_of_each["kankyo.tanto"]]
    for address in (*LISTS, "/desk/definitions/", *cases[:2]):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert axe(page) == [], address
