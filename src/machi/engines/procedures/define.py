"""What a procedure definition may say.

Grammar: a procedure asks (fields, pages), moves (flow of steps), and ends. The vocabulary of steps is
closed: a new kind of step needs code and a release, so that every flow can be read by a clerk.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machi.engines.bookings.define import Pool
from machi.engines.definitions.define import Header, Text
from machi.engines.questions.define import Field as Question
from machi.engines.questions.define import Page

Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Duration = Annotated[str, StringConstraints(pattern=r"^P(\d{1,4}(D|BD|M|Y)|T\d{1,4}[HM])$")]
Words = dict[str, list[str]]
DOORS = ("moving", "child", "health", "garbage", "money", "help")
ASSURANCE = Literal["none", "contact", "account", "card"]


class Part(BaseModel):
    """A part of a definition: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


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


class FragmentUse(Part):
    """The fields of a fragment, put in here."""

    use: str


class Limits(Part):
    """How many cases of this procedure one person may have open at a time."""

    open_cases: int = Field(default=0, ge=0)


class Next(Part):
    """One branch: taken when `if` holds; the last one has none."""

    if_: Expression | None = Field(default=None, alias="if")
    to: Key


class Outcome(Part):
    """A way to finish a step that a person works on."""

    label: Text
    to: Key
    result: Literal["granted", "granted_in_part", "refused", "dismissed", ""] = ""
    reasons: Literal["required", "optional"] = "optional"
    tone: Literal["primary", "secondary", "danger"] = "secondary"


class Check(Part):
    """One line of a checklist."""

    key: Key
    label: Text


class Number(Part):
    """A gapless number: `{fy}` fiscal year, `{seq:06}` running number, `{unit}` unit, `{sign}` its sign."""

    sequence: str
    format: str


class Step(Part):
    """What all steps have."""

    title: Text
    public: Text | None = None


class Intake(Step):
    """The application has come in: it gets its number and its unit."""

    type: Literal["intake"]
    number: Number
    next: list[Next] | Key


class HumanStep(Step):
    """A step that a person finishes by choosing an outcome.

    `correct` is how long the applicant has when asked for a correction here, or `never`.
    """

    unit: Expression | None = None
    due: Duration | None = None
    fields: list[Question | FragmentUse] = []
    checklist: list[Check] = []
    outcomes: dict[Key, Outcome]
    correct: Duration | Literal["never"] = "P14D"


class CheckStep(HumanStep):
    """Somebody checks the application."""

    type: Literal["check"]


class TaskStep(HumanStep):
    """Somebody does something."""

    type: Literal["task"]
    opens: Expression | None = None


class DecideStep(HumanStep):
    """The post with the power to decide, decides; the decision is recorded with its reasons."""

    type: Literal["decide"]
    legal_basis: Text | None = None
    appeal: Text | None = None


class AskStep(Step):
    """The applicant is asked to answer some fields again."""

    type: Literal["ask_applicant"]
    fields: list[Key]
    reason: Text
    due: Duration
    outcomes: dict[Literal["done", "expired"], Key]


class PayStep(Step):
    """A charge is raised; the flow goes on, or waits until it is paid."""

    type: Literal["pay"]
    amount: Expression
    lines: Key | None = None
    via: Literal["counter", "collection", "delivery"] = "counter"
    wait: bool = False
    due: Duration | None = None
    outcomes: dict[Literal["paid", "expired"], Key]


class BookStep(Step):
    """The place held while applying becomes firm."""

    type: Literal["book"]
    pool: Key
    outcomes: dict[Literal["ok", "lost"], Key]


class IssueStep(Step):
    """A document is issued."""

    type: Literal["issue"]
    document: str
    next: list[Next] | Key


class NotifyStep(Step):
    """The applicant is told."""

    type: Literal["notify"]
    notice: str
    next: list[Next] | Key


class WaitStep(Step):
    """Nothing happens until a day (an expression that gives a date)."""

    type: Literal["wait"]
    until: Expression
    next: list[Next] | Key


class PublishStep(Step):
    """What staff wrote for the public is published; nothing else of the case is."""

    type: Literal["publish"]
    question: Expression
    answer: Expression
    topic: Expression
    next: list[Next] | Key


class BranchStep(Step):
    """The way parts."""

    type: Literal["branch"]
    next: list[Next]


class EndStep(Step):
    """The end, with its result."""

    type: Literal["end"]
    result: Literal["completed", "granted", "granted_in_part", "refused", "dismissed", "lapsed", "cancelled"]
    notice: str = ""


AnyStep = Annotated[
    Intake | CheckStep | TaskStep | DecideStep | AskStep | PayStep | BookStep | IssueStep | NotifyStep
    | WaitStep | PublishStep | BranchStep | EndStep,
    Field(discriminator="type"),
]  # fmt: skip


class Flow(Part):
    """The way of a case. `unit` says who handles it; without it, the owner does. `due` is the promised time."""

    start: Key
    unit: Expression | None = None
    due: Duration
    steps: dict[Key, AnyStep]


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


class Drafts(Part):
    """How long an unsent application is kept."""

    keep: Duration = "P30D"


class Retention(Part):
    """How long the case is kept after it ends (years from the end of the fiscal year, as file plans count)."""

    years: int = Field(ge=1, le=100)


class Scenario(Part):
    """A test the definition carries: given answers and chosen outcomes, what must come out."""

    name: str
    given: dict
    take: dict[Key, Key] = {}
    expect: dict


class Procedure(Header):
    """A procedure of the city hall."""

    kind: Literal["procedure"]
    summary: Text
    door: Literal[DOORS] | None = None
    words: Words = {}
    audience: Literal["public", "staff"] = "public"
    legal: list[Legal] = []
    facts: Facts
    assurance: ASSURANCE = "contact"
    contact_fields: dict[Literal["name", "email", "phone", "language"], Key] = {}
    subject: Expression | None = None
    place: Key | None = None
    limits: Limits = Limits()
    uses: dict[Key, str] = {}
    settings: dict[Key, Setting] = {}
    fields: list[Question | FragmentUse]
    pages: list[Page]
    pools: dict[Key, Pool] = {}
    flow: Flow
    cancel: Cancel | None = None
    notices: Notices = Notices()
    drafts: Drafts = Drafts()
    retention: Retention
    tests: list[Scenario] = []
