"""From the wish to the answer without ever touching a mouse: a resident and a clerk, by keyboard alone."""

import pytest
from journey_steps import mail_to

from machi.engines.procedures.models import Case

FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return {name: '', seen: true};
    const box = one.getBoundingClientRect();
    const label = one.labels && one.labels.length ? one.labels[0].innerText : '';
    const around = [one, one.parentElement, one.parentElement.parentElement];  // the line of a choice is marked whole
    const ring = around.some((each) => each && getComputedStyle(each).outlineStyle !== 'none');
    return {name: one.getAttribute('aria-label') || label || one.innerText || one.value || '',
            seen: ring && box.width > 0 && box.bottom > 0 && box.top < innerHeight};
}"""


class Keys:
    """Somebody at a keyboard: Tab to a control, see where one is, press what it wants."""

    def __init__(self, page):
        self.page = page

    def to(self, name, presses=80):
        """Tab on until the focus stands on what is called `name`; every stop on the way must be visible."""
        met = []
        for _press in range(presses):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(FOCUSED)
            assert here["seen"], f"The focus on 「{here['name']}」 cannot be seen"
            if name in here["name"]:
                return self
            met.append(here["name"][:12])
        raise AssertionError(f"Tab never came to 「{name}」: {met}")

    def type(self, words):
        self.page.keyboard.type(words)
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def choose(self, value, presses=30):
        """Arrow down a list until `value` is chosen."""
        for _press in range(presses):
            if self.page.evaluate("document.activeElement.value") == value:
                return self
            self.press("ArrowDown")
        raise AssertionError(f"The arrows never came to {value}")

    def go(self, key="Enter"):
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        return self


@pytest.fixture
def keys(open_page):
    return lambda size: Keys(open_page(size))


def test_a_voice_is_sent_and_answered_by_keyboard_alone(town, keys):
    me = keys("phone")
    me.page.goto("/")
    me.press("Tab")
    assert "本文へ" in me.page.evaluate(FOCUSED)["name"], "the first stop leads past the head of the page"
    me.press("Enter").to("何をしたいですか").type("意見").go()
    me.to("市民の声").go()
    me.to("はじめる").go()
    me.to("何についての声ですか").choose("roads").to("件名").type("街灯が消えています").to("内容").type("駅前の街灯です。")
    me.to("次へ").go()
    me.to("返事を希望する").press("Space")
    me.to("氏名").type("髙橋 翼").to("メールアドレス").type("keyboard@joso.example").to("次へ").go()
    me.to("この内容で送信する").go()
    number = me.page.locator(".receipt .number").inner_text()
    assert number in mail_to(town, "keyboard@joso.example", number)
    case = Case.objects.get(email="keyboard@joso.example")
    assert (case.applicant, case.unit) == ("髙橋 翼", "roads")

    clerk = keys("desk")
    clerk.page.goto("/accounts/staff/")
    clerk.to("メール").type("doro.tanto@joso.example").to("パスワード").type("machi-no-mihon").go()
    clerk.page.goto("/desk/queue/?q=街灯が消えています")
    clerk.press("j").go("o")
    assert number or case.number in clerk.page.title()
    clerk.to("担当する").go()
    clerk.to("回答").type("球を取り替えました。").to("回答案を上げる").go()
    case.refresh_from_db()
    assert list(case.steps.filter(state="active").values_list("key", flat=True)) == ["approve"]
