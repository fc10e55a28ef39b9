"""Cases that end are filed; when their time has come, their content is really destroyed, and the chain still holds."""

import json

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from fixtures.answers import picture
from fixtures.cases import (
    BULKY,
    CERTIFICATE,
    CHECKED,
    REGISTER,
    SYSTEM,
    account,
    act,
    bulky,
    certificate,
    pay,
    person,
    send,
)
from fixtures.drafts import draft, drafting, mark, publish
from fixtures.papers import RECORDS, confirmed, years_later
from machi.engines.approvals.models import Mark
from machi.engines.audit.models import Event
from machi.engines.audit.public import history, verify
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.filing import public as filing
from machi.engines.notices import public as notices
from machi.engines.procedures import public as procedures
from machi.engines.procedures.filed import CASES, destroy, file_ended
from machi.ground.calendar import fiscal_year, today

CLERK, CHIEF = "shimin.tanto", "shimin.kacho"


@pytest.fixture(autouse=True)
def city(joso):
    """The loaded city."""


def granted(**more):
    """A certificate that was asked for, checked, paid and issued."""
    case = send(CERTIFICATE, certificate(**more), mail="hanako")
    case = act(case, "complete", person(CLERK), outcome="ok", checked=CHECKED[CERTIFICATE], answers=REGISTER)
    case = pay(act(case, "decide", person(CHIEF), outcome="granted", reasons="花子さんの申出のとおり"))
    while case.is_open:
        step = case.steps.get(state="active")
        outcome = next(iter(case.definition.bundle["flow"]["steps"][step.key]["outcomes"]))
        case = act(case, "complete", person(CLERK), outcome=outcome)
    return case


def everything_in_the_database():
    """All that any table says, except sample people and what stands in definitions."""
    said = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            if not name.startswith(("people_", "account_", "definitions_", "django_", "search_", "spatial_")):
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')  # noqa: S608
                said += [f"{name}: {row}" for (row,) in cursor.fetchall()]
    return said


def test_an_ended_case_is_filed_under_its_units_class_and_kept_as_its_procedure_says():
    case = granted()
    document = filing.of_owner(case.owner)

    assert (document.kind, document.number, document.state) == ("case", case.number, "completed")
    assert (document.code, document.binder.title) == ("040104", "証明書の交付申請")
    assert document.keep == str(case.definition.bundle["retention"]["years"])
    assert case.retention_until == document.kept_until
    assert "花子" not in document.words
    assert [line.verb for line in filing.story(document)] == ["filing.filed"]


def test_a_withdrawn_case_is_filed_too_and_a_reopened_one_is_open_again():
    case = granted()
    step = next(key for key, one in case.definition.bundle["flow"]["steps"].items() if one["type"] == "check")
    case = act(case, "reopen", person(CHIEF), step=step, reason="誤りがあった")
    document = filing.of_owner(case.owner)
    assert (document.state, document.kept_until, case.retention_until) == ("open", None, None)

    gone = act(send(BULKY, bulky()), "void", person("kankyo.kacho"), reason="二重")
    assert filing.of_owner(gone.owner).binder.unit == "environment"


def test_a_decided_draft_is_filed_where_its_answers_say(tmp_path):
    source = drafting()
    source["uses"] = {"classes": "file_plan/office.file_plan"}
    source["fields"] += [
        {"key": "doc_class", "type": "choice", "label": "分類", "from": "classes"},
        {"key": "binder", "type": "text", "label": "簿冊"},
    ]
    source["pages"][0]["fields"] += ["doc_class", "binder"]
    source["file_as"] = {"class": "doc_class", "binder": "binder", "disclosure": "'partial'"}
    publish(source, tmp_path)
    case = mark(draft(100_000, doc_class="020301", binder="清掃委託の契約"), "approve", "kankyo.kacho")
    document = filing.of_owner(case.owner)

    assert (document.code, document.binder.title) == ("020301", "清掃委託の契約")
    assert (document.keep, document.disclosure, document.decided_on) == ("10", "partial", today())
    assert case.retention_until == document.kept_until
    other = mark(draft(100_000, doc_class="030101"), "approve", "kankyo.kacho")  # the tax section's alone
    assert filing.of_owner(other.owner).code == "040301"


def test_a_class_that_nobody_can_choose_is_a_fault_of_the_definition(tmp_path):
    source = drafting()
    source["file_as"] = {"class": "cost"}

    assert [fault.field for fault in publish(source, tmp_path).errors] == ["file_as.class"]


