"""Closing a year of a book (出納閉鎖): what is open is shown, one asks, a second closes; nothing is entered after.

A book names the books that close with it, and the places that must be empty by then.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from machi.engines.audit.public import record
from machi.ground.calendar import now, today

from .models import Account, Balance, Closing


class ClosingRefused(Exception):
    """The year cannot be closed like this; the sentence says why and what to do."""


def closing_day(book, period):
    """The last day on which the year is open, in the year after; None where the book or the period has none."""
    if not book["closing"] or not period.isdecimal():
        return None
    month, day = map(int, book["closing"]["day"].split("-"))
    return date(int(period) + 1, month, day)


def closing_of(book, period):
    """The Closing of a year, asked for or done, or None."""
    return Closing.objects.filter(book=book["code"], period=period).first()


def is_closed(book_code, period):
    """Whether the year of this book is closed: by itself, or with another."""
    done = Closing.objects.filter(period=period, done_at__isnull=False)
    return bool(period) and any(book_code in one.books for one in done)


def open_items(book, period):
    """What must be empty before the year closes and is not: [Balance, …], by book and account."""
    found = []
    for code, places in _books(book).items():
        standing = Balance.objects.filter(account__book=code, account__period=period, place__in=places)
        found += standing.exclude(amount=0).select_related("account").order_by("account__code", "place")
    return found


@transaction.atomic
def ask_closing(*, book, period, actor):
    """Ask for the year to be closed; asked again, the first one. Raises ClosingRefused."""
    _check(book, period)
    made, new = Closing.objects.get_or_create(
        book=book["code"], period=period,
        defaults={"books": list(_books(book)), "by": actor.key, "by_name": actor.name},
    )  # fmt: skip
    if new:
        _note(made, "closing_asked", actor)
    return made


@transaction.atomic
def take_back_closing(*, book, period, actor):
    """The year is not to be closed yet. Raises ClosingRefused where it is."""
    asked = Closing.objects.select_for_update().filter(book=book["code"], period=period).first()
    if asked and asked.done_at:
        raise ClosingRefused(_("この年度は、もう締めてあります。"))
    if asked:
        _note(asked, "closing_taken_back", actor)
        asked.delete()


@transaction.atomic
def close_period(*, book, period, actor):
    """A second person closes the year that somebody asked to close; returns how many accounts.

    Raises ClosingRefused.
    """
    asked = Closing.objects.select_for_update().filter(book=book["code"], period=period).first()
    if asked is None or asked.done_at:
        raise ClosingRefused(_("締める申し出がありません。画面を開き直してください。"))
    if asked.by == actor.key:
        raise ClosingRefused(_("申し出た人とは別の人が締めてください。"))
    accounts = Account.objects.filter(book__in=asked.books, period=period, closed_on=None)
    list(Balance.objects.select_for_update().filter(account__in=accounts).order_by("pk").values_list("pk"))
    _check(book, period)
    count = accounts.update(closed_on=today())
    asked.done_by, asked.done_by_name, asked.done_at = actor.key, actor.name, now()
    asked.save()
    _note(asked, "closed_period", actor, accounts=count)
    return count


def _books(book):
    """The books that close together: code → the places that must be empty."""
    return {book["code"]: book["closing"]["empty"], **book["closing"]["also"]}


def _check(book, period):
    last = closing_day(book, period)
    if last is None:
        raise ClosingRefused(_("この帳簿は、年度では締めません。"))
    if today() <= last:
        raise ClosingRefused(_("出納の閉鎖は%(day)sです。その翌日から締められます。") % {"day": last.isoformat()})
    left = open_items(book, period)
    if left:
        said = _("済んでいないものが%(count)s件あります（「%(title)s」など）。支払うか、減らすか、繰り越してください。")
        raise ClosingRefused(said % {"count": len(left), "title": left[0].account.title})


def _note(closing, verb, actor, **more):
    told = {"book": closing.book, "period": closing.period, **more}
    record(stream=f"ledger:{closing.book}:{closing.period}", verb=f"ledger.{verb}", actor=actor, payload=told)
