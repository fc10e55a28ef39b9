"""Versions: loaded, drafted, published by two, never changed, renewed with what they use."""

# ruff: noqa: E501 tables of faults are read line by line

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from machi.engines.audit.define import ANONYMOUS, SYSTEM, Actor
from machi.engines.audit.public import history, verify
from machi.engines.definitions import define, public
from machi.engines.definitions.models import FieldLedger, Version

CLERK = Actor(kind="staff", account=1, name="起案 一郎")
CHIEF = Actor(kind="staff", account=2, name="決裁 花子")
pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(folder):
    report = public.load(folders=folder.folders, actor=SYSTEM)
    assert report.new == ["choices/waste.items", "slip/waste.pickup"] and report.faults == []
    return folder


def change(folder, old, new, name="waste/slips/pickup.yaml"):
    """Change a file and load again."""
    path = folder.package / name
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return public.load(folders=folder.folders, actor=SYSTEM)


def dearer(folder):
    """Raise the fee of the chair; returns the draft."""
    report = change(folder, "fee: 400", "fee: 500", "waste/choices/items.yaml")
    assert report.changed == ["choices/waste.items"]
    [draft] = public.drafts()
    return draft


def slip():
    return public.current("slip", "waste.pickup")


def test_first_load_publishes_at_once(loaded):
    version = slip()
    assert (version.number, version.status, version.author, version.approver) == (
        1, "published", "system:files", "system:installation",
    )  # fmt: skip
    assert (
        version.title == {"ja": "粗大ごみの申込み"}
        and version.kind == "slip"
        and version.code == "waste.pickup"
    )
    assert version.published_at is not None
    assert version.tests["count"] == 1 and version.tests["faults"] == []
    assert version.lock == {"choices/waste.items": public.current("choices", "waste.items").digest}
    assert list(version.bundle["flow"]["steps"]) == ["check", "collect"]


def test_loading_again_changes_nothing(loaded):
    before = Version.objects.count()
    report = public.load(folders=loaded.folders, actor=SYSTEM)
    assert sorted(report.unchanged) == ["choices/waste.items", "slip/waste.pickup"]
    assert (report.new, report.changed, report.renewed, Version.objects.count()) == ([], [], [], before)


def test_comments_and_the_order_of_keys_are_no_change(loaded):
    path = loaded.package / "waste/slips/pickup.yaml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("# a comment\n" + "".join([*lines[:3], lines[4], lines[3], *lines[5:]]))
    assert public.load(folders=loaded.folders, actor=SYSTEM).changed == []


def test_digest_is_the_same_for_the_same_contents(loaded):
    first = slip().digest
    public.forget()
    version = Version.objects.get(pk=slip().pk)
    from machi.engines.definitions.rules import digest_of

    assert digest_of(version.bundle) == version.digest == first
    assert digest_of(dict(reversed(list(version.bundle.items())))) == first


def test_a_change_becomes_a_draft_that_waits(loaded):
    draft = dearer(loaded)
    assert (draft.number, draft.status, draft.author) == (2, "draft", "system:files")
    assert public.current("choices", "waste.items").number == 1
    assert public.difference(public.current("choices", "waste.items"), draft) == [
        "手数料: いす 400円 → 500円"
    ]
    report = public.load(folders=loaded.folders, actor=SYSTEM)
    assert report.changed == [] and "choices/waste.items" in report.unchanged


def test_a_second_change_goes_into_the_same_draft(loaded):
    first = dearer(loaded)
    change(loaded, "fee: 500", "fee: 600", "waste/choices/items.yaml")
    [draft] = public.drafts()
    assert draft.pk == first.pk and draft.bundle["options"][1]["fee"] == 600


def test_a_change_taken_back_withdraws_the_draft(loaded):
    draft = dearer(loaded)
    change(loaded, "fee: 500", "fee: 400", "waste/choices/items.yaml")
    assert public.drafts() == []
    assert Version.objects.get(pk=draft.pk).status == "withdrawn"


