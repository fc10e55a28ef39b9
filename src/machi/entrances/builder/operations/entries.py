"""What a step enters in the ledger: moves of a book, each with its account and its amount."""

from django.utils.translation import gettext as _

from machi.entrances.builder.operations.places import step_at
from machi.entrances.builder.operations.words import Refused, gone, picked, put


def add_move(tree, said):
    """One more move of the entry."""
    step_at(tree, said.get("key", "")).setdefault("moves", []).append(_written({}, said))


def set_move(tree, said):
    """Which move, on which account, how much; and the account that it opens."""
    moves, number = _listed(tree, said)
    moves[number] = _written(moves[number], said)


def remove_move(tree, said):
    """A move away."""
    moves, number = _listed(tree, said)
    del moves[number]


def _written(old, said):
    book, _space, move = said.get("move", "").partition(" ")
    account, amount = (picked(said, name) if name in said else "" for name in ("account", "amount"))
    if not (book and move and account and amount):
        raise Refused(_("どの帳簿のどの動きを、どの口座に、いくら記入するかを選んでください。"))
    written = {**old, "book": book, "move": move, "account": account, "amount": amount}
    if "opens" in said:
        title, source = picked(said, "opens"), picked(said, "of")
        put(written, "opens", {"title": title, **({"of": source} if source else {})} if title else None)
    return written


def _listed(tree, said):
    moves, number = step_at(tree, said.get("key", "")).get("moves", []), said.get("number", "")
    if not (number.isascii() and number.isdecimal() and int(number) < len(moves)):
        raise gone()
    return moves, int(number)
