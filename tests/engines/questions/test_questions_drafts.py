"""A form that waits: saved page by page, resumed by a mailed secret, carried to a newer version, thrown away
in time.
"""

import datetime as dt
import hashlib
import json

import pytest
from questions_forms import ITEMS, TODAY, a_field, a_page

from machi.engines.definitions.models import Definition, Version
from machi.engines.files import public as files
from machi.engines.people.models import Account
from machi.engines.questions import public as questions
from machi.ground.calendar import today

pytestmark = pytest.mark.django_db
OLD = [
    a_field("name", "name", label={"ja": "お名前", "en": "Name"}),
    a_field("count", "int"),
    a_field(
        "topic",
        "choice",
        options=[{"key": "a", "label": "A"}, {"key": "b", "label": "B"}],
        label={"ja": "話題"},
    ),
    a_field("paper", "file", label={"ja": "書類"}),
    a_field(
        "rows",
        "repeat",
        fields=[
            {"key": "item", "type": "choice", "from": "items", "label": "品"},
            {"key": "memo", "type": "code", "label": "メモ"},
        ],
    ),
    a_field("last", "text", label={"ja": "さいご"}),
]
NEW = [
    a_field("name", "text"),
    a_field("count", "decimal"),
    a_field("topic", "choice", options=[{"key": "b", "label": "B"}, {"key": "c", "label": "C"}]),
    a_field(
        "rows",
        "repeat",
        fields=[
            {"key": "item", "type": "choice", "from": "items", "label": "品"},
            {"key": "memo", "type": "text", "label": "メモ"},
        ],
    ),
    a_field("last", "date"),
    a_field("fresh", "text"),
]


def a_version(fields, number=1):
    definition, _made = Definition.objects.get_or_create(kind="procedure", code="test.form")
    half = len(fields) // 2
    pages = [
        a_page("one", *(f.key for f in fields[:half])),
        a_page(f"two{number}", *(f.key for f in fields[half:])),
    ]
    form = questions.compile_form(fields, pages, {"items": ITEMS})
    digest = hashlib.sha256(json.dumps(form).encode()).hexdigest()
    return Version.objects.create(
        definition=definition,
        number=number,
        status="superseded",
        source={},
        bundle={"title": {"ja": "x"}, "form": form},
        digest=digest,
        lock={},
        author="files",
    )


def a_draft(version=None, **more):
    more = {"expires_on": today() + dt.timedelta(days=30), "language": "ja", **more}
    return questions.start_draft(kind="procedure", version=version or a_version(OLD), **more)


def test_a_draft_keeps_what_was_filled_in_and_its_page():
    draft = a_draft(answers={"name": "𠮷"})
    saved = questions.save_draft(
        draft=draft, answers={"name": "𠮷", "_typed": {"count": {"": ["x"]}}}, page="one", expected_revision=1
    )
    assert not saved.stale
    found = questions.draft_of(draft.id)
    assert (found.answers["name"], found.page, found.revision) == ("𠮷", "one", 2)
    assert found.answers["_typed"] == {"count": {"": ["x"]}}
    assert found.owner == f"draft:{draft.id}"


def test_a_stale_page_keeps_what_was_typed_and_tells_what_stood_there():
    draft = a_draft()
    here, there = questions.draft_of(draft.id), questions.draft_of(draft.id)
    questions.save_draft(draft=here, answers={"name": "一", "last": "x"}, page="one", expected_revision=1)
    saved = questions.save_draft(draft=there, answers={"name": "二"}, page="one", expected_revision=1)
    assert saved.stale
    assert saved.before == {"name": "一", "last": "x"}
    assert there.answers == {"name": "二", "last": "x"}
    form = questions.form_of(there.version)
    told = questions.difference(form, saved.before, saved.draft.answers, language="ja", today=TODAY)
    assert told == [("name", "お名前", "一", "二")]


def test_two_windows_on_two_pages_do_not_undo_each_other():
    draft = a_draft(answers={"name": "一", "last": "x"})
    here, there = questions.draft_of(draft.id), questions.draft_of(draft.id)
    questions.save_draft(draft=here, answers={**here.answers, "name": "新"}, page="one", expected_revision=1)
    questions.save_draft(
        draft=there,
        answers={**there.answers, "last": "新", "_typed": {"rows.r1.memo": {"": ["?"]}}},
        page="two1",
        expected_revision=1,
    )
    assert questions.draft_of(draft.id).answers == {
        "name": "新",
        "last": "新",
        "_typed": {"rows.r1.memo": {"": ["?"]}},
    }