def test_publishing_closes_the_predecessor_and_renews_what_uses_it(loaded):
    old_slip, old_items = slip(), public.current("choices", "waste.items")

    public.publish(version_id=dearer(loaded).id, actor=CHIEF, note="4月から")

    items, new_slip = public.current("choices", "waste.items"), slip()
    assert (items.number, items.compat, items.approver, items.note) == (2, "none", "staff:2", "4月から")
    assert items.difference == ["手数料: いす 400円 → 500円"]
    former = Version.objects.get(pk=old_items.pk)
    assert (former.status, former.superseded_at) == ("superseded", items.published_at)
    assert new_slip.number == 2 and new_slip.lock["choices/waste.items"] == items.digest
    assert new_slip.bundle["tables"]["items"]["options"][1]["fee"] == 500
    assert new_slip.difference == ["「粗大ごみの品目」で、手数料: いす 400円 → 500円"]
    assert Version.objects.get(pk=old_slip.pk).bundle["tables"]["items"]["options"][1]["fee"] == 400
    report = public.load(folders=loaded.folders, actor=SYSTEM)
    assert (report.changed, report.renewed) == ([], [])


def test_publishing_is_refused_when_a_user_of_it_no_longer_passes_its_tests(loaded):
    report = change(loaded, "fee: 800", "fee: 900", "waste/choices/items.yaml")
    assert [fault.field for fault in report.errors] == ["tests.1"]
    [draft] = public.drafts()

    with pytest.raises(public.PublishRefused, match="ソファは800円"):
        public.publish(version_id=draft.id, actor=CHIEF)

    assert public.current("choices", "waste.items").number == 1 and slip().number == 1
    assert Version.objects.get(pk=draft.pk).status == "draft"


