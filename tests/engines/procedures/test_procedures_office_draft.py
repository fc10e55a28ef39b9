"""起案 as it ships: from the draft to the decision sheet, and what becomes of it on the way."""

import pytest
from pypdf import PdfReader

from fixtures.cases import account, act, active, path, person
from fixtures.drafts import mark, office_draft
from machi.engines.approvals import public as approvals
from machi.engines.documents import public as documents
from machi.engines.documents.actions import make
from machi.engines.effects.models import Effect
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.engines.procedures.consents import consents_of

CLERK, CHIEF, DIRECTOR = "doro.tanto", "doro.kacho", "kensetsu.bucho"

pytestmark = pytest.mark.usefixtures("joso")


def attached(text):
    """A file of an unsent draft."""
    blob = files.store(text.encode(), mime="application/pdf", name="見積書.pdf")
    return files.attach(blob=blob, owner="draft:x", field="files", name="見積書.pdf", sensitivity="internal")


def test_decided_it_has_a_sheet_that_lists_who_consented():
    case = office_draft(partner="株式会社見本電工")
    case = mark(case, "approve", CHIEF, comment="年度内に")
    case = mark(case, "approve", DIRECTOR)

    assert (case.status, case.result) == ("closed", "completed")
    assert path(case) == ["receive", "consent", "sheet", "circulate", "done"]
    assert (case.decisions.get().post, case.decisions.get().legal_basis) == ("都市建設部部長", "別表第1 2の項")
    lines = [(one["level"], one["name"], one["verb"], one["comment"]) for one in consents_of(case)["marks"]]
    assert lines == [(1, "吉田 直樹", "approve", "年度内に"), (2, "大久保 誠司", "approve", "")]
    (sheet,) = documents.documents_of(case.owner)
    assert sheet.number.startswith("決")


def test_what_is_to_be_carried_out_waits_for_its_unit_until_it_is():
    case = office_draft(item="inquiry", amount=None, contract=None, acts=True, act_on="2099-04-01", sender="mayor",
                        stamp="none")  # fmt: skip
    case = mark(case, "approve", CHIEF)
    assert (case.status, active(case)) == ("decided", ["act"])

    case = act(case, "complete", person(CLERK), step="act", outcome="acted",
               answers={"acted_on": "2026-01-15", "way": "post"})  # fmt: skip
    assert (case.status, case.result) == ("closed", "completed")


def test_the_seal_covers_what_is_in_the_files():
    link = attached("80万円")
    case = office_draft(owner="draft:x", files=[str(link.id)])
    sealed = approvals.round_open(case.owner).digest
    assert [one["name"] for one in consents_of(case)["files"]] == ["見積書.pdf"]

    other = files.store("90万円".encode(), mime="application/pdf", name="見積書.pdf")
    files.FileLink.objects.filter(id=link.id).update(blob=other)
    case = mark(case, "approve", CHIEF)

    newest, oldest = approvals.rounds_of(case.owner)
    assert (newest.n, oldest.state, oldest.digest) == (2, "voided", sealed)
    assert not approvals.Mark.objects.exists(), "what was pressed was pressed over something else"


def test_the_drafter_recalls_answers_again_and_asks_anew():
    case = office_draft()
    assert case.written_by == account(CLERK).pk
    case = act(case, "recall", person(CLERK))
    assert (case.status, active(case)) == ("awaiting_applicant", ["correction"])

    answers = {**procedures.answers_of(case), "amount": 900_000}
    case = act(case, "correct", person(CLERK), answers=answers)
    assert [one.state for one in approvals.rounds_of(case.owner)] == ["open", "recalled"]


def test_a_chief_who_drafts_does_not_decide_it():
    case = office_draft(CHIEF, item="inquiry", amount=None, contract=None)

    (asked,) = [one for one in approvals.rounds_of(case.owner)[0].slots.all() if one.state == "open"]
    assert asked.post == "construction.director"
    with pytest.raises(procedures.NotAllowed):
        act(case, "approve", person(CHIEF), slot=str(asked.id), digest=asked.round.digest)


def test_dropped_by_its_drafter_nobody_is_asked_any_more():
    case = act(office_draft(), "withdraw", person(CLERK))

    assert (case.status, case.result) == ("withdrawn", "cancelled")
    assert not approvals.waiting_for(["roads.chief"])


def test_sent_back_it_waits_for_its_drafter_without_end():
    case = mark(office_draft(), "send_back", CHIEF, comment="金額を確かめてください。")
    assert active(case) == ["correction"]
    assert not Effect.objects.filter(owner=case.owner, port="procedures.timer", state="pending").exists()


def test_the_sheet_comes_out_as_a_page_that_reads(tmp_path):
    case = mark(mark(office_draft(), "approve", CHIEF), "approve", DIRECTOR)
    (sheet,) = documents.documents_of(case.owner)
    make(document_id=sheet.id)
    paper = tmp_path / "sheet.pdf"
    paper.write_bytes(documents.pdf(documents.document(sheet.id)))
    words = "".join(page.extract_text() for page in PdfReader(paper).pages)
    assert "街灯の修繕" in words and "大久保" in words


def test_what_is_sent_round_blocks_nothing_and_stays_until_it_is_read():
    case = office_draft(item="inquiry", amount=None, contract=None, readers=["citizens", "secretary"])
    case = mark(case, "approve", CHIEF)
    assert case.status == "closed"

    reading = approvals.rounds_of(case.owner)[0]
    assert {slot.post for slot in reading.slots.all()} == {"secretary.chief", "citizens.chief"}
    for who in ("hisho.kacho", "shimin.kacho"):
        (slot,) = approvals.slots_of(person(who), case.owner)
        case = act(case, "acknowledge", person(who), slot=str(slot.id))
    assert approvals.rounds_of(case.owner)[0].state == "read"
