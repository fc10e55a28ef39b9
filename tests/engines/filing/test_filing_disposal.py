"""What goes, and what never goes: lists, second person, holds, certificates, and races between them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction

from fixtures.answers import picture
from fixtures.cases import person
from fixtures.papers import CHIEF, CLERK, NOTICES, RECORDS, binder, completed, confirmed, received, work, years_later
from machi.engines.audit.models import Event
from machi.engines.audit.public import verify
from machi.engines.documents import public as papers
from machi.engines.files import public as files
from machi.engines.filing import disposal
from machi.engines.filing import public as filing
from machi.engines.filing.models import Issue
from machi.ground.calendar import clock, now, today
from machi.ground.ids import new_id


def make(who=CLERK, unit="environment"):
    return filing.make_list(unit=unit, actor=person(who))


def outcomes(made):
    return {str(item.document_id): (item.outcome, item.why) for item in filing.Item.objects.filter(line__disposal=made)}


def one(document):
    return filing.Document.objects.get(id=document.id)


@pytest.mark.usefixtures("joso")
def test_what_is_due_goes_and_a_certificate_stays():
    secret = "相談者の名前"
    document = completed(
        binder(), subject=secret, sensitivity="special", uploads=[SimpleUploadedFile("a.png", picture())]
    )
    given = {
        "issued_on": today(), "addressee": secret, "sender": "市長", "seal": "none", "way": "post",
        "proofread_by": "中山 翔太",
    }  # fmt: skip
    filing.issue(document_id=document.id, issue_id=new_id(), given=given, actor=person(CLERK))
    with years_later():
        made = confirmed(make())
        gone = one(document)

        assert (made.state, outcomes(made)) == ("done", {str(document.id): ("destroyed", "")})
        assert (gone.state, gone.subject, gone.words, gone.number) == ("destroyed", "", "", "環収第1号")
        assert (files.links(document.stream), Issue.objects.get().addressee) == ([], "")
        assert [entry.personal for entry in filing.story(gone)] == [None] * len(filing.story(gone))
        assert verify(document.stream) == verify(made.stream) == []
        paper = papers.document(made.certificate)
        assert (paper.owner, papers.pdf(paper)[:5]) == (made.stream, b"%PDF-")
    assert all(secret not in event.body for event in Event.objects.filter(stream=document.stream))


@pytest.mark.usefixtures("joso")
def test_nothing_is_due_on_its_last_day():
    document = completed(binder())
    last = document.kept_until
    with clock(now().replace(year=last.year, month=last.month, day=last.day)):
        assert filing.due("environment").count() == 0
        with pytest.raises(filing.Refused, match="ありません"):
            make()
    with clock(now().replace(year=last.year, month=4, day=1)):
        assert list(filing.due("environment")) == [document]


@pytest.mark.usefixtures("joso")
def test_a_second_person_confirms_and_never_the_maker():
    completed(binder())
    with years_later():
        made = make(CHIEF)
        filing.propose(disposal_id=made.id, actor=person(CHIEF))
        with pytest.raises(filing.Refused, match="自分で確認できません"):
            filing.confirm(disposal_id=made.id, actor=person(CHIEF))
        with pytest.raises(filing.NotAllowed):
            filing.confirm(disposal_id=made.id, actor=person(CLERK))
        with pytest.raises(DatabaseError), transaction.atomic():
            filing.Disposal.objects.filter(id=made.id).update(confirmed_by=made.made_by)
        filing.send_back(disposal_id=made.id, note="1冊は延長を", actor=person(RECORDS))
        made.refresh_from_db()

        assert (made.state, made.note) == ("drafted", "1冊は延長を")


@pytest.mark.usefixtures("joso")
def test_lines_are_destroyed_transferred_or_kept_longer():
    short, long = binder(), binder(NOTICES)
    document, notice = completed(short), completed(long)
    with years_later(12):
        made = make()
        lines = {line.binder_id: line for line in made.lines.all()}
        assert {lines[short.id].choice, lines[long.id].choice} == {"destroy", "transfer"}
        until = today() + timedelta(days=700)
        with pytest.raises(filing.Refused) as refused:
            filing.choose(disposal_id=made.id, choices={lines[short.id].id: ("extend", "", None)}, actor=person(CLERK))
        assert list(refused.value.errors) == [f"reason-{lines[short.id].id}"]
        filing.choose(
            disposal_id=made.id, choices={lines[short.id].id: ("extend", "監査のため", until)}, actor=person(CLERK)
        )
        confirmed(made)

        assert (one(document).state, one(document).kept_until) == ("completed", until)
        assert (one(notice).state, one(notice).subject, one(notice).kept_until) == ("archived", notice.subject, None)


@pytest.mark.usefixtures("joso")
def test_what_is_held_or_open_stays_whenever_that_happened():
    mine, other = binder(), binder(title="別の簿冊")
    held_before, held_after, reopened = (completed(mine) for _one in range(3))
    in_held_binder = completed(other)
    filing.hold(document_id=held_before.id, reason="訴訟", actor=person(CHIEF))
    with years_later():
        made = make()
        filing.propose(disposal_id=made.id, actor=person(CLERK))
        filing.hold(document_id=held_after.id, reason="審査請求", actor=person(CHIEF))
        filing.hold(binder_id=other.id, reason="監査", actor=person(CHIEF))
        filing.reopen(document_id=reopened.id, reason="追加", actor=person(CLERK))
        filing.confirm(disposal_id=made.id, actor=person(RECORDS))
        work()

        assert str(held_before.id) not in outcomes(made)
        assert outcomes(made) == {
            str(held_after.id): ("kept", "held"),
            str(reopened.id): ("kept", "open"),
            str(in_held_binder.id): ("kept", "held"),
        }
        assert {one(document).subject for document in (held_before, held_after, reopened)} == {held_before.subject}
        assert [line.verb for line in filing.story(one(held_after))][-1] == "filing.held"


@pytest.mark.usefixtures("joso")
def test_what_was_kept_comes_back_with_the_next_list():
    document = completed(binder())
    with years_later():
        made = make()
        held = filing.hold(document_id=document.id, reason="監査", actor=person(CHIEF))
        confirmed(made)
        assert filing.due("environment").exclude(filing.is_held()).count() == 0
        filing.lift(hold_id=held.id, reason="監査が終わった", actor=person(CHIEF))

        assert outcomes(confirmed(make())) == {str(document.id): ("destroyed", "")}


@pytest.mark.usefixtures("joso")
def test_a_unit_has_one_open_list_and_others_have_none_of_it():
    completed(binder())
    with years_later():
        made = make()
        with pytest.raises(filing.Refused):
            make(CHIEF)
        with pytest.raises(filing.NotAllowed):
            make("doro.tanto")
        assert list(filing.lists(person("doro.tanto"))) == []
        filing.withdraw(disposal_id=made.id, actor=person(CLERK))

        assert make(CHIEF).state == "drafted"


@pytest.mark.usefixtures("joso")
def test_what_was_destroyed_is_never_touched_again():
    document = completed(binder())
    with years_later():
        confirmed(make())
    with pytest.raises(filing.Refused):
        filing.revise(document_id=document.id, revision=9, given={"note": "x"}, actor=person(CLERK))
    with pytest.raises(DatabaseError), transaction.atomic():
        filing.Document.objects.filter(id=document.id).update(subject="戻した")


@pytest.mark.usefixtures("joso")
def test_many_go_in_batches(monkeypatch):
    monkeypatch.setattr(disposal, "BATCH", 2)
    mine = binder()
    for _one in range(5):
        completed(mine)
    with years_later():
        made = confirmed(make())

        assert (made.state, filing.progress(made)) == ("done", (5, 5))
        assert {outcome for outcome, _why in outcomes(made).values()} == {"destroyed"}


def test_a_hold_and_a_destruction_at_once_never_both_win(live_joso):
    mine = binder()
    documents = [completed(mine) for _one in range(12)]
    with years_later():
        made = make()
        filing.propose(disposal_id=made.id, actor=person(CLERK))
        filing.confirm(disposal_id=made.id, actor=person(RECORDS))
    chief, start = person(CHIEF), Barrier(2)

    def destroy():
        with years_later():
            start.wait()
            disposal.carry_out(made.id)
        connections.close_all()

    def hold():
        start.wait()
        held = set()
        for document in reversed(documents):
            try:
                filing.hold(document_id=document.id, reason="訴訟", actor=chief)
                held.add(document.id)
            except filing.Refused:
                pass
        connections.close_all()
        return held

    connection.close()
    with ThreadPoolExecutor(2) as pool:
        going, holding = pool.submit(destroy), pool.submit(hold)
        going.result()
        held = holding.result()

    gone = {document.id for document in documents if one(document).state == "destroyed"}
    assert held & gone == set()
    assert held | gone == {document.id for document in documents}
    assert received(mine).number == "環収第13号"
