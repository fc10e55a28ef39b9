"""Moving in, in Portuguese, on a phone: the interview, the list, an application begun with what was answered."""

from journey_steps import go_on

from machi.engines.guides.models import Plan


def answer_the_questions(page):
    """From the first page of the city hall to the list."""
    page.goto("/?lang=pt-br")
    with page.expect_navigation():
        page.locator(".guide-link a").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Mudei-me para cá").click()
    go_on(page, "Responder às perguntas")
    for part, said in (("year", "2026"), ("month", "11"), ("day", "20")):
        page.locator(f"[name=moved_on-{part}]").fill(said)
    page.get_by_label("Outro país").check()
    go_on(page, "Próximo")
    page.get_by_label("Tem zairyu card").check()
    go_on(page, "Próximo")
    go_on(page, "Próximo")
    page.locator("[name=name]").fill("SILVA MARIA")
    page.locator("[name=phone]").fill("090-1111-2222")
    go_on(page, "Ver a lista")


def test_a_guide_in_portuguese(town, phone, axe):
    answer_the_questions(phone)
    assert phone.get_attribute("html", "lang") == "pt-BR"
    assert phone.get_by_role("heading", name="Registrar a sua chegada (tennyu todoke)").is_visible()
    assert axe(phone) == []
    the_list = phone.url

    with phone.expect_navigation():
        phone.locator("#task-bulky").get_by_role("button", name="Começar agora").click()
    assert Plan.objects.get(draft_id=the_list.split("/")[4]).begun["bulky"] == f"draft:{phone.url.split('/')[4]}"
    phone.goto(phone.url.rsplit("/", 2)[0] + "/you/")
    assert phone.locator("[name=name]").input_value() == "SILVA MARIA"
    assert phone.locator("[name=phone]").input_value() == "090-1111-2222"

    phone.goto(the_list)
    assert phone.locator("#task-bulky").get_by_text("Continuar").is_visible()
    assert axe(phone) == []