def test_what_is_destroyed_leaves_no_word_of_the_person_anywhere():
    case = granted(name="天竺 花子", kana="テンジク ハナコ", phone="090-7777-1234")
    blob = files.receive(SimpleUploadedFile("a.png", picture()), accept=("image",), max_mb=5).blob
    files.attach(blob=blob, owner=case.owner, field="x", name="天竺花子の写真.png")
    documents.pdf(documents.documents_of(case.owner)[0])
    before = everything_in_the_database()
    assert any("天竺" in row for row in before)
    assert any("7777-1234" in row for row in before)

    with years_later(12):
        made = confirmed(filing.make_list(unit="citizens", actor=person(CLERK)), by=CHIEF, maker=CLERK)
    case.refresh_from_db()

    left = [row for row in everything_in_the_database() if "天竺" in row or "7777-1234" in row or "テンジク" in row]
    assert [row.partition(":")[0] for row in left if not row.startswith("questions_draft")] == []
    assert (case.applicant, case.subject, case.email, case.account_id) == ("", "", "", None)
    assert (files.links(case.owner), list(notices.of_owner(case.owner))) == ([], [])
    assert procedures.answers_of(case) == {}
    assert [entry.personal for entry in history(case.owner)] == [None] * len(history(case.owner))
    assert verify(case.owner) == verify(made.stream) == []
    with pytest.raises(documents.NotValid):
        documents.pdf(documents.documents_of(case.owner)[0])


def test_the_row_still_says_that_there_was_a_case_and_how_it_ended():
    case = granted()
    with years_later(12):
        confirmed(filing.make_list(unit="citizens", actor=person(CLERK)), by=CHIEF, maker=CLERK)
    case.refresh_from_db()

    assert (bool(case.number), case.status, case.result) == (True, "closed", "granted")
    assert case.destroyed_at is not None
    assert [line.verb for line in history(case.owner)][:2] == ["submitted", "accepted"]
    assert procedures.case_of_token(procedures.token_of(case)) == case
    with pytest.raises(procedures.Refused, match="廃棄"):
        act(case, "reopen", person(CHIEF), step="check", reason="x")


def test_an_open_case_is_never_destroyed():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    with pytest.raises(ValueError, match="working"):
        destroy(owner=case.owner, actor=SYSTEM, reason="x")
    assert not CASES.hold_still(case.owner)

    case = granted()
    step = next(key for key, one in case.definition.bundle["flow"]["steps"].items() if one["type"] == "check")
    with years_later(12):
        made = filing.make_list(unit="citizens", actor=person(CLERK))
        filing.propose(disposal_id=made.id, actor=person(CLERK))
        case = act(case, "reopen", person(CHIEF), step=step, reason="誤りがあった")
        filing.confirm(disposal_id=made.id, actor=person(CHIEF))
        from fixtures.papers import work

        work()
    item = filing.Item.objects.get(line__disposal=made)
    assert (item.outcome, item.why) == ("kept", "open")
    assert procedures.answers_of(case)["name"] == "山田 花子"


def test_only_a_disposal_may_delete_answers():
    case = granted()
    for change in (lambda: case.answers.all().delete(), lambda: case.decisions.update(reasons="x"), case.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_marks_keep_who_and_when_but_not_what_was_written(tmp_path):
    publish(drafting(), tmp_path)
    case = mark(draft(100_000), "approve", "kankyo.kacho", comment="田中様の件、了解")
    document = filing.of_owner(case.owner)
    with years_later(12):
        confirmed(filing.make_list(unit="environment", actor=person("kankyo.tanto")), by=RECORDS)

    left = Mark.objects.get()
    assert (left.comment, left.by_name, left.verb) == ("", "鈴木 一郎", "approve")
    assert filing.Document.objects.get(id=document.id).state == "destroyed"
    assert "田中様" not in json.dumps([event.body for event in Event.objects.all()], ensure_ascii=False)


def test_cases_that_ended_before_there_was_a_plan_are_filed_at_night():
    case = granted()
    with pgtrigger.ignore("filing.Document:document_stays"):
        filing.of_owner(case.owner).delete()
    assert filing.of_owner(case.owner) is None

    assert (file_ended(), file_ended()) == (1, 0)
    document = filing.of_owner(case.owner)
    assert (document.completed_on, document.year) == (today(), fiscal_year(today()))
    assert account("hanako").pk == case.account_id
