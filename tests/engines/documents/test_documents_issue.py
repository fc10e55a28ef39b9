"""Numbers without gaps, papers that never change."""

import datetime as dt
import hashlib
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError

from machi.engines.audit import public as audit
from machi.engines.documents.models import IssuedDocument, Manuscript, Sequence
from machi.engines.documents.public import (
    DocumentFault,
    MissingGlyph,
    NotValid,
    documents_of,
    find,
    find_by_digest,
    next_number,
    pdf,
    withdraw,
)
from machi.engines.documents.typesetting import typeset
from machi.engines.effects.public import Effect, work_once
from machi.ground.ids import check_reference


def test_an_issued_document_is_kept_as_it_was_made(give):
    document = give()
    assert document.sha256 is None
    paper = pdf(document)
    assert paper.startswith(b"%PDF-")
    assert hashlib.sha256(paper).hexdigest() == document.sha256
    assert check_reference(document.verify_code) == document.verify_code
    assert document.state == "valid"
    assert document.office["unit"] == {"ja": "市民課", "en": "Citizens' section"}
    assert document.office["city"] == {"ja": "常総市", "en": "Joso City"}
    assert find(document.verify_code.lower().replace("-", " ")) == document
    assert find_by_digest(document.sha256) == document
    assert documents_of("case:1") == [document]


def test_the_worker_makes_the_paper_once_and_the_same_as_who_asks_before(give):
    asked, left = give(), give()
    paper, frozen = pdf(asked), Manuscript.objects.get(document=left)
    work_once()
    asked.refresh_from_db()
    left.refresh_from_db()
    assert hashlib.sha256(paper).hexdigest() == asked.sha256
    again = typeset(frozen.template, data=frozen.data, issued=frozen.issued, at=left.issued_at)
    assert pdf(left) == again
    assert [entry.verb for entry in audit.history(f"document:{left.id}")] == ["documents.issued", "documents.made"]
    assert {effect.state for effect in Effect.objects.filter(port="documents.print")} == {"done"}


def test_a_paper_whose_template_fails_is_left_to_a_person(give, bundle):
    document = give(bundle=bundle | {"template": "#show: paper\n#nope\n"})
    work_once()
    effect = Effect.objects.get(port="documents.print")
    assert effect.state == "dead"
    assert "ひな形" in effect.error
    with pytest.raises(DocumentFault):
        pdf(document)


def test_a_paper_withdrawn_before_it_was_made_is_made_as_it_was(give, clerk):
    document = withdraw(document_id=give().id, actor=clerk, reason="誤り")
    superseded = give()
    give(supersedes=superseded)
    superseded.refresh_from_db()
    for one in (document, superseded):
        assert pdf(one).startswith(b"%PDF-")


def test_only_what_may_be_shown_is_kept_beside_the_paper(give):
    document = give()
    pdf(document)
    assert not Manuscript.objects.exists()
    assert document.shown == [
        {"key": "name", "label": {"ja": "氏名", "en": "Name"}, "value": "髙○ 花○"},
        {"key": "fee", "label": {"ja": "手数料", "en": "Fee"}, "value": 1300},
    ]
    columns = [str(value) for value in IssuedDocument.objects.filter(id=document.id).values_list()[0]]
    assert not any("花子" in column or "1990" in column for column in columns)


def test_numbers_run_on_for_each_unit_and_fiscal_year(give):
    with time_machine.travel("2026-11-22T01:00:00Z", tick=False):
        assert [give().number for _again in range(3)] == ["市民第1号", "市民第2号", "市民第3号"]
        assert Sequence.objects.get().code == "proof/citizens/2026"
    with time_machine.travel("2027-03-31T14:59:00Z", tick=False):  # 23:59 in Japan
        assert give().number == "市民第4号"
    with time_machine.travel("2027-03-31T15:00:00Z", tick=False):
        assert give().number == "市民第1号"


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ("粗{fy}-{seq:6}", "粗2026-000001"),
        ("粗{fy}-{seq:06}", "粗2026-000001"),
        ("{unit_sign}第{n}号", "市民第1号"),
        ("{era_fy}年度 {seq}", "令和8年度 1"),
    ],
)
@time_machine.travel("2026-11-22T01:00:00Z", tick=False)
def test_numbers_are_written_as_the_definition_says(form, number):
    values = {"unit": "citizens", "sign": "市民", "unit_sign": "市民"}
    assert next_number(sequence="a/{fy}", format=form, values=values) == number
    assert Sequence.objects.get().code == "a/2026"


@time_machine.travel("2026-11-22T01:00:00Z", tick=False)
def test_a_number_is_not_lost_when_the_transaction_fails(give):
    give()
    with pytest.raises(MissingGlyph):
        give(values={"name": "\ue000", "birth": dt.date(1990, 3, 4), "fee": 0, "lines": []})
    with transaction.atomic():
        give()
        transaction.set_rollback(True)
    assert give().number == "市民第2号"
    assert IssuedDocument.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_draw_every_number_once():
    drawn, lock = [], threading.Lock()

    def draw():
        try:
            for _again in range(10):
                number = int(next_number(sequence="many", format="{seq}"))
                with lock:
                    drawn.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(1, 81))


def test_a_new_issue_supersedes(give):
    old = give()
    new = give(supersedes=old)
    old.refresh_from_db()
    assert (old.state, old.superseded_by, new.state) == ("superseded", new, "valid")
    assert old.ended_at == new.issued_at
    assert pdf(old) != pdf(new)
    with pytest.raises(NotValid):
        give(supersedes=old)


def test_withdrawing_needs_a_reason_and_happens_once(give, clerk):
    document = give()
    with pytest.raises(ValueError, match="reason"):
        withdraw(document_id=document.id, actor=clerk, reason=" ")
    withdraw(document_id=document.id, actor=clerk, reason="氏名の誤り")
    document.refresh_from_db()
    assert (document.state, document.reason) == ("withdrawn", "氏名の誤り")
    with pytest.raises(NotValid):
        withdraw(document_id=document.id, actor=clerk, reason="もう一度")


def test_every_change_leaves_a_line(give, clerk):
    old = give()
    new = give(supersedes=old)
    withdraw(document_id=new.id, actor=clerk, reason="誤り")
    entries = audit.history(f"document:{old.id}")
    assert [entry.verb for entry in entries] == ["documents.issued", "documents.superseded"]
    entries = audit.history(f"document:{new.id}")
    assert [entry.verb for entry in entries] == ["documents.issued", "documents.withdrawn"]
    assert entries[0].actor_key == "staff:12"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "市民第99号"),
        ("template_digest", "0" * 64),
        ("shown", []),
        ("verify_code", "AAAA-AAAA-AAAA"),
        ("owner", "case:2"),
        ("blob", None),
    ],
)
def test_the_database_refuses_to_change_a_document(give, field, value):
    document = give()
    pdf(document)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        IssuedDocument.objects.filter(id=document.id).update(**{field: value})


def test_the_database_refuses_to_delete_or_revive(give, clerk):
    document = withdraw(document_id=give().id, actor=clerk, reason="誤り")
    issued = IssuedDocument.objects.filter(id=document.id)
    for change in (
        issued.delete,
        lambda: issued.update(state="valid", ended_at=None),
        lambda: Manuscript.objects.update(template=""),
        lambda: Sequence.objects.update(last=0),
        lambda: Sequence.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()
