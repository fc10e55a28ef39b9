"""Paid leave in the ledger: so many days a year by the table of the city, what is left over goes on, within its limit.

Overtime is counted there too: a month's account begins at the limit of the agreement (36協定) and falls.
"""

from dataclasses import dataclass

from django.db import transaction

from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger
from machi.ground.calendar import fiscal_year, fiscal_year_name, fiscal_year_start, today
from machi.ground.languages import pick

from .define import GRANTS, LEAVE_BOOK, OVERTIME_BOOK
from .models import Terms
from .queries import terms_on
from .rules import LONGEST_LEAVE_KEPT, granted_days, service_months


@dataclass(frozen=True)
class Grant:
    """What one person gets for a year: new `days`, and minutes that come over from the year before."""

    terms: Terms
    months: int
    days: int
    over: int
    lapsing: int
    done: bool

    @property
    def waits(self):
        """Whether there is something to give: nobody's year is opened before the first day of leave is earned."""
        return not self.done and bool(self.days or self.over)


def grants_for(year, day):
    """What everybody would get for the year `year` on `day`: [Grant, …], those who have it already marked `done`."""
    table = sorted(current("choices", GRANTS).bundle["options"], key=lambda row: row["months"])
    return [_grant(terms, year, day, table) for terms in terms_on(day).values() if _key(terms)]


@transaction.atomic
def grant(*, year, day, actor):
    """Open the leave of the year for everybody who has earned some and has none yet; returns how many.

    Safe to repeat: who comes to six months later in the year gets theirs then.
    """
    book, made, title = current("book", LEAVE_BOOK).bundle, 0, _title(year)
    for one in grants_for(year, day):
        if not one.waits:
            continue
        holder = _key(one.terms)
        _open_year(book, holder, year, one.terms, actor)
        old, new = f"{holder}-{year - 1}", f"{holder}-{year}"
        postings = [ledger.Posting(book, new, "grant", one.days * one.terms.day_minutes)]
        if one.over:
            postings.append(ledger.Posting(book, old, "carry_out", one.over))
            postings.append(ledger.Posting(book, new, "carry_in", one.over))
        if one.lapsing:
            postings.append(ledger.Posting(book, old, "lapse", one.lapsing))
        ledger.enter(key=f"leave:{holder}:{year}", postings=postings, title=title, actor=actor, day=day)
        made += 1
    return made


@transaction.atomic
def give_leave(*, account, days, reason, command_id, actor):
    """Give somebody so many days of this year's leave besides (or take back, where negative). Raises ledger.Short."""
    book, year, terms = current("book", LEAVE_BOOK).bundle, fiscal_year(today()), terms_on(today())[account.person_id]
    holder = f"staff:{account.pk}"
    _open_year(book, holder, year, terms, actor)
    posting = ledger.Posting(book, f"{holder}-{year}", "grant", days * terms.day_minutes)
    ledger.enter(key=f"leave:{holder}:{year}:{command_id}", postings=[posting], title=reason, actor=actor)


def _open_year(book, holder, year, terms, actor):
    return ledger.open_account(
        book=book, code=f"{holder}-{year}", title=_title(year), actor=actor, period=str(year), owner=holder,
        about={"day": terms.day_minutes},
    )  # fmt: skip


def _title(year):
    return f"{pick(current('book', LEAVE_BOOK).title, 'ja')} {fiscal_year_name(fiscal_year_start(year))}"


@transaction.atomic
def open_overtime(*, day, limit, actor):
    """The account of overtime of everybody for the month of `day`, holding the limit in minutes. Safe to repeat."""
    book, month = current("book", OVERTIME_BOOK), f"{day:%Y-%m}"
    title = f"{pick(book.title, 'ja')} {month}" if book else ""
    for terms in terms_on(day).values() if book else ():
        holder = _key(terms)
        if holder is None or ledger.account(OVERTIME_BOOK, f"{holder}-{month}"):
            continue
        code = f"{holder}-{month}"
        ledger.open_account(
            book=book.bundle, code=code, title=title, actor=actor, period=month, owner=holder,
            about={"day": terms.day_minutes},
        )  # fmt: skip
        posting = ledger.Posting(book.bundle, code, "begin", limit)
        ledger.enter(key=f"overtime:{code}", postings=[posting], title=title, actor=actor, day=day)


def _grant(terms, year, day, table):
    holder = _key(terms)
    months = service_months(terms.hired_on, day)
    days = granted_days(
        table, employment=terms.employment, weekly_days=terms.weekly_days,
        weekly_minutes=terms.weekly_days * terms.day_minutes, months=months,
    )  # fmt: skip
    left = ledger.balance(LEAVE_BOOK, f"{holder}-{year - 1}").get("free", 0)
    over = min(left, LONGEST_LEAVE_KEPT * terms.day_minutes)
    done = ledger.account(LEAVE_BOOK, f"{holder}-{year}") is not None
    return Grant(terms, months, days, over, left - over, done)


def _key(terms):
    account = getattr(terms.person, "account", None)
    return f"staff:{account.pk}" if account else None
