"""What a route may say: the table of powers (専決規程) as rows of conditions and the levels that must consent."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from machi.engines.definitions.define import Header, Part, StaffText

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
PostName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=100)]


class Input(Part):
    """What the table looks at: a choice with its options, an amount, a number, or yes and no."""

    type: Literal["choice", "yen", "int", "bool"]
    label: StaffText
    options: dict[Key, StaffText] = {}


class Band(Part):
    """Numbers from `from` (included) to `below` (not included)."""

    from_: int | None = Field(default=None, alias="from")
    below: int | None = None


class Place(Part):
    """One who must consent: a post by name ("reform.chief"), or by its key in the unit of the draft or above."""

    post: PostName
    kind: Literal["approve", "agree", "review"] = "approve"


class Row(Part):
    """One line of the table. Slots of a level consent side by side, levels one after the other.

    Without `deputies` nobody decides for who is away (代決), and nobody is passed over.
    """

    deputies: bool = True
    rule: str = Field(min_length=1, max_length=200)
    when: dict[Key, list[Key] | Band | bool] = {}
    levels: list[Annotated[list[Place], Field(min_length=1)]] = Field(min_length=1)
    circulate: list[PostName] = []


class RouteTest(Part):
    """Given inputs, the posts of each level that must come out."""

    name: str
    given: dict[Key, int | bool | Key]
    levels: list[list[PostName]]


class Route(Header):
    """A table of powers. Every case the inputs can make fits exactly one row.

    `days`: in how many business days a place is to be marked; then it is reminded of, and once more as many days later
    the post above is told.
    """

    kind: Literal["route"]
    days: int = Field(default=3, ge=1, le=60)
    inputs: dict[Key, Input]
    rows: list[Row] = Field(min_length=1)
    tests: list[RouteTest] = []
