"""A letter in the procedure's own words: answers stand in it as people read them; what stands for nothing is told."""

import io

import pytest
from pypdf import PdfReader
from small_procedure import load_beside, small, smaller

from machi.engines.audit.define import Actor
from machi.engines.definitions import public as definitions
from machi.engines.documents import public as documents
from machi.engines.procedures import public as procedures
from machi.ground.ids import new_id

NOTICE = {
    "title": {"ja": "受付のお知らせ"},
    "to": "{name}",
    "body": "{route}の申請を、{copies}部受け付けました。\n\n番号は {case.number} です。",
    "facts": ["route", "copies"],
    "number": {"sequence": "notice/{fy}", "format": "知第{seq}号"},
}


def with_letter(**changes):
    tree = {**smaller(), "letters": {"notice": {**NOTICE, **changes}}}
    steps = tree["flow"]["steps"]
    steps["paper"] = {"type": "issue", "title": "通知", "document": "letter/notice", "next": steps["receive"]["next"]}
    steps["receive"]["next"] = "paper"
    return tree


def words_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(" ", "").replace("\n", "")


def test_what_was_answered_stands_in_the_letter(joso, tmp_path):
    load_beside(tmp_path, with_letter())
    case = procedures.submit(
        version=definitions.current("procedure", small()["code"]),
        answers={"name": "山田 太郎", "route": "a", "copies": 1200, "email": "a@joso.example"},
        sender=procedures.Sender(actor=Actor(kind="machine", name="test")),
        command_id=new_id(),
    )
    (paper,) = documents.documents_of(case.owner)
    words = words_of(documents.pdf(paper))

    assert "山田太郎様" in words
    assert "A地区の申請を、1,200部受け付けました。" in words
    assert case.number.replace(" ", "") in words
    assert paper.number == "知第1号"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"body": "{nobody} さん"}, ("letters", "notice", "body")),
        ({"body": "{どこかの人}"}, ("letters", "notice", "body")),
        ({"facts": ["nobody"]}, ("letters", "notice", "facts")),
    ],
)
def test_words_in_braces_that_stand_for_nothing_are_faults(joso, changes, path):
    assert path in definitions.examine(with_letter(**changes)).paths


def test_a_letter_that_is_not_there_cannot_be_issued(joso):
    tree = {**with_letter(), "letters": {}}

    assert ("flow", "steps", "paper", "document") in definitions.examine(tree).paths
