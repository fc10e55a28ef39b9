"""What a procedure definition may say.

Grammar: a procedure asks (fields, pages), moves (a flow of steps, see `define_steps`), and ends.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from machi.engines.bookings.define import Pool
from machi.engines.definitions.define import Header, Text
from machi.engines.procedures.define_steps import Days, Expression, Flow, FragmentUse, Key, Number, Part
from machi.engines.questions.define import Field as Question
from machi.engines.questions.define import Page

Words = dict[str, list[str]]
SHELVES = ("personnel", "money", "things", "documents")
DOORS = ("moving", "child", "health", "garbage", "money", "help")
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$")]
ASSURANCE = Literal["none", "contact", "account", "card"]


class Legal(Part):
    """The law or ordinance a procedure rests on."""

    text: Text
    url: str = ""


class Facts(Part):
    """What a person reads before starting, on one screen."""

    who: Text
    cost: Text
    time: Text
    ready: list[Text] = []
    hear: Text


class Setting(Part):
    """A number or word the desk may change without touching the form."""

    type: Literal["int", "yen", "text", "bool"] = "int"
    value: str
    max: int | None = None
    label: Text | None = None


class Period(Part):
    """When applications are taken: from a day (or "2026-04-01T08:30") to the end of another; either may be missing."""

    opens: Moment | None = None
    closes: Moment | None = None


class Limits(Part):
    """How many cases of this procedure one person may have open at a time."""

    open_cases: int = Field(default=0, ge=0)


class Cancel(Part):
    """Until when the applicant may take the application back (an expression that must hold)."""

    while_: Expression = Field(default="true", alias="while")
    explain: Text


class Notices(Part):
    """What the applicant is told at the moments every procedure has."""

    receipt: str = "notice/general.receipt"
    correction: str = "notice/general.correction"
    decided: str = "notice/general.decided"
    document: str = "notice/general.document_ready"
    withdrawn: str = "notice/general.withdrawn"
    reminder: str = "notice/general.reminder"
    merged: str = "notice/general.merged"


class ActsFor(Part):
    """Who applies for whom: the choice that says as what (self, household, guardian, agent), and whose case it is."""

    role: Key = "on_behalf"
    name: Key = "person_name"


class Duplicates(Part):
    """What makes two cases of this procedure likely the same: close in time and place, these answers equal."""

    days: int = Field(default=30, ge=1, le=366)
    metres: int = Field(default=50, ge=1, le=1000)
    same: list[Key] = []


class Drafts(Part):
    """How long an unsent application is kept."""

    keep: Days = "P30D"


class FileAs(Part):
    """Where an ended case is filed, by expressions over its answers: class of the file plan, binder, disclosure.

    Without a class, or where the city's plan has none of that code for the unit, the unit's own class of cases.
    """

    class_: Expression | None = Field(default=None, alias="class")
    binder: Expression | None = None
    disclosure: Expression | None = None


class BankTransfer(Part):
    """A file for the bank (全銀協 総合振込): what each case pays to whom, as expressions over answers and case.

    `consigner` names the settings that say who pays, as the bank has registered them.
    """

    consigner: dict[Literal["code", "name", "bank", "branch", "deposit", "account"], Key]
    bank: Expression
    branch: Expression
    deposit: Expression
    account: Expression
    holder: Expression
    amount: Expression


class Handover(Part):
    """A list for another system of the cases that stand at `step`; each case is handed over once.

    As CSV with `columns`, heading → expression over answers and case; or as a `transfer` for the bank.
    """

    title: Text
    step: Key
    columns: dict[str, Expression] = {}
    transfer: BankTransfer | None = None


class Letter(Part):
    """A letter that a step of the procedure issues (document: `letter/<key>`), in its own words.

    In `to` and `body`, `{key}` stands for an answer; a blank line parts paragraphs. `facts` are listed below.
    """

    title: Text
    to: Annotated[str, StringConstraints(max_length=200)] = ""
    body: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    facts: list[Key] = []
    by: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "市長"
    number: Number


class Retention(Part):
    """How many years the case is kept after the fiscal year in which it ends (as file plans count)."""

    years: int = Field(ge=1, le=100)


class Scenario(Part):
    """A test the definition carries: given answers and chosen outcomes, what must come out.

    `on` is the day on which it is played; without it, the day of the test. Answers about days need it: what is
    in the future now will not be for ever.
    """

    name: str
    on: date | None = None
    given: dict
    drafter: dict[Literal["unit", "post", "name", "title", "key"], str] = {}
    take: dict[Key, Key] = {}
    expect: dict


class Procedure(Header):
    """A procedure of the city hall."""

    kind: Literal["procedure"]
    summary: Text
    door: Literal[DOORS] | None = None
    shelf: Literal[SHELVES] | None = None
    words: Words = {}
    audience: Literal["public", "staff"] = "public"
    legal: list[Legal] = []
    facts: Facts
    assurance: ASSURANCE = "contact"
    contact_fields: dict[Literal["name", "email", "phone", "language"], Key] = {}
    acts_for: ActsFor | None = None
    duplicates: Duplicates = Duplicates()
    subject: Expression | None = None
    place: Key | None = None
    limits: Limits = Limits()
    period: Period | None = None
    uses: dict[Key, str] = {}
    settings: dict[Key, Setting] = {}
    fields: list[Question | FragmentUse]
    pages: list[Page]
    pools: dict[Key, Pool] = {}
    flow: Flow
    cancel: Cancel | None = None
    notices: Notices = Notices()
    drafts: Drafts = Drafts()
    file_as: FileAs = FileAs()
    retention: Retention
    handovers: dict[Key, Handover] = {}
    letters: dict[Key, Letter] = {}
    tests: list[Scenario] = []
