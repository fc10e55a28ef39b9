"""Papers that last, that read aloud, that show every letter, and that come out the same."""

import datetime as dt
import io
from decimal import Decimal

import pypdf
import pytest

from machi.engines.documents import typesetting
from machi.engines.documents.fonts import missing_variants
from machi.engines.documents.public import DocumentFault, MissingGlyph, preview
from machi.engines.documents.queries import issued_words, office_of, to_be_set
from machi.engines.documents.typesetting import check_letters, plain, typeset
from machi.ground.calendar import TOKYO

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=TOKYO)


def data(name="山田 太郎", **more):
    lines = [{"item": "ソファ", "count": 1}, {"item": "いす", "count": 2}]
    return {"name": name, "birth": dt.date(1990, 3, 4), "fee": 1600, "lines": lines, **more}


def paper(bundle, values, at=AT, make=typeset):
    office = office_of("citizens")
    issued = issued_words(
        bundle, at=at, number="市民第1号", code="ABCD-EFGH-JKMN", office=office, language="ja"
    )
    return make(**to_be_set(bundle, values, issued), at=at)


def text_of(pdf):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def letters_of(pdf):
    return "".join(text_of(pdf).split())


def test_a_paper_says_what_it_must(bundle):
    text = letters_of(paper(bundle, data()))
    for words in ("証明書", "山田太郎", "平成2年3月4日", "1,600円", "令和8年11月22日", "常総市", "市民第1号"):
        assert words in text
    assert "ABCD-EFGH-JKMN" in text
    assert "https://machi.example/verify/ABCD-EFGH-JKMN" in text


def test_a_paper_is_archivable_and_read_aloud(bundle):
    reader = pypdf.PdfReader(io.BytesIO(paper(bundle, data())))
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/Lang"] == "ja-JP"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "証明書"


def test_the_same_input_gives_the_same_bytes(bundle):
    papers = {paper(bundle, data(name=name)) for name in ("髙橋", "吉田") for _again in range(15)}
    assert len(papers) == 2
    assert paper(bundle, data(), AT + dt.timedelta(seconds=1)) != paper(bundle, data(), AT)


@pytest.mark.parametrize(
    "name",
    ["髙橋", "宮﨑", "𠮷野", "\ufa19谷", "邊\U000e0112", "葛\U000e0102", "鷗外", "João Conceição", "Nuñez"],
)
def test_letters_of_names_are_shown_as_they_are_written(bundle, name):
    pdf = paper(bundle, data(name=name))
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    assert any("IPAmjMincho" in font.get_object()["/BaseFont"] for font in fonts.values())
    assert name.replace(" ", "") in letters_of(pdf)


def test_letters_outside_japanese_are_set_in_a_wider_font(bundle):
    assert "买家" in letters_of(paper(bundle, data(name="买家")))


@pytest.mark.parametrize("make", [typeset, check_letters])
@pytest.mark.parametrize(("name", "letter"), [("山\ue000", "\ue000"), ("山\U0001f4a9", "\U0001f4a9")])
def test_a_letter_in_no_font_is_an_error_that_names_it(bundle, name, letter, make):
    with pytest.raises(MissingGlyph) as caught:
        paper(bundle, data(name=name), make=make)
    assert caught.value.letters == letter
    assert f"U+{ord(letter):04X}" in caught.value.message


def test_a_variant_that_the_font_lacks_is_an_error_not_the_plain_letter(bundle):
    lacking = "山\U000e01ee"
    assert missing_variants(f"中{lacking}") == [lacking]
    assert missing_variants("邊\U000e0112 葛") == []
    for make in (typeset, check_letters):
        with pytest.raises(MissingGlyph) as caught:
            paper(bundle, data(name=lacking), make=make)
        assert caught.value.letters == lacking


def test_letters_are_checked_without_typesetting_where_the_fonts_leave_no_doubt(bundle, monkeypatch):
    tried = []
    monkeypatch.setattr(typesetting, "typeset", lambda *_template, **given: tried.append(given["data"]["name"]))
    for name in ("髙橋", "𠮷野 João", "邊\U000e0112", "买家", "Ju\u0303"):
        paper(bundle, data(name=name), make=check_letters)
    assert tried == ["买家", "Ju\u0303"]


def test_a_faulty_template_names_its_line(bundle):
    faulty = bundle | {"template": "#show: paper\n= 題\n#nope\n"}
    with pytest.raises(DocumentFault) as caught:
        paper(faulty, data())
    assert caught.value.line == 3
    assert "nope" in caught.value.message


@pytest.mark.parametrize(
    "source", ['#read("/etc/passwd")', '#read("../models.py")', '#image("/../../x.png", alt: "x")']
)
def test_a_template_reaches_no_file_of_the_machine(bundle, source):
    with pytest.raises(DocumentFault):
        paper(bundle | {"template": f"#show: paper\n= 題\n{source}"}, data())


def test_typst_in_an_answer_stays_text(bundle):
    name = '#read("/etc/passwd") $x$ *b* <script> \\ @a'
    assert name.replace(" ", "") in letters_of(paper(bundle, data(name=name)))


def test_a_preview_is_marked_as_a_sample(bundle):
    text = text_of(preview(bundle, data(), unit="citizens"))
    assert "見本" in text
    assert "XXXX-XXXX-XXXX" in text


def test_values_reach_the_template_in_plain_forms():
    assert plain({"a": [Decimal("1.50"), None, True, 3], "d": dt.date(2019, 5, 1)}) == {
        "a": ["1.50", None, True, 3],
        "d": {"iso": "2019-05-01", "era": "令和元年5月1日", "words": "令和元年5月1日（水）"},
    }
    slot = plain({"id": "1", "day": "2026-12-01", "label": "午前"})
    assert (slot["era"], slot["label"]) == ("令和8年12月1日", "午前")
