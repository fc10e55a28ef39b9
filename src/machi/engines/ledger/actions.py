"""Opening accounts and making entries. Amounts change in one conditional UPDATE a place, in the order of their ids."""

from django.db import transaction
from django.db.models import F, Q

from machi.engines.audit.public import record
from machi.ground.calendar import today

from .closing import is_closed
from .define import OUTSIDE
from .models import Account, Balance, Entry, Line
from .rules import changes


class Short(Exception):
    """There is not enough at a place: of `account`, `left` are there and `wanted` were asked."""

    def __init__(self, balance, wanted):
        super().__init__(f"{balance} < {wanted}")
        self.account, self.place, self.left, self.wanted = balance.account, balance.place, balance.amount, wanted


class NoAccount(Exception):
    """There is no such account, or it is closed."""


@transaction.atomic
def open_account(*, book, code, title, actor, parent=None, **more):
    """The account `code` of a book (its bundle); asked again, the first one.

    more: period, unit, owner, about, source, is_sample of the account. Raises NoAccount in a year that is closed.
    """
    given = {"title": title[:300], "parent": parent, **more}
    account, new = Account.objects.get_or_create(book=book["code"], code=code, defaults=given)
    if new:
        if is_closed(book["code"], account.period):
            raise NoAccount(account)
        floors = {name: place["floor"] for name, place in book["places"].items()} if code else {OUTSIDE: None}
        Balance.objects.bulk_create(Balance(account=account, place=name, floor=low) for name, low in floors.items())
        _note(account, "opened", actor, code=code)
    return account


@transaction.atomic
def enter(*, key, postings, title, actor, source="", day=None):
    """Make one entry of `postings` (rules.Posting); with the same `key` again, the first one. None where nothing moves.

    Raises Short, where there is not enough, and NoAccount; then nothing has changed.
    """
    changed = changes(postings)
    if not changed:
        return None
    for book in {one.book["code"]: one.book for one in postings}.values():
        if (book["code"], "", OUTSIDE) in changed:
            open_account(book=book, code="", title="", actor=actor)
    given = {"title": title[:300], "source": source, "day": day or today(), "by": actor.key, "by_name": actor.name}
    entry, new = Entry.objects.get_or_create(key=key, defaults=given)
    if new:
        _write(entry, [(balance, changed[at]) for at, balance in _balances(changed).items()], actor)
    return entry


@transaction.atomic
def reverse(*, entry_id, title, actor):
    """Undo an entry with another one that says the opposite; asked again, the first one.

    Raises Short, and NoAccount where the year is closed.
    """
    undone = Entry.objects.select_for_update().get(pk=entry_id)
    given = {
        "title": title[:300], "source": undone.source, "reverses": undone, "by": actor.key, "by_name": actor.name,
    }  # fmt: skip
    entry, new = Entry.objects.get_or_create(key=f"reverse:{undone.id}", defaults=given)
    if new:
        lines = undone.lines.select_related("balance__account").select_for_update(of=("balance",)).order_by("balance")
        _write(entry, [(line.balance, -line.amount) for line in lines], actor)
    return entry


@transaction.atomic
def undo(*, source, title, actor, keys=None):
    """Reverse what stands of a source, the newest first (only the entries with these `keys`). Raises Short."""
    standing = Entry.objects.filter(source=source, reverses=None, reversed_by=None)
    chosen = standing if keys is None else standing.filter(key__in=keys)
    return [reverse(entry_id=one.pk, title=title, actor=actor) for one in chosen.order_by("-at", "-id")]


@transaction.atomic
def close_account(*, account_id, actor):
    """Nobody draws on the account any more; what was entered stays."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.closed_on is None:
        account.closed_on = today()
        account.save(update_fields=["closed_on"])
        _note(account, "closed", actor)
    return account


def _balances(changed):
    """The Balance of each (book, account, place), locked in one order. Raises NoAccount."""
    wanted = Q()
    for book, code, place in changed:
        wanted |= Q(account__book=book, account__code=code, place=place)
    rows = Balance.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk").select_related("account")
    found = {(row.account.book, row.account.code, row.place): row for row in rows}
    for at in changed:
        if at not in found:
            raise NoAccount(at)
    return found


def _write(entry, lines, actor):
    """The lines of an entry, and what they change; their balances are locked. Raises Short and NoAccount."""
    closed = Account.objects.filter(balances__in=[one for one, _amount in lines], closed_on__isnull=False).first()
    if closed:  # looked up after the lock: somebody may have closed the year while this waited for it
        raise NoAccount(closed)
    for balance, amount in sorted(lines, key=lambda line: line[0].pk):
        room = Q(floor=None) | Q(floor__lte=F("amount") + amount)
        if not Balance.objects.filter(room, pk=balance.pk).update(amount=F("amount") + amount):
            balance.refresh_from_db(fields=["amount"])
            raise Short(balance, -amount)
    Line.objects.bulk_create(Line(entry=entry, balance=balance, amount=amount) for balance, amount in lines)
    touched = next((balance.account for balance, _amount in lines if balance.account.code), lines[0][0].account)
    _note(touched, "entered", actor, entry=str(entry.id), key=entry.key)


def _note(account, verb, actor, **payload):
    record(stream=f"ledger:{account.id}", verb=f"ledger.{verb}", actor=actor, payload=payload)
