"""The door of the ledger: accounts that are drawn on, entries that move amounts, what stands where."""

from .actions import NoAccount, Short, close_account, enter, open_account, reverse, undo
from .models import Account, Entry
from .queries import (
    account,
    accounts_of,
    balance,
    balances,
    drift,
    entries_of,
    has_accounts,
    statement,
    visible_accounts,
)
from .rules import Posting, total_of
from .sheets import Plan, SheetLine, UnreadableSheet, carry_out, plan_sheet, read_sheet
from .words import amount_words

__all__ = [
    "Account",
    "Entry",
    "NoAccount",
    "Plan",
    "Posting",
    "SheetLine",
    "Short",
    "UnreadableSheet",
    "account",
    "accounts_of",
    "amount_words",
    "balance",
    "balances",
    "carry_out",
    "close_account",
    "drift",
    "enter",
    "entries_of",
    "has_accounts",
    "open_account",
    "plan_sheet",
    "read_sheet",
    "reverse",
    "statement",
    "total_of",
    "undo",
    "visible_accounts",
]