def test_publishing_needs_a_second_person_of_the_staff(loaded):
    draft = dearer(loaded)
    Version.objects.filter(pk=draft.pk).update(author=CLERK.key)
    for actor, words in (
        (CLERK, "自分が書いた版"),
        (ANONYMOUS, "職員だけ"),
        (Actor(kind="resident", account=9), "職員だけ"),
    ):
        with pytest.raises(public.PublishRefused, match=words):
            public.publish(version_id=draft.id, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(approver=CLERK.key)
    assert public.publish(version_id=draft.id, actor=CHIEF).status == "published"


def test_a_version_is_published_only_once(loaded):
    draft = dearer(loaded)
    public.publish(version_id=draft.id, actor=CHIEF)
    with pytest.raises(public.PublishRefused, match="下書きではありません"):
        public.publish(version_id=draft.id, actor=CHIEF)


def test_a_draft_older_than_a_renewal_still_follows_it(loaded):
    change(loaded, "value: 3", "value: 5")
    [slip_draft] = public.drafts()
    items_draft = dearer_draft(loaded)
    public.publish(version_id=items_draft.id, actor=CHIEF)
    done = public.publish(version_id=slip_draft.id, actor=CHIEF)
    assert done.number == 4 and slip().bundle["settings"]["pay_days"]["value"] == "5"
    assert slip().bundle["tables"]["items"]["options"][1]["fee"] == 500


def dearer_draft(folder):
    change(folder, "fee: 400", "fee: 500", "waste/choices/items.yaml")
    return next(draft for draft in public.drafts() if draft.kind == "choices")


def test_a_draft_that_needs_unpublished_parts_cannot_go_first(loaded):
    slips = (loaded.package / "waste/slips/pickup.yaml").read_text()
    items = (loaded.package / "waste/choices/items.yaml").read_text()
    (loaded.package / "waste/choices/items.yaml").write_text(
        items + "  - {key: bed, label: ベッド, fee: 1200, weight: 4}\n"
    )
    (loaded.package / "waste/slips/pickup.yaml").write_text(
        slips + "  - {name: ベッドは1200円, item: bed, fee: 1200}\n"
    )
    report = public.load(folders=loaded.folders, actor=SYSTEM)
    assert sorted(report.changed) == ["choices/waste.items", "slip/waste.pickup"]
    items_draft, slip_draft = sorted(public.drafts(), key=lambda draft: draft.kind)
    with pytest.raises(public.PublishRefused, match="ベッドは1200円"):
        public.publish(version_id=slip_draft.id, actor=CHIEF)
    public.publish(version_id=items_draft.id, actor=CHIEF)
    assert public.publish(version_id=slip_draft.id, actor=CHIEF).compat == "none"


@pytest.mark.parametrize(
    "column", ["source", "bundle", "digest", "lock", "assets", "number", "author", "approver", "published_at"]
)
def test_the_database_refuses_to_change_a_published_version(loaded, column):
    new = {"number": 9, "published_at": "2020-01-01T00:00:00Z"}.get(column, "x")
    for _status in ("published", "superseded"):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Version.objects.all().update(**{column: new})
        Version.objects.filter(status="published").update(status="superseded")


def test_the_database_refuses_to_delete_or_to_go_back(loaded):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM definitions_version")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(status="published").update(status="draft")
    Version.objects.filter(status="published").update(status="superseded")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(status="superseded").update(status="published")


def test_one_draft_and_one_published_version_at_most(loaded):
    draft = dearer(loaded)
    for status in ("draft", "published"):
        twin = Version.objects.get(pk=draft.pk)
        twin.pk, twin.number, twin.status = define_id(), 99, status
        twin.approver, twin.published_at = "staff:2", slip().published_at
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


def define_id():
    from machi.ground.ids import new_id

    return new_id()


def test_a_faulty_definition_leaves_what_is_in_force(loaded):
    report = change(loaded, "type: point", "type: piont")
    assert [fault.field for fault in report.errors] == ["fields.place.type"]
    assert (slip().number, public.drafts()) == (1, [])


def test_what_rests_on_a_fault_is_held_and_named(loaded):
    report = change(loaded, "fee: 400", "fee: 四百円", "waste/choices/items.yaml")
    assert report.held == ["slip/waste.pickup"]


def test_others_load_while_one_is_faulty(loaded):
    change(loaded, "type: point", "type: piont")
    assert dearer(loaded).code == "waste.items"


def test_a_field_key_never_changes_its_type(loaded):
    report = change(loaded, "key: place, type: point", "key: place, type: int")
    [fault] = report.errors
    assert fault.message == "項目「place」は「場所」として使われてきたので、「整数」に変えられません。"
    assert (fault.line, fault.field) == (11, "fields.place")
    assert public.drafts() == []


def test_a_field_key_may_become_wider(loaded):
    change(loaded, "key: item, type: choice", "key: item, type: text")
    [draft] = public.drafts()
    assert public.publish(version_id=draft.id, actor=CHIEF).compat == "additive"
    assert FieldLedger.objects.get(key="lines.item").type == "text"
    assert (
        change(loaded, "key: item, type: text", "key: item, type: choice").errors[0].field
        == "fields.lines.fields.item"
    )


def test_a_key_is_not_given_to_something_else_after_its_field_is_gone(loaded):
    change(loaded, "  - {key: note, type: text, label: {ja: 備考}, max: 100}\n", "")
    path = loaded.package / "waste/slips/pickup.yaml"
    path.write_text(path.read_text().replace("[lines, note]", "[lines]"))
    public.load(folders=loaded.folders, actor=SYSTEM)
    [draft] = public.drafts()
    done = public.publish(version_id=draft.id, actor=CHIEF)
    assert done.compat == "breaking"
    assert done.difference == ["項目「備考」をなくす", "ページ「品物」の項目から「note」をなくす"]
    report = change(
        loaded, "      - {key: photo", "  - {key: note, type: file, label: 添付}\n      - {key: photo"
    )
    assert report.errors != []  # the indentation is wrong; mended below
    text = path.read_text().replace("  - {key: note, type: file, label: 添付}\n", "")
    path.write_text(text.replace("pages:\n", "  - {key: note, type: file, label: 添付}\npages:\n"))
    [fault] = public.load(folders=loaded.folders, actor=SYSTEM).errors
    assert "「note」は「文字」として使われてきた" in fault.message


def test_the_same_field_may_come_back(loaded):
    test_a_key_is_not_given_to_something_else_after_its_field_is_gone(loaded)
    report = change(loaded, "{key: note, type: file, label: 添付}", "{key: note, type: text, label: 備考}")
    assert report.changed == ["slip/waste.pickup"]


def test_a_program_that_compiles_otherwise_renews_at_once(loaded, monkeypatch):
    old = define.KINDS["slip"]
    monkeypatch.setitem(
        define.KINDS,
        "slip",
        define.Kind("slip", old.model, lambda *a: {**old.compile(*a), "extra": 1}, old.test),
    )
    report = public.load(folders=loaded.folders, actor=SYSTEM)
    assert report.renewed == ["slip/waste.pickup"] and slip().bundle["extra"] == 1
    assert slip().number == 2 and slip().difference == ["言葉の上の変わりはありません"]


def test_a_draft_of_a_person_is_not_overwritten_by_files(loaded):
    draft = dearer(loaded)
    Version.objects.filter(pk=draft.pk).update(author=CLERK.key, author_name=CLERK.name)
    report = change(loaded, "fee: 500", "fee: 600", "waste/choices/items.yaml")
    assert "画面で作られた下書き（第2版、起案 一郎）" in report.errors[0].message
    assert public.drafts()[0].bundle["options"][1]["fee"] == 500


def test_a_file_beside_is_kept_with_the_version(loaded):
    typ = loaded.write("#let fee = 1", "waste/slips/slip.typ")
    change(loaded, "tests:", "template: slip.typ\ntests:")
    [draft] = public.drafts()
    public.publish(version_id=draft.id, actor=CHIEF)
    assert slip().bundle["template"] == "#let fee = 1"

    typ.write_text("#let fee = 2")
    report = public.load(folders=loaded.folders, actor=SYSTEM)
    assert report.changed == ["slip/waste.pickup"]
    [draft] = public.drafts()
    assert public.difference(slip(), draft) == ["ファイル「slip.typ」の内容を変更"]
    typ.unlink()
    public.publish(version_id=draft.id, actor=CHIEF)
    assert slip().bundle["template"] == "#let fee = 2"


def test_withdrawing_takes_a_definition_out_of_force(loaded):
    public.withdraw(version_id=slip().id, actor=CHIEF, reason="終わりました")
    assert slip() is None
    assert public.versions("slip", "waste.pickup")[0].status == "withdrawn"


def test_definitions_gone_from_the_files_stay_in_force_and_are_named(loaded):
    (loaded.package / "waste/slips/pickup.yaml").unlink()
    assert public.load(folders=loaded.folders, actor=SYSTEM).missing == ["slip/waste.pickup"]
    assert slip() is not None


def test_a_kind_is_told_what_is_put_into_force(folder, monkeypatch):
    seen, old = [], define.KINDS["slip"]
    monkeypatch.setitem(
        define.KINDS, "slip", define.Kind("slip", old.model, old.compile, old.test, published=seen.append)
    )
    public.load(folders=folder.folders, actor=SYSTEM)
    assert [version.code for version in seen] == ["waste.pickup"]


def test_every_change_leaves_an_audit_line(loaded):
    public.publish(version_id=dearer(loaded).id, actor=CHIEF, note="4月から")
    stream = "definition:choices/waste.items"
    lines = [(entry.verb, entry.actor_name) for entry in history(stream)]
    assert lines == [
        ("definition.published", "machi"), ("definition.drafted", "machi"), ("definition.published", "決裁 花子"),
    ]  # fmt: skip
    assert history(stream)[-1].payload["difference"] == ["手数料: いす 400円 → 500円"]
    assert verify(stream) == []


def test_readers_see_a_publication_and_ask_little_before(loaded, django_assert_num_queries):
    first = slip()
    assert slip().pk == first.pk
    public.publish(version_id=dearer(loaded).id, actor=CHIEF)
    assert slip().number == 2
    assert [version.code for version in public.current_all("choices")] == ["waste.items"]
    assert public.current("slip", "no.such") is None
    sealed = public.version(first.pk)
    with django_assert_num_queries(0):
        assert public.version(str(first.pk)) is sealed


@pytest.mark.django_db(transaction=True)
def test_current_costs_no_query_within_a_second_and_other_processes_notice(
    folder, django_assert_num_queries, monkeypatch
):
    from machi.engines.definitions import queries

    public.load(folders=folder.folders, actor=SYSTEM)
    assert slip().number == 1
    with django_assert_num_queries(0):
        assert slip().number == 1

    draft = dearer(folder)
    assert slip().number == 1
    monkeypatch.setattr(queries, "forget", lambda: None)  # as another process, which is not told
    public.publish(version_id=draft.id, actor=CHIEF)
    queries._memory.uncertain = False
    assert slip().number == 1
    monkeypatch.setattr(queries, "STAMP_SECONDS", 0)
    assert slip().number == 2
    assert public.count_published() == 2


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_publication_is_never_seen(folder):
    public.load(folders=folder.folders, actor=SYSTEM)
    draft = dearer(folder)
    with pytest.raises(RuntimeError), transaction.atomic():
        public.publish(version_id=draft.id, actor=CHIEF)
        assert slip().number == 2
        raise RuntimeError
    assert slip().number == 1


@pytest.mark.django_db(transaction=True)
def test_two_chiefs_publish_at_once_and_one_is_told(folder):
    public.load(folders=folder.folders, actor=SYSTEM)
    draft, outcomes = dearer(folder), []

    def press(account):
        try:
            public.publish(version_id=draft.id, actor=Actor(kind="staff", account=account))
            outcomes.append("published")
        except public.PublishRefused as refused:
            outcomes.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(account,)) for account in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [
        "published",
        "この版は下書きではありません。ほかの人が先に公開したか、取り下げました。",
    ]


