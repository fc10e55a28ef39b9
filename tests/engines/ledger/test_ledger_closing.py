"""Closing a year: only after its day, with nothing open, by two people; and nothing is entered afterwards."""

from datetime import date, datetime, time
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction
from small_book import CLERK, compiled

from machi.engines.audit.define import Actor
from machi.engines.ledger import public as ledger
from machi.engines.ledger.models import Account, Closing
from machi.ground.calendar import TOKYO, clock

BOOK = compiled(closing={"day": "05-31", "empty": ["reserved"]})
CHIEF = Actor(kind="staff", account=8, name="会計 次郎")
LAST, AFTER = date(2027, 5, 31), date(2027, 6, 1)
YEAR = {"book": BOOK, "period": "2026"}

pytestmark = pytest.mark.django_db


def on(day):
    return clock(datetime.combine(day, time(9), tzinfo=TOKYO))


def enter(move, amount):
    posting = ledger.Posting(BOOK, "a", move, amount)
    return ledger.enter(key=f"{move}:{amount}", postings=[posting], title=move, actor=CLERK)


@pytest.fixture
def line(db):
    account = ledger.open_account(book=BOOK, code="a", title="需用費", actor=CLERK, period="2026")
    ledger.open_account(book=BOOK, code="b", title="翌年度", actor=CLERK, period="2027")
    enter("appropriate", 100)
    enter("allot", 100)
    return account


def closed():
    with on(AFTER):
        ledger.ask_closing(**YEAR, actor=CLERK)
        return ledger.close_period(**YEAR, actor=CHIEF)


def test_a_year_is_closed_by_two_after_its_day_and_the_next_stays_open(line):
    assert closed() == 1
    assert ledger.account(BOOK["code"], "a") is None and ledger.account(BOOK["code"], "b")
    asked = ledger.closing_of(BOOK, "2026")
    assert (asked.by_name, asked.done_by_name) == ("財政 花子", "会計 次郎")


def test_not_before_its_day_and_not_alone(line):
    with on(LAST), pytest.raises(ledger.ClosingRefused, match="2027-05-31"):
        ledger.ask_closing(**YEAR, actor=CLERK)
    with on(AFTER):
        ledger.ask_closing(**YEAR, actor=CLERK)
        with pytest.raises(ledger.ClosingRefused, match="別の人"):
            ledger.close_period(**YEAR, actor=CLERK)
    with pytest.raises(DatabaseError), transaction.atomic():
        Closing.objects.update(done_at=datetime(2027, 6, 1, tzinfo=TOKYO), done_by=CLERK.key)


def test_what_is_open_is_listed_and_must_be_done_first(line):
    enter("reserve", 30)
    (left,) = ledger.open_items(BOOK, "2026")
    assert (left.account.title, left.place, left.amount) == ("需用費", "reserved", 30)
    with on(AFTER), pytest.raises(ledger.ClosingRefused, match="需用費"):
        ledger.ask_closing(**YEAR, actor=CLERK)
    enter("spend", 30)
    assert closed() == 1


def test_what_opens_between_the_asking_and_the_closing_stops_it(line):
    with on(AFTER):
        ledger.ask_closing(**YEAR, actor=CLERK)
        enter("reserve", 30)
        with pytest.raises(ledger.ClosingRefused, match="済んでいないもの"):
            ledger.close_period(**YEAR, actor=CHIEF)
        ledger.take_back_closing(**YEAR, actor=CLERK)
    assert ledger.closing_of(BOOK, "2026") is None


def test_after_it_nothing_is_entered_undone_or_opened(line):
    made = enter("reserve", 30)
    enter("spend", 30)
    closed()
    with pytest.raises(ledger.NoAccount):
        enter("reserve", 1)
    with pytest.raises(ledger.NoAccount), transaction.atomic():
        ledger.reverse(entry_id=made.id, title="取消し", actor=CLERK)
    with pytest.raises(ledger.NoAccount), transaction.atomic():
        ledger.open_account(book=BOOK, code="c", title="遅れた科目", actor=CLERK, period="2026")
    with pytest.raises(ledger.ClosingRefused, match="もう締めて"):
        ledger.take_back_closing(**YEAR, actor=CLERK)
    with pytest.raises(DatabaseError), transaction.atomic():
        Closing.objects.all().delete()
    assert not Account.objects.filter(code="c").exists()


def test_books_that_close_together_are_empty_together(line):
    book = compiled(closing={"empty": ["reserved"], "also": {"test.children": ["open"]}})
    moves = {
        "commit": {"title": "負担", "from": "outside", "to": "open"},
        "pay": {"title": "支払", "from": "open", "to": "paid"},
    }
    places = {"open": {"title": "残"}, "paid": {"title": "済"}}
    child = compiled(code="test.children", places=places, sheet=None, moves=moves)
    ledger.open_account(book=child, code="x", title="舗装", actor=CLERK, period="2026", parent=line)
    posted = SimpleNamespace(commit=ledger.Posting(child, "x", "commit", 5), pay=ledger.Posting(child, "x", "pay", 5))
    ledger.enter(key="c", postings=[posted.commit], title="負担", actor=CLERK)
    with on(AFTER), pytest.raises(ledger.ClosingRefused, match="舗装"):
        ledger.ask_closing(book=book, period="2026", actor=CLERK)

    ledger.enter(key="p", postings=[posted.pay], title="支払", actor=CLERK)
    with on(AFTER):
        ledger.ask_closing(book=book, period="2026", actor=CLERK)
        assert ledger.close_period(book=book, period="2026", actor=CHIEF) == 2
    assert ledger.account("test.children", "x") is None
