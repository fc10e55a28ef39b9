"""A citizen's voice without any script: from the words to the receipt, and taken back."""

from journey_steps import go_on, link_in, mail_to

from machi.engines.procedures.models import Case


def test_a_voice_is_sent_followed_and_taken_back_without_a_script(town, open_page):
    page = open_page("phone", java_script=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("意見")
    with page.expect_navigation():
        page.get_by_role("button", name="さがす").click()
    with page.expect_navigation():
        page.get_by_role("link", name="市民の声", exact=False).first.click()
    go_on(page, "はじめる")
    page.get_by_label("何についての声ですか").select_option("roads")
    page.get_by_label("件名").fill("道のくぼみ")
    page.get_by_label("内容").fill("家の前の道に、\n大きなくぼみがあります。")
    go_on(page)
    page.get_by_label("返事を希望する").check()
    page.get_by_label("氏名").fill("𠮷野 健")
    go_on(page)
    assert page.get_by_text("直すところが1つあります").is_visible()
    assert page.get_by_label("氏名").input_value() == "𠮷野 健"
    page.get_by_label("メールアドレス").fill("ken@joso.example")
    go_on(page)

    go_on(page, "この内容で送信する")

    number = page.locator(".receipt .number").inner_text()
    body = mail_to(town, "ken@joso.example", number)
    case = Case.objects.filter(email="ken@joso.example").latest("submitted_at")
    assert case.unit == "roads"
    elsewhere = open_page("phone", java_script=False)
    elsewhere.goto(link_in(body, "/c/"))
    assert elsewhere.get_by_text("担当課が読んでいます").is_visible()
    elsewhere.get_by_text("取り下げる", exact=True).click()
    go_on(elsewhere, "この申込みを取り下げる")
    assert elsewhere.get_by_text("取り下げました。").is_visible()
    case.refresh_from_db()
    assert case.status == "withdrawn"