def test_a_mailed_secret_opens_the_draft_and_a_new_one_voids_it():
    draft = a_draft()
    first = questions.mail_token(draft=draft, email="a@example.jp")
    assert questions.draft_of_token(first).id == draft.id
    second = questions.mail_token(draft=draft, email="a@example.jp")
    assert questions.draft_of_token(first) is None
    assert questions.draft_of_token(second).email == "a@example.jp"
    assert second not in str(questions.Draft.objects.values().get())


@pytest.mark.parametrize("token", ["", "x", "\udcff", "a" * 9999, None])
def test_a_wrong_secret_opens_nothing(token):
    a_draft()
    assert questions.draft_of_token(token) is None


def test_a_draft_ends_after_its_last_day_and_its_files_with_it():
    version = a_version(OLD)
    draft, waiting = (a_draft(version, expires_on=today() - dt.timedelta(days=days)) for days in (1, 0))
    blob = files.store(b"%PDF-1.4 z", mime="application/pdf", name="a.pdf")
    files.attach(blob=blob, owner=draft.owner, field="paper", name="a.pdf")
    assert questions.draft_of(draft.id) is None
    assert questions.draft_of(waiting.id) is not None
    assert questions.expire_drafts() == 1
    assert files.links(draft.owner) == []
    assert not questions.Draft.objects.filter(id=draft.id).exists()


def test_a_sent_draft_leaves_its_files_to_the_case():
    draft = a_draft()
    blob = files.store(b"%PDF-1.4 q", mime="application/pdf", name="a.pdf")
    files.attach(blob=blob, owner=draft.owner, field="paper", name="a.pdf")
    files.move(from_owner=draft.owner, to_owner="case:1")
    questions.drop_draft(draft=draft, sent_as="case:1")
    assert len(files.links("case:1")) == 1
    with pytest.raises(questions.Draft.DoesNotExist):
        questions.save_draft(draft=draft, answers={}, page="one", expected_revision=1)


def test_a_draft_is_claimed_once():
    account = Account.objects.create_user("one@example.jp")
    other = Account.objects.create_user("two@example.jp")
    draft = a_draft()
    token = questions.mail_token(draft=draft, email="one@example.jp")
    assert questions.claim_draft(draft=draft, account_id=account.pk)
    assert not questions.claim_draft(draft=draft, account_id=other.pk)
    assert [found.id for found in questions.drafts_of(account.pk)] == [draft.id]
    assert questions.drafts_of(other.pk) == []
    assert questions.draft_of_token(token) is None


def test_a_newer_version_keeps_what_still_fits_and_tells_what_fell_away():
    version = a_version(OLD)
    blob = files.store(b"%PDF-1.4 w", mime="application/pdf", name="a.pdf")
    draft = a_draft(version, page="two1")
    link = files.attach(blob=blob, owner=draft.owner, field="paper", name="a.pdf")
    answers = {
        "name": "神",
        "count": 3,
        "topic": "a",
        "paper": [str(link.id)],
        "last": "x",
        "rows": [{"_id": "a", "item": "sofa", "memo": "A1"}],
        "_typed": {"rows.b.memo": {"": ["\ufffd"]}, "paper2": {"": ["x"]}},
        "_from": {"name": "card", "last": "typed"},
    }
    questions.save_draft(draft=draft, answers=answers, page="two1", expected_revision=1)
    fell = questions.carry(draft=draft, version=a_version(NEW, 2))
    assert fell == ["話題", "書類", "さいご"]
    assert draft.answers == {
        "name": "神",
        "count": "3",
        "rows": [{"_id": "a", "item": "sofa", "memo": "A1"}],
        "_typed": {"rows.b.memo": {"": ["\ufffd"]}},
        "_from": {"name": "card"},
    }
    assert (draft.version.number, draft.page) == (2, "one")
    assert files.links(draft.owner) == []


def test_carrying_to_the_same_form_loses_nothing():
    draft = a_draft(answers={"name": "神", "count": 3, "topic": "b", "rows": [{"_id": "a", "item": "chair"}]})
    before = dict(draft.answers)
    assert questions.carry(draft=draft, version=a_version(OLD, 2)) == []
    assert draft.answers == before


def test_the_form_of_a_version_is_made_once():
    version = a_version(OLD)
    assert questions.form_of(version) is questions.form_of(Version.objects.get(id=version.id))
