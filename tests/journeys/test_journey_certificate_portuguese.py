"""A certificate in Portuguese, on a phone: asked for, corrected, decided, downloaded, verified."""

from journey_steps import go_on, live, mail_to, sign_in

from fixtures.cases import CERTIFICATE, CHECKED, REGISTER, act, pay, person
from machi.engines.procedures.models import Case

MESSAGE = "使いみちを確かめたいので、もう一度選んでください。"


def ask_for_it(page):
    """From the page of the procedure to the receipt; returns the case."""
    page.goto(f"/procedures/{CERTIFICATE}/?lang=pt-br")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="Entrar").click()
    sign_in(page, "hanako@joso.example")
    assert page.get_attribute("html", "lang") == "pt-BR"
    with page.expect_navigation():
        page.locator("main form button.primary").click()
    assert page.locator("[name=name]").input_value() == "山田 花子"
    go_on(page, "Próximo")
    live(page, lambda: page.get_by_label("Algumas pessoas da família").check())
    assert page.get_by_text("Pessoas a incluir").is_visible()
    live(page, lambda: page.get_by_label("Só eu").check())
    assert page.get_by_text("Pessoas a incluir").count() == 0
    go_on(page, "Próximo")
    live(page, lambda: page.get_by_label("Visto e imigração").check())
    page.locator("[name=copies]").fill("2")
    live(page, lambda: page.locator("[name=copies]").blur())
    page.get_by_label("No balcão da prefeitura").check()
    page.wait_for_load_state("networkidle")
    go_on(page, "Próximo")
    with page.expect_navigation():
        page.locator("#page-form button.primary").click()
    return Case.objects.get(reference=page.locator(".receipt .number").inner_text())


def correct(page, case):
    """Answer what the clerk asked."""
    act(case, "ask_correction", person("shimin.tanto"), fields=["purpose", "copies"], message=MESSAGE)
    page.goto(f"/cases/{case.id}/")
    assert page.get_by_text(MESSAGE).is_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Responder").click()
    page.locator("[name=copies]").fill("1")
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        page.locator("#page-form button.primary").click()
    case.refresh_from_db()
    assert case.status == "working"


def grant(case):
    """The city checks, grants, and takes the fee."""
    checked = {"step": "check", "outcome": "ok", "checked": CHECKED[CERTIFICATE], "answers": REGISTER}
    case = act(case, "complete", person("shimin.tanto"), **checked)
    return pay(act(case, "decide", person("shimin.kacho"), step="decision", outcome="granted"))


def test_a_certificate_in_portuguese(town, phone, axe, tmp_path):
    case = ask_for_it(phone)
    assert case.language == "pt-br"
    assert axe(phone) == []
    mail_to(town, "hanako@joso.example", case.reference)
    correct(phone, case)
    grant(case)

    phone.goto(f"/cases/{case.id}/")
    assert phone.get_by_text("Aprovado").is_visible()
    assert axe(phone) == []
    with phone.expect_download() as download:
        phone.locator("a[download]").click()
    paper = tmp_path / "paper.pdf"
    download.value.save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF")

    phone.goto(f"/verify/{download.value.suggested_filename.removesuffix('.pdf')}")
    assert phone.locator(".notice.success").count() == 1
    phone.locator("input[type=file]").set_input_files(paper)
    with phone.expect_navigation():
        phone.locator("main form button[type=submit]").first.click()
    assert phone.locator(".notice.success").count() >= 1

    phone.goto("/my/")
    assert phone.get_by_text(case.reference).is_visible()
    assert axe(phone) == []
    phone.goto("/my/inbox/")
    assert axe(phone) == []
    with phone.expect_navigation():
        phone.locator("main .link-list a").first.click()
    assert "山田 花子" in phone.locator("main").inner_text()
    assert "<p>" not in phone.locator("main").inner_text()
