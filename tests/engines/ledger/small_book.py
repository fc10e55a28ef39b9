"""A small book for the tests of the ledger."""

from machi.engines.audit.define import Actor
from machi.engines.ledger import public as ledger
from machi.engines.ledger.compile import compile_book
from machi.engines.ledger.define import Book

CLERK = Actor(kind="staff", account=7, name="財政 花子")
SOURCE = {
    "machi": "1",
    "kind": "book",
    "code": "test.budget",
    "title": "予算",
    "count": "yen",
    "places": {name: {"title": name} for name in ("unallotted", "free", "reserved", "spent")},
    "moves": {
        "appropriate": {"title": "予算", "from": "outside", "to": "unallotted"},
        "allot": {"title": "配当", "from": "unallotted", "to": "free"},
        "reserve": {"title": "予約", "from": "free", "to": "reserved"},
        "spend": {"title": "支出", "from": "reserved", "to": "spent"},
    },
    "columns": {"kan": "款", "ko": "項"},
    "sheet": {
        "period": "年度",
        "unit": "課",
        "columns": {"kan": "款", "ko": "項"},
        "amounts": {"予算現額": "appropriate", "配当額": "allot"},
        "code": "{period}-{kan}-{ko}",
        "title": "{kan}款{ko}項",
    },
}


def compiled(**more):
    return compile_book(Book.model_validate({**SOURCE, **more}), None)


BOOK = compiled()


def opened(code="a", allotted=0, **more):
    """An account with `allotted` yen free."""
    account = ledger.open_account(book=BOOK, code=code, title=code, actor=CLERK, **more)
    if allotted:
        enter("appropriate", allotted, code)
        enter("allot", allotted, code)
    return account


def enter(move, amount, code="a", key="", **more):
    """One entry of one move."""
    key = key or f"{code}:{move}:{amount}"
    posting = ledger.Posting(BOOK, code, move, amount)
    return ledger.enter(key=key, postings=[posting], title=move, actor=CLERK, **more)
