"""Every component on the gallery page, looked at by axe, on a phone and on a desk, in two languages."""

import re

import pytest

from fixtures.source import MACHI
from machi.ui.gallery.views import PAGES, abouts

pytestmark = pytest.mark.django_db

EVERY = ["", "filling/", *(f"{name}/" for name in PAGES)]
LETTERS = """() => {
    const body = getComputedStyle(document.body);
    const column = document.querySelector('.column');
    return [parseFloat(body.fontSize), parseFloat(body.lineHeight), column.clientWidth];
}"""
SMALL = """() => [...document.querySelectorAll(
        '.button, .input, select, summary, .choice, .choice-line, .door, .link-list a, .languages .open')]
    .filter(e => e.checkVisibility() && !e.closest('.table, .file-pick'))
    .filter(e => e.getBoundingClientRect().height < 43.5)
    .map(e => e.className + ' ' + e.textContent.trim().slice(0, 20))"""
CUT = """() => [...document.querySelectorAll('h1, h2, h3, .label, .button, .chip')]
    .filter(e => e.checkVisibility() && !e.matches('.unseen') && getComputedStyle(e).display !== 'inline')
    .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""


def go(page, live_server, path="", language="ja"):
    page.context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/gallery/{path}")
    return page


def test_every_component_is_shown(client):
    shown = set(re.findall(r'<section class="shown" id="(\w+)"', client.get("/gallery/").content.decode()))

    assert set(abouts()) - shown == set()


def test_every_component_says_what_it_takes():
    silent = [
        path.name
        for path in (MACHI / "ui" / "templates" / "ui").glob("*.html")
        if not path.stem.startswith("field_") and "{% comment %}" not in path.read_text(encoding="utf-8")
    ]

    assert silent == []


@pytest.mark.parametrize(("size", "language"), [("phone", "ja"), ("desk", "ja"), ("phone", "pt-br")])
def test_axe_finds_nothing_serious(live_server, open_page, axe, size, language):
    page = open_page(size)

    found = {path: axe(go(page, live_server, path, language)) for path in EVERY}

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", ["ja", "pt-br"])
@pytest.mark.parametrize("width", [320, 390])
def test_no_page_scrolls_sideways_and_no_word_is_cut(live_server, open_page, width, language):
    page = open_page("phone", viewport={"width": width, "height": 700})

    for path in EVERY:
        go(page, live_server, path, language)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(CUT) == [], path


def test_letters_and_targets_have_the_sizes_of_the_house(live_server, phone):
    go(phone, live_server)

    letter, line, _ = phone.evaluate(LETTERS)
    assert 16 <= letter <= 18
    assert line / letter == pytest.approx(1.7, abs=0.01)
    assert phone.evaluate(SMALL) == []


def test_a_line_holds_at_most_forty_letters(live_server, desk):
    go(desk, live_server, "procedure/")

    letter, _, column = desk.evaluate(LETTERS)
    assert column / letter <= 40


def test_the_browser_reports_no_breach_of_the_content_security_policy(live_server, desk):
    said = []
    desk.on("console", lambda message: said.append(message.text))
    desk.on("pageerror", lambda error: said.append(str(error)))

    for path in EVERY:
        go(desk, live_server, path)
        desk.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        desk.wait_for_load_state("load")

    allowed = ("ERR_NAME_NOT_RESOLVED", "GL Driver")  # no tiles here; no graphics card
    assert [words for words in said if not any(one in words for one in allowed)] == []


@pytest.mark.parametrize("path", EVERY)
def test_no_page_has_script_in_it(client, path):
    html = client.get(f"/gallery/{path}").content.decode()

    assert re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", html) == []
    assert re.findall(r"<[^>]+\son[a-z]+=", html) == []
    assert "javascript:" not in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_a_page_that_cannot_be_shown_says_what_to_do(name):
    from django.template.loader import get_template

    html = get_template(f"{name}.html").render()

    assert html.count("<h1>") == 1
    assert 'href="/"' in html


def test_an_address_that_is_not_there_is_answered_in_the_language_of_the_reader(client):
    client.cookies["lang"] = "pt-br"

    answer = client.get("/gallery/nothing-here/")

    assert answer.status_code == 404
    assert '<html lang="pt-BR"' in answer.content.decode()
