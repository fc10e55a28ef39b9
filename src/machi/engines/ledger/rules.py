"""What an entry changes, worked out before anything is asked of the database. Pure."""

from dataclasses import dataclass

from machi.engines.ledger.define import OUTSIDE


@dataclass(frozen=True)
class Posting:
    """One move of an amount on an account of a book (its bundle); a negative amount goes the other way."""

    book: dict
    account: str
    move: str
    amount: int


def changes(postings):
    """What the postings change together: (book, account, place) → amount; together they are zero in each book."""
    found = {}
    for one in postings:
        move = one.book["moves"][one.move]
        for place, amount in ((move["from"], -one.amount), (move["to"], one.amount)):
            account = "" if place == OUTSIDE else one.account
            at = (one.book["code"], account, place)
            found[at] = found.get(at, 0) + amount
    return {at: amount for at, amount in found.items() if amount}


def total_of(book, move, amounts):
    """How much of an account has come through `move` in all, where it is a first or second way in from outside.

    amounts: place → amount. What came in from outside stands at some place; what was moved on has left the first.
    """
    everything = sum(amounts.values())
    first = book["moves"][move]["from"]
    return everything if first == OUTSIDE else everything - amounts.get(first, 0)
