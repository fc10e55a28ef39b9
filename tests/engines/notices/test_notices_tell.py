"""Whom a notice reaches, and what a person finds in the inbox."""

from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import load
from machi.engines.effects.models import Effect
from machi.engines.notices.models import Delivery, Notice
from machi.engines.notices.public import Recipient, inbox, of_owner, open_notice, tell, unread
from machi.engines.people.models import Account

pytestmark = pytest.mark.django_db
PACKAGE = Path(__file__).resolve().parents[3] / "packages" / "municipality" / "general"
BUNDLE = {
    "code": "t.told",
    "purpose": "transactional",
    "channels": ["inbox", "mail"],
    "data": {"name": "text"},
    "subject": {"ja": "お知らせ"},
    "body": {"ja": "{{ name }} 様"},
}


@pytest.fixture
def taro():
    return Account.objects.create_user("taro@home.example")


def say(to, key="k", **bundle):
    return tell(
        notice={**BUNDLE, **bundle}, to=to, data={"name": "<b>𠮷田", "other": 1}, owner="case:1", key=key
    )


def addresses():
    return sorted(Delivery.objects.values_list("address", flat=True))


def test_an_account_gets_it_in_the_inbox_and_by_mail(taro):
    told = say(Recipient(account_id=taro.id))
    assert list(inbox(taro.id)) == [told]
    assert addresses() == ["taro@home.example"]
    assert told.body == "<p>&lt;b&gt;𠮷田 様</p>"


def test_an_address_given_for_the_case_goes_before_the_one_of_the_account(taro):
    say(Recipient(account_id=taro.id, email="work@office.example"))
    assert addresses() == ["work@office.example"]


def test_somebody_without_an_account_gets_mail_only():
    told = say(Recipient(email="guest@home.example"))
    assert (told.in_inbox, addresses()) == (False, ["guest@home.example"])


def test_channels_of_the_notice_are_kept_to(taro):
    assert say(Recipient(account_id=taro.id), "a", channels=["inbox"]).in_inbox
    assert addresses() == []
    assert not say(Recipient(account_id=taro.id), "b", channels=["mail"]).in_inbox


def test_nobody_to_mail_leaves_the_notice_on_record():
    told = say(Recipient())
    assert of_owner("case:1") == [told]
    assert addresses() == []


def test_opening_marks_as_read_once_and_only_for_its_owner(taro):
    told = say(Recipient(account_id=taro.id))
    other = Account.objects.create_user("other@home.example")
    assert open_notice(id=told.id, account_id=other.id) is None
    assert unread(taro.id) == 1
    with time_machine.travel("2026-11-22T10:00:00+09:00", tick=False):
        first = open_notice(id=told.id, account_id=taro.id).opened_at
    assert open_notice(id=told.id, account_id=taro.id).opened_at == first
    assert (unread(taro.id), unread(other.id)) == (0, 0)


def test_the_newest_stands_first(taro):
    keys = ["a", "b", "c"]
    for key in keys:
        say(Recipient(account_id=taro.id), key)
    assert [notice.key for notice in inbox(taro.id)] == keys[::-1]


def test_a_rollback_tells_nobody():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(Recipient(email="guest@home.example"))
        1 / 0  # noqa: B018
    assert (Notice.objects.count(), Effect.objects.count()) == (0, 0)


def test_the_queue_holds_no_personal_data():
    say(Recipient(email="guest@home.example"))
    row = str(Effect.objects.values().get())
    assert "guest" not in row
    assert "田" not in row


def test_a_notice_nobody_published_is_an_error():
    with pytest.raises(LookupError, match=r"t\.nowhere"):
        tell(notice="t.nowhere", to=Recipient(email="a@b.example"), data={}, owner="case:1", key="k")


def test_a_published_notice_is_found_by_its_code():
    report = load(folders=[PACKAGE / "notices"], actor=SYSTEM)
    assert (report.faults, "notice/general.receipt" in str(report.new)) == ([], True)
    data = {"title": "粗大ごみ", "reference": "AB-1", "link": "https://x.example/", "amount": 800}
    told = tell(notice="general.receipt", to=Recipient(language="es"), data=data, owner="case:1", key="k")
    assert told.subject == "Lo hemos recibido: 粗大ごみ (AB-1)"
    assert "Importe: 800 yenes" in told.text
