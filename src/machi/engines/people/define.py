"""What may be said about people: levels of proof, sensitivity, scopes, verbs, the organisation."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machi.engines.audit.define import SENSITIVITIES
from machi.engines.definitions.define import Header, Text

LEVELS = ("none", "contact", "account", "card")
"""How sure we are who somebody is: nobody known < mail verified in this case < signed in < My Number card."""


VERBS = (
    "procedures.see",
    "procedures.handle",
    "procedures.receive",
    "procedures.decide",
    "procedures.export",
    "procedures.publish",
    "procedures.void",
    "approvals.reroute",
    "payments.receive",
    "attendance.see",
    "attendance.manage",
    "ledger.see",
    "ledger.manage",
    "ledger.close",
    "documents.issue",
    "documents.withdraw",
    "filing.see",
    "filing.handle",
    "filing.hold",
    "filing.dispose",
    "filing.confirm",
    "definitions.see",
    "definitions.settings",
    "definitions.form",
    "definitions.draft",
    "definitions.publish",
    "effects.manage",
    "audit.read",
    "people.absences",
    "people.manage",
)
"""Everything a right can be a right to."""


ABSENCES = ("leave", "trip", "training", "other")
"""Why somebody is away, as far as colleagues need to know."""


@dataclass(frozen=True)
class Scope:
    """What a right is asked for: something of `unit`, made by the definition `code`, this sensitive."""

    unit: str
    code: str
    sensitivity: str = "personal"


def is_at_least(level, needed, order=LEVELS):
    """Whether `level` is `needed` or more, in LEVELS (or in SENSITIVITIES)."""
    return order.index(level) >= order.index(needed)


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Pattern = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z0-9][a-z0-9_.]*\*?)$", max_length=100)]


class Part(BaseModel):
    """A piece of the organisation. Unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class RoleDefinition(Part):
    """A set of verbs and the highest sensitivity that may be read with it."""

    title: Text
    verbs: list[Literal[VERBS]]
    ceiling: Literal[SENSITIVITIES] = "personal"


class PostDefinition(Part):
    """A post of a unit; `roles` are granted over the unit and all below it.

    `deputies` act for it when nobody is there, the first before the second: keys of the same unit (deputy), or posts
    by name (roads.chief).
    """

    key: Key
    title: Text
    roles: list[Key] = []
    deputies: list[str] = []


class UnitDefinition(Part):
    """A unit with the units below it. `posts` names a set of posts; `more_posts` are its own.

    `deputies` says for its own posts who acts for them, instead of what the set of posts says.
    """

    code: Key
    title: Text
    sign: str = ""
    phone: str = ""
    mail: str = ""
    duties: Text | None = None
    sample: bool = False
    posts: Key = "section"
    more_posts: list[PostDefinition] = []
    deputies: dict[Key, list[str]] = {}
    units: list["UnitDefinition"] = []


class GrantDefinition(Part):
    """A role for a post beyond its own unit: over `unit`, for definitions that fit `code`, in a period."""

    post: str
    role: Key
    unit: Key
    code: Pattern = "*"
    since: date | None = Field(None, alias="from")
    until: date | None = None


class Organisation(Header):
    """The city hall as the law arranges it: units (部・課), posts (職), roles and what is granted to whom."""

    kind: Literal["organisation"]
    roles: dict[Key, RoleDefinition]
    post_sets: dict[Key, list[PostDefinition]]
    units: list[UnitDefinition]
    grants: list[GrantDefinition] = []
