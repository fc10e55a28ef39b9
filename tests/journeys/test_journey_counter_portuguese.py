"""At the counter: begun at home in Portuguese; a clerk goes on in Japanese; read, confirmed and signed on a tablet."""

from journey_steps import go_on, mail_to

from fixtures.desk import sign_in_staff
from machi.engines.files import public as files
from machi.engines.procedures.models import Case

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
PERSON = {
    "name": "SILVA MARIA", "kana": "シルバ マリア", "birth-year": "1990", "birth-month": "5", "birth-day": "12",
    "address-postal": "303-0023", "address-town": "茨城県常総市水海道宝町", "address-line": "9999番地1",
    "phone": "090-0000-0001",
}  # fmt: skip


def code_from_home(page):
    """Begin on a phone in Portuguese, leave off, and ask for the code of the counter."""
    page.goto("/procedures/voice.citizen_voice/?lang=pt-br")
    go_on(page, "Começar")
    with page.expect_navigation():
        page.locator("[name=_do][value=later]").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Mostrar um código para o balcão").click()
    return page.locator("#counter .code").inner_text()


def paired(desk, screen):
    """The tablet faces the person of the desk's sitting."""
    screen.goto("/counter/screen/")
    with screen.expect_navigation():
        screen.locator("main").get_by_role("button").click()
    desk.goto("/counter/")
    desk.locator("[name=screen]").fill(screen.locator(".facing-code").inner_text())
    go_on(desk, "つなぐ")


def what_is_wanted(desk):
    """From the page of the person to the page before sending."""
    go_on(desk)
    desk.get_by_label("世帯全員").check()
    go_on(desk)
    desk.get_by_label("勤務先").check()
    desk.locator("[name=copies]").fill("2")
    desk.get_by_label("市役所の窓口").check()
    go_on(desk)


def sign(screen):
    """Tick, and a stroke with the pen."""
    screen.locator("[name=agreed]").check()
    glass = screen.locator("canvas")
    glass.scroll_into_view_if_needed()
    box = glass.bounding_box()
    screen.mouse.move(box["x"] + 60, box["y"] + 60)
    screen.mouse.down()
    for step in range(12):
        screen.mouse.move(box["x"] + 60 + 30 * step, box["y"] + 60 + 60 * (step % 2))
    screen.mouse.up()
    with screen.expect_navigation():
        screen.locator("[name=_do][value=agree]").click()


def test_a_person_and_a_clerk_apply_together(town, phone, desk, open_page, axe):
    code = code_from_home(phone)
    screen = open_page("desk", locale="pt-BR", **TABLET)
    sign_in_staff(desk, "shimin.tanto")
    desk.goto("/counter/")
    desk.locator("[name=code]").fill(code.lower())
    with desk.expect_navigation():
        desk.locator("[name=code]").press("Enter")
    assert "/counter/drafts/" in desk.url

    paired(desk, screen)
    desk.locator(".offers button", has_text="住民票の写しの交付請求").click()
    desk.wait_for_url("**/you/")
    screen.get_by_text("Nome completo").wait_for()
    assert screen.get_attribute("html", "lang") == "pt-BR"

    desk.locator("[name=name]").fill("SILVA MARIA")
    screen.get_by_text("SILVA MARIA").wait_for()  # without any button
    screen.context.set_offline(True)
    screen.locator("#lost").wait_for(state="visible")
    for name, said in PERSON.items():
        desk.locator(f"#page-form [name={name}]").fill(said)
    desk.locator("#page-form [name=email]").fill("maria.counter@joso.example")
    screen.context.set_offline(False)
    screen.get_by_text("090-0000-0001").wait_for()
    assert screen.locator("#lost").is_hidden()
    assert axe(screen) == []
    what_is_wanted(desk)
    assert axe(desk) == []

    go_on(desk, "画面で確認してもらう")
    screen.locator("canvas").wait_for()
    assert axe(screen) == []
    sign(screen)
    desk.get_by_text("内容を確認し、画面に署名しました。").wait_for()
    desk.get_by_label("顔写真のある公的な証明書").check()
    desk.locator("#agreement button.primary").dblclick()
    desk.wait_for_url("**/counter/?sent=*")
    case = Case.objects.get(email="maria.counter@joso.example")
    assert (case.origin, case.language) == ("counter", "pt-br")
    assert [link.blob.mime for link in files.links(case.owner, "_signature")] == ["image/png"]
    screen.get_by_text(case.reference).wait_for()
    assert case.reference in mail_to(town, "maria.counter@joso.example", case.reference)

    desk.go_back()
    desk.wait_for_url("**/counter/")
    go_on(desk, "終える")
    screen.locator(".facing-code").wait_for()
    assert screen.get_by_text("SILVA").count() == 0
    for page in ("/counter/", "/counter/papers/"):
        desk.goto(page)
        assert axe(desk) == []
