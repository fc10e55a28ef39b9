"""What a guide definition may say.

Grammar: a guide asks (fields, pages, as a procedure does) and answers with tasks: each says what is to be done, when it
concerns one (`if`), by when, what to bring and where.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from machi.engines.definitions.define import Code, DefinitionFault, Header, Part, StaffText, Text
from machi.engines.guides.rules import PHASE_ORDER
from machi.engines.procedures.define import Drafts, FragmentUse, Setting
from machi.engines.questions.define import Expression, Key, Page
from machi.engines.questions.define import Field as Question
from machi.ground.calendar import parse_duration

ICONS = ("home", "moving", "right", "out", "child", "users", "book", "place", "shelter", "health", "help")


def _duration(said):
    try:
        if parse_duration(said).seconds == 0:
            return said
    except (TypeError, ValueError):
        pass
    mend = "P14D（14日）や P4M（4か月）のように書いてください。"
    raise DefinitionFault((), f"「{said}」は期間ではありません。", mend)


class Due(Part):
    """By when: so long after a day that was answered (`within` `from`), and in words (`text`) where no day is known."""

    within: Annotated[str, BeforeValidator(_duration)] | None = None
    from_: Key | None = Field(default=None, alias="from")
    text: Text | None = None


class Bring(Part):
    """One thing to bring, named in the table `things`; only when `if` holds."""

    thing: Key
    if_: Expression | None = Field(default=None, alias="if")


class Task(Part):
    """One thing to do.

    `procedure` is a service of this city hall: where it is there, the task can be done online. `elsewhere` names
    another office (table `offices`), `together` the visit on which it can be done with others (table `visits`).
    `check` tells staff what they must confirm before the city uses the guide.
    """

    key: Key
    title: Text
    why: Text | None = None
    if_: Expression | None = Field(default=None, alias="if")
    phase: Literal[PHASE_ORDER]
    due: Due | None = None
    procedure: Code | None = None
    unit: str = ""
    where: list[Literal["counter", "post", "elsewhere"]] = ["counter"]
    elsewhere: Key | None = None
    together: Key | None = None
    bring: list[Annotated[Bring, BeforeValidator(lambda said: {"thing": said} if isinstance(said, str) else said)]] = []
    law: str = ""
    note: Text | None = None
    check: StaffText | None = None


class Expected(Part):
    """What must come out of a scenario: the keys of all tasks in order, and due days (ISO) by task."""

    tasks: list[Key]
    due: dict[Key, str] = {}


class Scenario(Part):
    """A test the definition carries."""

    name: str
    given: dict
    expect: Expected


class Guide(Header):
    """What to do when something happens in a life."""

    kind: Literal["guide"]
    summary: Text
    icon: Literal[ICONS]
    rank: int = 100
    words: dict[str, list[str]] = {}
    uses: dict[Key, str] = {}
    settings: dict[Key, Setting] = {}
    fields: list[Question | FragmentUse]
    pages: list[Page] = Field(min_length=1)
    tasks: list[Task] = Field(min_length=1)
    drafts: Drafts = Drafts(keep="P90D")
    tests: list[Scenario] = []
