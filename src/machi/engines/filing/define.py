"""What a file plan (ファイル基準表) may say, and how other engines let their own documents be filed.

A plan is a tree of three: sections (大分類), groups (中分類), classes (小分類). The code of a class is the three
keys in one ("010203"), so that a right may be granted over "01*". A document has the retention of its class.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from machi.engines.definitions.define import Header, Part, StaffText
from machi.engines.documents.define import Number

YEARS = ("1", "3", "5", "10", "30")
KEEPS = (*YEARS, "permanent", "standing")
"""How long: so many fiscal years after the one of completion, for ever (永年), or as long as in use (常用)."""
THENS = ("destroy", "transfer")
"""What becomes of it then: destroyed (廃棄), or handed to the archives (歴史公文書として移管)."""
DISCLOSURES = ("open", "partial", "closed")
"""公開区分: what the public may see on request."""

Two = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Class(Part):
    """小分類. Without `units` every unit files under it; `cases`: ended cases of these units go here."""

    title: StaffText
    keep: Literal[KEEPS]
    then: Literal[THENS] = "destroy"
    disclosure: Literal[DISCLOSURES] = "open"
    units: list[UnitCode] = []
    cases: bool = False


class Group(Part):
    """中分類."""

    title: StaffText
    classes: dict[Two, Class] = Field(min_length=1)


class Section(Part):
    """大分類."""

    title: StaffText
    groups: dict[Two, Group] = Field(min_length=1)


class Numbers(Part):
    """How documents are numbered when they arrive (収受番号) and when they go out (文書番号)."""

    received: Number
    issued: Number


class FilePlan(Header):
    """The file plan of a city hall."""

    kind: Literal["file_plan"]
    numbers: Numbers
    sections: dict[Two, Section] = Field(min_length=1)


@dataclass(frozen=True)
class Filed:
    """A thing of another engine, ready to be filed. `code` and `binder` are "" where nobody chose them.

    `keep_years`: its own retention, where it knows it better than its class does.
    """

    owner: str
    kind: Literal["case", "draft"]
    unit: str
    subject: str
    number: str = ""
    code: str = ""
    binder: str = ""
    disclosure: str = ""
    drafter: str = ""
    decided_on: date | None = None
    ended_on: date | None = None
    sensitivity: str = "internal"
    keep_years: int | None = None


@dataclass(frozen=True)
class Source:
    """An engine whose things are filed: `name` is how their owners begin ("case" of "case:…").

    `hold_still(owner)` locks the thing until the transaction ends and says whether it is over.
    `destroy(owner=…, actor=…, reason=…)` really takes its personal content away. Both run inside a transaction.
    """

    name: str
    hold_still: Callable[[str], bool]
    destroy: Callable


sources: dict[str, Source] = {}


def register(source):
    """Make a source known; called in AppConfig.ready of its engine."""
    sources[source.name] = source


def source_of(owner):
    """The source of an owner, or None for documents that were registered here."""
    return sources.get(owner.partition(":")[0]) if owner else None
