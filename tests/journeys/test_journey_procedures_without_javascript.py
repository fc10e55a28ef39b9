"""The filling pages of three procedures in a browser without JavaScript, up to the page before sending.

Which three follows from the digests of the files, so that they change as the definitions do.
"""

import hashlib
import re
from pathlib import Path

import pytest
from journey_steps import sign_in

from fixtures.answers import filled, picture, with_days
from machi.engines.definitions.public import current
from machi.engines.procedures import public as procedures
from machi.engines.procedures import scope

ROOT = Path(__file__).resolve().parents[2]
FILES = [*ROOT.glob("packages/municipality/*/procedures/*.yaml"), *ROOT.glob("cities/joso/*/procedures/*.yaml")]
SAMPLE = sorted(FILES, key=lambda path: hashlib.sha256(path.read_bytes()).hexdigest())[:3]
CODES = [re.search(r"^code: (\S+)", path.read_text("utf-8"), re.MULTILINE)[1] for path in SAMPLE]
TRIES = 5  # an answer may bring questions onto the same page, which without a script are seen after a press
MOST_PAGES = 40


@pytest.mark.parametrize("code", CODES)
def test_a_procedure_can_be_filled_without_a_script(town, open_page, tmp_path, code):
    version = current("procedure", code)
    page = open_page("phone", java_script=False)
    begin(page, version)
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture())
    given = next(one["given"] for one in version.bundle["tests"] if not one["expect"].get("errors"))
    form = version.bundle["form"]
    answers = filled(form, given, owner="draft:browser", context=scope.context(version.bundle, {}))
    answers = with_days(version, answers)

    seen = []
    while not page.url.split("?")[0].endswith("/review/"):
        seen.append(page.url)
        assert len(seen) < MOST_PAGES and seen.count(page.url) <= TRIES, page.locator("main").inner_text()
        fill_page(page, procedures.form_of(version), answers, photo)
        with page.expect_navigation():
            page.locator("#page-form button.primary").click()

    assert page.locator("#page-form button.primary, main form button.primary").first.is_visible()


def begin(page, version):
    """Come to the first page, signed in where the procedure asks for it."""
    page.goto(f"/procedures/{version.code}/")
    if version.bundle["assurance"] in ("account", "card"):
        with page.expect_navigation():
            page.locator("main a[href*='/login']").first.click()
        sign_in(page, "hanako@joso.example")
    with page.expect_navigation():
        page.locator("main form button.primary").click()


def fill_page(page, form, answers, photo):
    """Put the answers into the boxes that stand on the page."""
    for key in form.page_fields(page.url.split("?")[0].rstrip("/").split("/")[-1]):
        question = form.questions[key]
        if question.children:
            fill_rows(page, question, answers.get(key) or [], photo)
        elif question.asks:
            fill_one(page, question, key, answers.get(key), photo)


def fill_rows(page, question, rows, photo):
    """The rows that stand there, in their order."""
    shown = page.locator(f"[name='{question.key}._rows']").evaluate_all("boxes => boxes.map(box => box.value)")
    for row_id, row in zip(shown, rows, strict=False):
        for child in question.children:
            if child.asks:
                fill_one(page, child, f"{question.key}.{row_id}.{child.key}", row.get(child.key), photo)


def fill_one(page, question, path, stored, photo):
    if question.field.type == "file":
        box = page.locator(f"input[type=file][name='{path}']")
        if box.count() and stored:
            box.set_input_files(photo)
        return
    for name, said in question.type.boxes(question, stored, "ja").items():
        boxes = page.locator(f"[name='{path}-{name}']" if name else f"[name='{path}']")
        if boxes.count() and stored is not None:
            fill_box(boxes, said)


def fill_box(boxes, said):
    """A text, a list, radio buttons or ticks, as the page has them."""
    kind = boxes.first.evaluate("box => box.tagName === 'SELECT' ? 'select' : box.type")
    wanted = said if isinstance(said, list) else [said]
    if kind in ("radio", "checkbox"):
        for value in filter(None, wanted):
            found = boxes.and_(boxes.page.locator(f"[value='{value}']"))
            if found.count() or value != "no":
                (found if found.count() else boxes).first.check()
    elif kind == "select":
        boxes.first.select_option(wanted)
    elif kind != "hidden":
        boxes.first.fill(wanted[0])
