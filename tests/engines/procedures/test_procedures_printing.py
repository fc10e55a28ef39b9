"""Forms on paper: everything that is asked stands on them, and what was answered is ticked and written."""

import io

import pypdf
import pytest

from fixtures.cases import BULKY, CERTIFICATE, certificate
from machi.engines.definitions.public import current, current_all
from machi.engines.documents.public import Mark, read_mark
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.ground.calendar import today


def items(pages):
    """Label → item."""
    return {item["label"]: item for page in pages for item in page["items"]}


def text_of(made):
    """What a PDF says to somebody who cannot see it, without spaces."""
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages).split())


def test_every_question_of_every_procedure_stands_on_its_blank_form(joso):
    lacking = {}
    for version in current_all("procedure"):
        form = questions.form_of(version)
        there = items(questions.on_paper(form, language="ja"))
        pages = {one: (one.parent or one).page for one in form.questions.values()}
        first = [one for one, page in pages.items() if not (page and page.later)]
        asked = {one.label("ja") for one in first if one.asks and not one.children}
        lacking |= {version.code: asked - set(there)} if asked - set(there) else {}

    assert lacking == {}


def test_a_blank_form_leaves_room_for_rows_and_says_what_may_not_concern_one(joso):
    there = questions.on_paper(questions.form_of(current("procedure", BULKY)), language="pt-br")
    headings = [item["number"] for page in there for item in page["items"] if item["kind"] == "heading"]

    assert headings == [1, 2]
    assert items(there)["減免の理由がわかる書類の写真"]["maybe"] is True
    assert items(there)["氏名"]["gloss"] == "Nome"


def test_a_filled_form_ticks_what_was_chosen_and_leaves_out_what_was_not_asked(joso):
    form = questions.form_of(current("procedure", CERTIFICATE))
    sheet = form.evaluate(certificate(), today=today())
    there = items(questions.on_paper(form, language="pt-br", sheet=sheet))

    ticked = [option["label"] for option in there["だれの住民票ですか"]["options"] if option["on"]]
    assert ticked == ["世帯全員"]
    assert there["生年月日"]["value"].startswith("昭和59年5月12日")
    assert "使いみちの説明" not in there


def test_the_printed_form_says_all_of_it_and_its_code(joso):
    version = current("procedure", CERTIFICATE)

    said = text_of(procedures.form_pdf(version, language="pt-br", answers=certificate(), code="K7M2-ABCD-EFGH"))

    for words in ("常総市長", "Atestadoderesidência", "山田花子", "■世帯全員", "コードK7M2-ABCD-EFGH", "1/1"):
        assert words in said, words


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MACHI1 waste.bulky_pickup@3 K7M2-ABCD-EFGH 2/3", Mark("waste.bulky_pickup", 3, "K7M2-ABCD-EFGH", 2, 3)),
        ("MACHI1 waste.bulky_pickup@3 - 1/1", Mark("waste.bulky_pickup", 3, "", 1, 1)),
        ("MACHI1 waste.bulky_pickup@3 - 2/1", None),
        ("https://example.com/", None),
        ("MACHI1 ../../x@1 - 1/1", None),
    ],
)
def test_a_mark_says_which_page_of_what_or_it_is_none(text, mark):
    assert read_mark(text) == mark
