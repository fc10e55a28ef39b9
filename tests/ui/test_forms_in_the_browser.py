"""What was typed is never lost: errors, languages, a second press, a dead line, a browser without script."""

import pytest

pytestmark = pytest.mark.django_db


def fill(page, live_server):
    page.context.add_cookies([{"name": "lang", "value": "ja", "url": live_server.url}])
    page.goto(f"{live_server.url}/gallery/filling/")
    page.fill("#name", "𠮷田 花子")
    page.fill("#text", "玄関の前に出します。")
    return page


@pytest.mark.parametrize("java_script", [True, False])
def test_changing_the_language_keeps_what_was_typed(live_server, open_page, java_script):
    page = fill(open_page("phone", java_script=java_script), live_server)

    page.click(".languages .open")
    page.get_by_role("button", name="Português").click()

    page.wait_for_selector("html[lang='pt-BR']")
    assert page.input_value("#name") == "𠮷田 花子"
    assert page.input_value("#text") == "玄関の前に出します。"


@pytest.mark.parametrize("java_script", [True, False])
def test_enter_in_a_box_goes_on_and_does_not_change_the_language(live_server, open_page, java_script):
    page = fill(open_page("desk", java_script=java_script), live_server)

    page.press("#phone", "Enter")

    page.wait_for_selector(".error-summary")
    assert page.get_attribute("html", "lang") == "ja"
    assert page.input_value("#name") == "𠮷田 花子"


def test_the_list_of_errors_has_the_focus_and_leads_to_the_field(live_server, phone):
    fill(phone, live_server)
    phone.get_by_role("button", name="次へ進む").click()
    phone.wait_for_selector(".error-summary")
    assert phone.evaluate("document.activeElement.id") == "error-summary"

    phone.click(".error-summary a[href='#day']")

    assert phone.evaluate("document.activeElement.id") == "day"


def test_a_lost_line_loses_nothing(live_server, phone):
    fill(phone, live_server)
    phone.context.set_offline(True)

    phone.get_by_role("button", name="次へ進む").click()

    phone.get_by_text("いまインターネットにつながっていません").wait_for()
    assert phone.input_value("#name") == "𠮷田 花子"
    phone.context.set_offline(False)
    phone.reload()
    phone.get_by_text("前に送れなかった内容を").wait_for()
    assert phone.input_value("#name") == "𠮷田 花子"
    assert phone.input_value("#text") == "玄関の前に出します。"


def test_what_arrived_is_not_put_back(live_server, phone):
    fill(phone, live_server)
    phone.get_by_role("button", name="次へ進む").click()
    phone.wait_for_selector(".error-summary")

    phone.goto(f"{live_server.url}/gallery/home/")

    assert phone.evaluate("Object.keys(sessionStorage).filter(k => k.startsWith('machi:'))") == []


def test_a_second_press_sends_nothing_more(live_server, phone):
    fill(phone, live_server)
    sent = []
    phone.on("request", lambda request: sent.append(request) if request.method == "POST" else None)

    phone.evaluate(
        "() => { const b = document.querySelector('.button.primary'); b.click(); b.click(); b.click(); }"
    )
    phone.wait_for_selector(".error-summary")

    assert len(sent) == 1


def test_a_year_of_an_era_becomes_a_year(live_server, phone):
    phone.goto(f"{live_server.url}/gallery/?lang=ja")

    phone.fill("#birth", "昭和５０")
    phone.press("#birth", "Tab")

    assert phone.input_value("#birth") == "1975"
    assert phone.text_content("#birth-field [data-era]") == "昭和50年"


def test_letters_are_counted_as_people_count_them(live_server, phone):
    fill(phone, live_server)

    phone.fill("#text", "𠮷" * 201)

    assert phone.text_content("[data-counts=text]") == "1文字多いです"
    assert phone.input_value("#text") == "𠮷" * 201


def test_a_file_is_shown_and_one_too_large_is_refused_before_it_is_sent(live_server, phone, tmp_path):
    phone.goto(f"{live_server.url}/gallery/?lang=ja")

    phone.set_input_files("#photo", {"name": "sofa.png", "mimeType": "image/png", "buffer": b"x" * 2048})
    assert "sofa.png (2 KB)" in phone.text_content("[data-picked]")

    big = tmp_path / "big.jpg"
    with big.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    phone.set_input_files("#photo", big)
    assert "「big.jpg」は大きすぎます" in phone.text_content("[data-picked]")
    assert phone.input_value("#photo") == ""


def test_a_place_is_set_on_the_map_with_the_keyboard_without_a_network(live_server, desk):
    fill(desk, live_server)
    desk.locator(".place-map .canvas").scroll_into_view_if_needed()
    desk.locator(".place-map canvas").wait_for()

    desk.focus(".place-map .canvas")
    desk.keyboard.press("Enter")
    middle = desk.input_value("[data-lat]")
    desk.keyboard.press("ArrowUp")

    assert middle.startswith("36.02")
    assert float(desk.input_value("[data-lat]")) > float(middle)
    desk.click("[data-place-clear]")
    assert desk.input_value("[data-lat]") == ""


@pytest.mark.parametrize("java_script", [True, False])
def test_a_dialog_opens_with_and_without_script(live_server, open_page, java_script):
    page = open_page("phone", java_script=java_script)
    page.goto(f"{live_server.url}/gallery/?lang=ja")

    page.click("#dialog a[data-opens]")

    assert page.is_visible("#sample-dialog")
    page.click("#sample-dialog .close")
    assert not page.is_visible("#sample-dialog")


def test_the_desk_is_worked_with_the_keyboard(live_server, desk):
    desk.context.add_cookies([{"name": "lang", "value": "ja", "url": live_server.url}])
    desk.goto(f"{live_server.url}/gallery/queue/")

    for key in "jjkx":
        desk.keyboard.press(key)
    here = desk.locator("tr.here")

    assert "粗8-000118" in here.text_content()
    assert here.locator("[data-tick]").is_checked()
    desk.keyboard.press("?")
    assert desk.is_visible("#keys")
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    assert desk.evaluate("document.activeElement.id") == "filter-q"
    desk.keyboard.type("jx")
    assert desk.input_value("#filter-q") == "jx"
    desk.keyboard.press("Escape")
    desk.keyboard.press("o")
    desk.wait_for_url("**/gallery/case/")
