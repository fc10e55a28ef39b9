"""Reading accounts, what stands where, and how it came about."""

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from machi.engines.people import public as people

from .models import Account, Balance, Entry, Line


def account(book_code, code):
    """An account of a book that is in use, or None."""
    return Account.objects.filter(book=book_code, code=code, closed_on=None).exclude(code="").first()


def has_accounts(book_code):
    """Whether anything is in the book."""
    return Account.objects.filter(book=book_code).exclude(code="").exists()


def periods(book_code):
    """The years of a book, the oldest first that still has an account in use; then the others."""
    found = Account.objects.filter(book=book_code).exclude(period="").values_list("period", flat=True)
    in_use = set(found.filter(closed_on=None))
    return sorted(set(found), key=lambda one: (one not in in_use, one))


def balances(accounts):
    """Where the amounts of these accounts stand: account id → {place: amount}."""
    found = {one.pk: {} for one in accounts}
    for row in Balance.objects.filter(account__in=list(found)):
        found[row.account_id][row.place] = row.amount
    return found


def balance(book_code, code):
    """Where the amounts of one account stand: {place: amount}, empty where there is none."""
    found = account(book_code, code)
    return balances([found])[found.pk] if found else {}


def accounts_in(book):
    """The accounts of a book that are in use."""
    return Account.objects.filter(book=book["code"], closed_on=None).exclude(code="").order_by("-period", "code")


def accounts_of(book, actor):
    """The accounts in use that this member of staff draws on: of their units, or their own."""
    mine = accounts_in(book)
    if book["whose"] == "person":
        return mine.filter(owner=actor.key).order_by("period", "code")
    return mine.filter(unit__in=[unit.code for unit in people.units_of(actor)]).order_by("-period", "code")


def visible_accounts(book, actor):
    """The accounts this member of staff may look at: their own, and those of units that they may see."""
    found = Account.objects.filter(book=book["code"]).exclude(code="")
    if book["whose"] == "person":
        return found.filter(owner=actor.key)
    return found.filter(people.visible_to(actor, "ledger.see", code="book"))


def statement(account_id):
    """The lines of an account, the oldest first, each with its entry and place."""
    lines = Line.objects.filter(balance__account=account_id).select_related("entry__reversed_by", "balance")
    return list(lines.order_by("entry__at", "entry_id", "amount"))


def entries_of(source):
    """The entries of a source that stand, the oldest first."""
    return list(Entry.objects.filter(source=source, reverses=None, reversed_by=None).order_by("at", "id"))


def drift():
    """The balances that are not the sum of their lines; there are none, unless somebody wrote past the engine."""
    summed = Balance.objects.annotate(told=Coalesce(Sum("lines__amount"), 0))
    return list(summed.filter(~Q(told=F("amount"))))
