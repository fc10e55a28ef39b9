"""What a book may say: the places an amount can stand at, the moves between them, and how a sheet is read.

A book is a kind of thing counted: the budget by line, leave by person. Each of its accounts has all of its places;
`outside` is where amounts come from and go to.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from machi.engines.definitions.define import Header, Part, StaffText

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
OUTSIDE = "outside"


class Place(Part):
    """Where an amount stands. It may not fall below `floor`."""

    title: StaffText
    floor: int = 0


class Move(Part):
    """A way for an amount, from one place of an account to another."""

    title: StaffText
    from_: Key = Field(alias="from")
    to: Key


class Sheet(Part):
    """How a file of accounts is read: heading of a column → what it is.

    `code` and `title` are written with the columns of the book, `{kan}-{ko}`. `amounts`: heading → the move whose total
    the column gives.
    """

    period: str
    unit: str
    columns: dict[Key, str]
    amounts: dict[str, Key]
    code: str
    title: str


class Closing(Part):
    """How a year is closed (出納閉鎖): after `day` of the year that follows, when the places in `empty` are empty.

    `also`: the books that close with this one → the places of theirs that must be empty.
    """

    day: Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")] = "05-31"
    empty: list[Key]
    also: dict[str, list[Key]] = {}


class Book(Header):
    """A book of accounts in one unit of count.

    `whose` says who draws on an account: the unit that holds it, or the one person it belongs to. `columns` are what an
    account says of itself.
    """

    kind: Literal["book"]
    count: Literal["yen", "minutes", "points"]
    whose: Literal["unit", "person"] = "unit"
    places: dict[Key, Place] = Field(min_length=1)
    moves: dict[Key, Move] = Field(min_length=1)
    columns: dict[Key, StaffText] = {}
    sheet: Sheet | None = None
    closing: Closing | None = None
