"""The door of the ledger: accounts that are drawn on, entries that move amounts, what stands where."""

from .actions import NoAccount, Short, close_account, enter, open_account, reverse, undo
from .models import Account, Entry
from .queries import account, accounts_of, balance, balances, drift, entries_of, statement, visible_accounts
from .rules import Posting, total_of

__all__ = [
    "Account",
    "Entry",
    "NoAccount",
    "Posting",
    "Short",
    "account",
    "accounts_of",
    "balance",
    "balances",
    "close_account",
    "drift",
    "enter",
    "entries_of",
    "open_account",
    "reverse",
    "statement",
    "total_of",
    "undo",
    "visible_accounts",
]