def test_city_is_empty_before_it_is_loaded(db):
    assert public.city() == {}


def test_commands_load_compare_and_publish(loaded, settings, capsys, django_user_model):
    settings.PACKAGES, settings.CITY = loaded.package.parent, loaded.city
    (loaded.package.parent / "municipality").symlink_to(loaded.package)
    django_user_model.objects.create_user("chief@example.jp", is_staff=True)
    path = loaded.package / "waste/choices/items.yaml"
    path.write_text(path.read_text().replace("fee: 400", "fee: 500"))

    call_command("load_city")
    call_command("diff", "waste.items")
    said = capsys.readouterr().out
    assert "下書き（公開を待つ）: choices/waste.items" in said
    assert "手数料: いす 400円 → 500円" in said

    with pytest.raises(CommandError, match="職員のアカウント"):
        call_command("publish", "waste.items", approver="nobody@example.jp")
    call_command("publish", "choices/waste.items", approver="chief@example.jp", note="改定")
    assert "choices/waste.items の第2版を公開しました。" in capsys.readouterr().out
    with pytest.raises(CommandError, match="下書きを一つに決められません"):
        call_command("publish", "waste.items", approver="chief@example.jp")
    call_command("diff", "choices/waste.items")
    assert "第2版（公開）" in capsys.readouterr().out


def test_command_check_prints_one_block_a_fault(folder, settings, capsys):
    settings.PACKAGES = folder.package.parent
    (folder.package.parent / "municipality").symlink_to(folder.package)
    call_command("check", str(folder.city))
    assert "誤りはありません（注意 0 件）。" in capsys.readouterr().out

    path = folder.package / "waste/slips/pickup.yaml"
    path.write_text(path.read_text().replace("owner:", "ownr:"))
    with pytest.raises(CommandError, match="1 件の誤り"):
        call_command("check", str(folder.city))
    blocks = capsys.readouterr().out
    assert (
        ":5  ownr\n  誤り: 「ownr」という項目は、ここにはありません。\n  直し方: 「owner」の書きまちがいではありませんか。"
        in blocks
    )
