"""The door of the ledger: accounts that are drawn on, entries that move amounts, what stands where."""

from .actions import NoAccount, Short, close_account, enter, open_account, reverse, undo
from .closing import (
    ClosingRefused,
    ask_closing,
    close_period,
    closing_day,
    closing_of,
    open_items,
    take_back_closing,
)
from .models import Account, Entry
from .queries import (
    account,
    accounts_in,
    accounts_of,
    balance,
    balances,
    drift,
    entries_of,
    has_accounts,
    periods,
    statement,
    visible_accounts,
)
from .rules import Posting, total_of
from .sheets import Plan, SheetLine, UnreadableSheet, carry_out, plan_sheet, read_sheet
from .words import amount_words

__all__ = [
    "Account",
    "ClosingRefused",
    "Entry",
    "NoAccount",
    "Plan",
    "Posting",
    "SheetLine",
    "Short",
    "UnreadableSheet",
    "account",
    "accounts_in",
    "accounts_of",
    "amount_words",
    "ask_closing",
    "balance",
    "balances",
    "carry_out",
    "close_account",
    "close_period",
    "closing_day",
    "closing_of",
    "drift",
    "enter",
    "entries_of",
    "has_accounts",
    "open_account",
    "open_items",
    "periods",
    "plan_sheet",
    "read_sheet",
    "reverse",
    "statement",
    "take_back_closing",
    "total_of",
    "undo",
    "visible_accounts",
]
