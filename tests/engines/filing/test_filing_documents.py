"""Documents from the day they arrive: numbers without gaps, who changed what, who may see them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from fixtures.answers import picture
from fixtures.cases import person
from fixtures.papers import CHIEF, CLERK, INQUIRY, RECORDS, binder, completed, received
from machi.engines.audit.models import Event
from machi.engines.audit.public import verify
from machi.engines.files import public as files
from machi.engines.filing import public as filing
from machi.engines.filing.models import Issue
from machi.ground.calendar import fiscal_year, today
from machi.ground.ids import new_id


@pytest.fixture(autouse=True)
def city(joso):
    """The loaded city."""


def issue_of(document, who=CLERK, **more):
    given = {
        "issued_on": today(), "addressee": "茨城県知事", "sender": "常総市長", "seal": "omitted", "way": "mail",
        "proofread_by": "中山 翔太", **more,
    }  # fmt: skip
    return filing.issue(document_id=document.id, issue_id=new_id(), given=given, actor=person(who))


def test_what_arrives_is_numbered_by_unit_without_gaps():
    mine, roads = binder(), binder(who="doro.tanto", unit="roads")
    first = received(mine)
    with pytest.raises(filing.Refused):
        received(mine, subject="")
    second, other = received(mine), received(roads, "doro.tanto")

    assert (first.number, second.number, other.number) == ("環収第1号", "環収第2号", "道収第1号")
    assert (first.unit, first.year, first.keep, first.state) == ("environment", fiscal_year(today()), "3", "open")


def test_a_double_click_registers_once():
    mine, name = binder(), new_id()

    assert received(mine, document_id=name).number == received(mine, document_id=name).number == "環収第1号"
    assert received(mine).number == "環収第2号"


def test_bad_input_is_told_field_by_field():
    with pytest.raises(filing.Refused) as refused:
        received(binder(), subject=" ", correspondent="", received_on=today() + timedelta(days=1), handling="x")

    assert refused.value.errors == {
        "subject": "件名を書いてください。",
        "correspondent": "だれから届いたかを書いてください。",
        "received_on": "今日までの日付を書いてください。",
        "handling": "一つ選んでください。",
    }


def test_a_wrong_file_uses_up_no_number():
    mine = binder()
    with pytest.raises(filing.Refused) as refused:
        received(mine, uploads=[SimpleUploadedFile("悪い.pdf", b"MZ" + bytes(300))])
    document = received(mine, uploads=[SimpleUploadedFile("照会文.png", picture())])

    assert "悪い.pdf" in refused.value.errors["files"]
    assert (document.number, [one.name for one in files.links(document.stream)]) == ("環収第1号", ["照会文.png"])


def test_who_changed_what_is_kept_and_cannot_be_changed():
    document = received(binder())
    filing.revise(document_id=document.id, revision=1, given={"subject": "不法投棄（照会）"}, actor=person(CHIEF))
    last = filing.story(document)[-1]

    assert (last.verb, last.actor_name, last.payload["fields"]) == ("filing.revised", "鈴木 一郎", ["subject"])
    assert last.personal["changes"]["subject"] == ["不法投棄の通報について（照会）", "不法投棄（照会）"]
    assert verify(document.stream) == []
    assert "不法投棄" not in Event.objects.filter(stream=document.stream).last().body


def test_who_is_second_is_told_and_changes_nothing():
    document = received(binder())
    filing.revise(document_id=document.id, revision=1, given={"note": "至急"}, actor=person(CHIEF))
    with pytest.raises(filing.Stale):
        filing.revise(document_id=document.id, revision=1, given={"note": "普通"}, actor=person(CLERK))

    document.refresh_from_db()
    assert (document.note, document.revision) == ("至急", 2)


def test_another_unit_sees_nothing_and_changes_nothing():
    mine = binder()
    document = received(mine)

    assert list(filing.documents(person("doro.tanto"))) == []
    assert list(filing.documents(person(RECORDS))) == [document]
    with pytest.raises(filing.NotAllowed):
        filing.revise(document_id=document.id, revision=1, given={"note": "x"}, actor=person("doro.tanto"))
    with pytest.raises(filing.NotAllowed):
        received(mine, "doro.tanto")


def test_what_is_more_sensitive_than_a_right_is_neither_seen_nor_found():
    mine = binder()
    plain, delicate = received(mine), received(mine, subject="相談の記録（山田様）", sensitivity="special")

    assert set(filing.documents(person(CLERK))) == {plain, delicate}
    assert list(filing.documents(person(RECORDS))) == [plain]
    assert list(filing.found(filing.documents(person(RECORDS)), "山田")) == []


def test_documents_are_found_by_number_subject_and_sender_however_written():
    mine = binder()
    document = received(mine, subject="ゴミ集積所の設置について")
    received(mine, subject="ほかの件", correspondent="国土交通省", their_number="国関整第5号")
    shown = filing.documents(person(CLERK))

    for words in ("ごみ 集積所", "環収第１号", "茨城県 ｺﾞﾐ", "廃対"):
        assert list(filing.found(shown, words))[:1] == [document]
    assert filing.found(shown, "無い言葉").count() == 0


def test_going_out_takes_a_number_a_seal_and_another_pair_of_eyes():
    document = received(binder())
    with pytest.raises(filing.Refused) as refused:
        issue_of(document, proofread_by="佐藤環", seal="x")
    first, second = issue_of(document), issue_of(document)

    assert set(refused.value.errors) == {"proofread_by", "seal"}
    assert (first.number, second.number) == ("環第1号", "環第2号")
    assert [stage for stage, _day, state in filing.life_of(document) if state == "now"] == ["issued"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Issue.objects.filter(id=first.id).update(addressee="ほかの人")


def test_completion_starts_the_retention_and_reopening_stops_it():
    document = completed(binder())
    year = fiscal_year(today())

    assert (document.state, document.kept_until.isoformat()) == ("completed", f"{year + 4}-03-31")
    document = filing.reopen(document_id=document.id, reason="追加の照会があった", actor=person(CLERK))
    assert (document.state, document.completed_on, document.kept_until) == ("open", None, None)


def test_moving_to_another_class_changes_the_retention():
    document = completed(binder())
    other = binder("010306")
    moved = filing.revise(
        document_id=document.id, revision=document.revision, given={}, actor=person(CLERK), into=other.id
    )

    assert (moved.code, moved.keep, moved.kept_until.year) == ("010306", "5", fiscal_year(today()) + 6)


def test_a_retention_is_extended_with_a_reason_and_never_shortened():
    document = completed(binder())
    for until, reason in ((document.kept_until, "x"), (document.kept_until + timedelta(days=365), " ")):
        with pytest.raises(filing.Refused):
            filing.extend(document_id=document.id, until=until, reason=reason, actor=person(CHIEF))
    later = document.kept_until + timedelta(days=365)

    longer = filing.extend(document_id=document.id, until=later, reason="監査のため", actor=person(CHIEF))
    assert longer.kept_until == later


def test_a_closed_binder_takes_nothing_more_and_is_handed_over():
    mine = binder()
    document = received(mine)
    filing.close_binder(binder_id=mine.id, actor=person(CLERK))
    with pytest.raises(filing.Refused, match="閉じてあります"):
        received(mine)
    filing.hand_over(binder_id=mine.id, to="general", place="書庫 B-3", actor=person(CLERK))

    document.refresh_from_db()
    assert (document.unit, document.holder) == ("environment", "general")
    assert list(filing.documents(person(CLERK))) == []
    assert list(filing.documents(person("somu.kacho"))) == [document]


def test_two_binders_of_a_class_need_two_names():
    binder()
    with pytest.raises(filing.Refused, match="同じ名前"):
        binder()

    assert binder(title="照会（県）").code == INQUIRY
    with pytest.raises(filing.Refused):
        binder("030101")  # the tax section's alone


def test_a_registered_document_is_never_deleted_nor_renumbered():
    document = received(binder())
    for change in (document.delete, lambda: filing.Document.objects.filter(id=document.id).update(number="環収第9号")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
