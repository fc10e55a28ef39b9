"""Every page one sees without an account: nothing serious for axe, light, at any width and language."""

import pytest

PAGES = [
    "/", "/search/?q=sofa", "/search/?q=zzzz", "/doors/garbage/", "/doors/child/", "/procedures/",
    "/procedures/waste.bulky_pickup/", "/procedures/residents.residence_certificate/", "/find/", "/voices/",
    "/verify/", "/cases/01a20326-f64a-7492-90f1-24c3ddfd762d/", "/accounts/login/",
]  # fmt: skip
LOOKED_AT = [("ja", "phone", PAGES), ("ja-easy", "desk", PAGES[:1]), ("pt-br", "desk", PAGES[6:8])]


@pytest.mark.parametrize(("language", "size", "pages"), LOOKED_AT, ids=["ja", "ja-easy", "pt-br"])
def test_no_page_has_a_serious_fault(town, open_page, axe, language, size, pages):
    page = open_page(size)
    page.goto(f"/?lang={language}")
    faults = {}

    for address in pages:
        page.goto(address)
        faults[address] = axe(page)

    assert {address: found for address, found in faults.items() if found} == {}


def test_no_page_is_wider_than_a_small_phone(town, open_page):
    page = open_page("phone", viewport={"width": 320, "height": 640})
    page.goto("/?lang=pt-br")
    wide = []

    for address in PAGES:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)

    assert wide == []


def test_the_first_load_weighs_at_most_60_kb(town, open_page):
    for address in ("/", "/procedures/waste.bulky_pickup/"):
        page = open_page("phone")
        weights = []
        page.on("requestfinished", lambda request, weights=weights: weights.append(_size(request)))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert sum(weights) <= 60_000, (address, weights)


def _size(request):
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
