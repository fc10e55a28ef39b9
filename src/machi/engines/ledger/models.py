"""Accounts with their places, and the entries that move amounts between them. Entries are never changed."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from machi.ground.calendar import now, today
from machi.ground.ids import new_id

BALANCED = """
IF EXISTS (
    SELECT 1 FROM ledger_line line JOIN ledger_balance balance ON balance.id = line.balance_id
    JOIN ledger_account account ON account.id = balance.account_id
    WHERE line.entry_id = NEW.entry_id GROUP BY account.book HAVING SUM(line.amount) <> 0
) THEN
    RAISE EXCEPTION 'ledger: the lines of entry % are not zero together', NEW.entry_id;
END IF;
RETURN NULL;
"""


class Account(models.Model):
    """Something that is counted: a line of the budget, the leave of a person in a year.

    `unit` or `owner` ("staff:12") says who draws on it; `parent` is the account of another book from which it came.
    The account without a code is the book's outside.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    book = models.CharField(max_length=120)
    code = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300, blank=True)
    period = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    about = models.JSONField(default=dict)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    source = models.CharField(max_length=200, blank=True)
    is_sample = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("book", "code", name="ledger_account_once")]
        indexes = [
            models.Index(fields=["book", "unit", "period"], name="ledger_of_unit"),
            models.Index(fields=["book", "owner"], name="ledger_of_owner"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="account_stays_itself", fields=["book", "code", "parent", "period"]),
            pgtrigger.Protect(name="account_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.book} {self.code}"


class Balance(models.Model):
    """How much of an account stands at one place. The table itself refuses what is below the floor."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="balances")
    place = models.CharField(max_length=40)
    floor = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("account", "place", name="ledger_balance_once"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(amount__gte=F("floor")), name="ledger_not_below_the_floor"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="balance_stays_itself", fields=["account", "place"]),
            pgtrigger.Protect(name="balance_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.account} {self.place} {self.amount}"


class Entry(models.Model):
    """One entry (記帳): its `key` makes repeating it harmless, `source` says where it came from ("case:…")."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=250, unique=True)
    day = models.DateField(default=today)
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=200, blank=True, db_index=True)
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        triggers = [pgtrigger.Protect(name="entry_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.day} {self.title}"


class Line(models.Model):
    """What an entry changes at one place. The lines of an entry are zero together, in each book."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    balance = models.ForeignKey(Balance, models.PROTECT, related_name="lines")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("entry", "balance", name="ledger_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_moves"),
        ]
        triggers = [
            pgtrigger.Protect(name="line_stands", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="lines_are_zero", when=pgtrigger.After, operation=pgtrigger.Insert, timing=pgtrigger.Deferred,
                func=BALANCED,
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.balance} {self.amount:+}"


class Closing(models.Model):
    """A year of `book`, and of all `books` that close with it: who asked to close it, and who did. Done, it stays."""

    book = models.CharField(max_length=120)
    period = models.CharField(max_length=20)
    books = models.JSONField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)
    done_by = models.CharField(max_length=100, blank=True)
    done_by_name = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("book", "period", name="ledger_closing_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(done_by=F("by")), name="ledger_closing_by_two"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closing_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__done_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.book} {self.period}"
