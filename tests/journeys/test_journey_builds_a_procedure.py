"""A clerk builds a procedure of five questions through the screens alone; a second person publishes it; a
resident applies. With MACHI_GUIDE_PICTURES the pictures of docs/guides/build-a-procedure.md are taken anew.
"""

import io
import os
from pathlib import Path

from journey_steps import go_on
from PIL import Image

from fixtures.desk import sign_in_staff
from machi.engines.procedures.models import Case

PICTURES = Path(os.environ["MACHI_GUIDE_PICTURES"]) if "MACHI_GUIDE_PICTURES" in os.environ else None
SIZE = {"viewport": {"width": 1320, "height": 860}}


def picture(page, name, at="h1"):
    """One picture of the guide with `at` in view, in few colours, small enough for a page."""
    if not PICTURES:
        return
    page.locator(at).first.evaluate("part => part.scrollIntoView({block: 'center'})")
    if page.locator(".bench-view").count():
        page.frame_locator(".bench-view").locator("main").wait_for()
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    drawn.save(PICTURES / f"{name}.png", optimize=True)


def pressed(page, name, inside="main"):
    """Press a button of the bench and wait until the bench shows what came of it."""
    with page.expect_response(lambda answer: answer.request.method == "GET" and "/builder/" in answer.url):
        page.locator(inside).get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


def add(page, label, kind):
    """One question at the end of the chosen page."""
    page.get_by_label("聞くこと", exact=True).first.fill(label)
    page.get_by_label("答え方").first.select_option(label=kind)
    pressed(page, "項目を足す")


def choose(page, label):
    """A question, so that its properties stand at the right."""
    page.get_by_role("link", name=label, exact=True).click()
    page.locator(".about-head h2", has_text=label).wait_for()


def build(page):
    """Five questions: what, which park, when, and (only for more than one) how many; then the unit's check."""
    page.goto("/builder/")
    page.get_by_label("何から作りますか").select_option(label="届出（受付 → 確認 → 完了）")
    page.get_by_label("手続の名前").fill("花だんの手入れの申出")
    page.get_by_label("短い名前（英字）").fill("parks.flower_bed")
    page.get_by_label("担当する課").select_option(label="都市計画課")
    picture(page, "1-start")
    with page.expect_navigation():
        page.get_by_role("button", name="作り始める").click()
    add(page, "どの公園ですか", "一つ選ぶ")
    add(page, "何人でしますか", "数")
    add(page, "団体の名前", "短い文")
    add(page, "その日の写真", "写真・書類")
    choose(page, "どの公園ですか")
    about = page.locator(".bench-about")
    about.get_by_label("必ず答えてもらう").check()
    about.get_by_label("選ぶもの（1行に1つ）").fill("中央公園\n川の公園\nそのほか")
    pressed(page, "保存する", ".bench-about")
    page.frame_locator(".bench-view").get_by_text("川の公園").wait_for()
    picture(page, "2-question")
    choose(page, "団体の名前")
    about.get_by_label("どの項目で決めるか").first.select_option(label="何人でしますか")
    pressed(page, "文を足す", ".condition >> nth=0")
    about.get_by_label("値").fill("2")
    about.get_by_label("どうなっているとき").select_option(label="以上のとき")
    pressed(page, "この文を足す", ".condition >> nth=0")
    page.get_by_text("「何人でしますか」が 2 以上のとき").wait_for()
    picture(page, "3-condition", at=".condition")


def tend_the_flow(page):
    """The check gets three working days, and a refusal."""
    page.get_by_role("link", name="流れ", exact=True).click()
    page.locator(".flow-steps").get_by_role("link", name="内容の確認").click()
    page.locator(".about-head h2", has_text="内容の確認").wait_for()
    about = page.locator(".bench-about")
    about.get_by_label("いつまでにするか", exact=True).first.fill("3")
    pressed(page, "保存する", ".bench-about")
    about.get_by_text("結果を足す").click()
    about.get_by_label("ボタンの言葉").last.fill("引き受けられない")
    about.get_by_label("行き先").last.select_option(label="完了")
    pressed(page, "保存する", ".bench-about section >> nth=0")
    page.get_by_text("引き受けられない → 完了", exact=True).wait_for()
    picture(page, "4-flow", at=".flow-picture")


def tell(page):
    """What people read before they start."""
    page.get_by_role("link", name="名前と決まり", exact=True).click()
    page.get_by_label("何ができるか（一文）").fill("公園の花だんの手入れを、市に申し出ることができます。")
    pressed(page, "保存する", "#sheet-set_title")
    picture(page, "5-about")


def try_it(page):
    """The whole way as a resident, kept as a test."""
    page.get_by_role("link", name="試す", exact=True).click()
    page.get_by_role("button", name="試し始める").click()
    page.get_by_label("中央公園").check()
    page.get_by_label("何人でしますか").fill("3")
    go_on(page, "この答えで見直す")
    page.get_by_label("団体の名前").fill("川の会")
    for box, value in zip(("年", "月", "日"), ("2099", "4", "1"), strict=True):
        page.get_by_label(box, exact=True).fill(value)
    picture(page, "6-try")
    go_on(page, "次へ")
    page.get_by_label("氏名").fill("見本 花子")
    page.get_by_label("電話番号").fill("090-0000-0000")
    page.get_by_label("メールアドレス").fill("hanako@joso.example")
    go_on(page, "次へ")
    go_on(page, "確認した")
    page.get_by_label("例の名前").fill("3人で手入れをする")
    picture(page, "7-walked")
    go_on(page, "確かめの例として残す")
    assert page.get_by_text("3人で手入れをする").is_visible()


def hand_over(page):
    """Ask a second person."""
    page.get_by_role("link", name="公開", exact=True).click()
    page.get_by_role("heading", name="変わるところ").wait_for()
    picture(page, "8-publish")
    go_on(page, "公開を頼む")


def test_a_clerk_builds_a_second_person_publishes_and_a_resident_applies(town, open_page, axe):
    clerk = sign_in_staff(open_page("desk", **SIZE), "digital.kanri")
    build(clerk)
    faults = axe(clerk)
    tend_the_flow(clerk)
    faults += axe(clerk)
    tell(clerk)
    try_it(clerk)
    hand_over(clerk)
    assert faults == []

    second = sign_in_staff(open_page("desk"), "digital.kokai")
    second.goto("/desk/definitions/")
    go_on(second, "公開する")

    resident = open_page("phone", java_script=False)
    resident.goto("/procedures/parks.flower_bed/")
    go_on(resident, "はじめる")
    resident.get_by_label("川の公園").check()
    resident.get_by_label("何人でしますか").fill("1")
    for box, value in zip(("年", "月", "日"), ("2099", "4", "1"), strict=True):
        resident.get_by_label(box, exact=True).fill(value)
    go_on(resident)
    resident.get_by_label("氏名").fill("見本 花子")
    resident.get_by_label("電話番号").fill("090-0000-0000")
    resident.get_by_label("メールアドレス").fill("hanako@joso.example")
    go_on(resident)
    go_on(resident, "この内容で送信する")

    assert resident.locator(".receipt .number").is_visible()
    assert Case.objects.filter(code="parks.flower_bed", unit="planning").count() == 1
    clerk.goto("/builder/")
    assert clerk.get_by_role("link", name="花だんの手入れの申出").count() == 0
