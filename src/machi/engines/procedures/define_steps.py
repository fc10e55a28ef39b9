"""What a flow may say: the closed vocabulary of steps.

A new kind of step needs code and a release, so that every flow can be read by a clerk.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from machi.engines.approvals.define import PostName
from machi.engines.definitions.define import StaffText, Text
from machi.engines.questions.define import Field as Question

Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Days = Annotated[str, StringConstraints(pattern=r"^P\d{1,4}(D|BD|M|Y)$")]


class Part(BaseModel):
    """A part of a definition: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class FragmentUse(Part):
    """The fields of a fragment, put in here."""

    use: str


class Next(Part):
    """One branch: taken when `if` holds; the last one has none."""

    if_: Expression | None = Field(default=None, alias="if")
    to: Key


class Outcome(Part):
    """A way to finish a step that a person works on.

    `conditions`: whether a decision may, or must, bind what it grants to conditions (附款).
    """

    label: StaffText
    to: Key
    result: Literal["granted", "granted_in_part", "refused", "dismissed", ""] = ""
    reasons: Literal["required", "optional"] = "optional"
    conditions: Literal["none", "optional", "required"] = "none"
    tone: Literal["primary", "secondary", "danger"] = "secondary"


class Check(Part):
    """One line of a checklist."""

    key: Key
    label: StaffText


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

    `correct` is how long the applicant has when asked for a correction here, or `never`. `escalate` is how long
    after `due` the head of the unit is told that the step is late, or `never`.
    """

    unit: Expression | None = None
    due: Days | None = None
    escalate: Days | Literal["never"] = "P3BD"
    fields: list[Question | FragmentUse] = []
    checklist: list[Check] = []
    outcomes: dict[Key, Outcome]
    correct: Days | Literal["never"] = "P14D"


class CheckStep(HumanStep):
    """Somebody checks the application."""

    type: Literal["check"]


class TaskStep(HumanStep):
    """Somebody does something."""

    type: Literal["task"]
    opens: Expression | None = None


class DecideStep(HumanStep):
    """The post with the power to decide, decides; the decision is recorded with its reasons.

    Who may be refused must read by what law, and how to appeal (教示); `no_appeal` says why there is no appeal.
    """

    type: Literal["decide"]
    legal_basis: Text | None = None
    appeal: Text | None = None
    no_appeal: StaffText | None = None


class ApprovalOutcome(Part):
    """Where an approval leads. With `result`, the last mark is the decision."""

    to: Key
    result: Literal["granted", "granted_in_part", "refused", "dismissed", ""] = ""


Way = Annotated[ApprovalOutcome, BeforeValidator(lambda v: {"to": v} if isinstance(v, str) else v)]


class ApproveStep(Step):
    """Those whom the route names consent, level by level, to the sealed answers (all, where `seal` is empty).

    `inputs` give what the route's table looks at. Without a way for `returned`, whoever applied answers again.
    Where `deputies` does not hold, nobody decides for who is away (代決).
    """

    type: Literal["approve"]
    route: str
    inputs: dict[Key, Expression]
    seal: list[Key] = []
    deputies: Expression | None = None
    outcomes: dict[Literal["approved", "rejected", "returned"], Way]


class AcknowledgeStep(Step):
    """The case is sent round for reading (供覧) to posts, and to the first post of each unit that `units` gives.

    With `wait` the flow goes on when all have read it, or when it is `due`.
    """

    type: Literal["acknowledge"]
    to: list[PostName] = []
    units: Expression | None = None
    wait: bool = False
    due: Days | None = None
    next: list[Next] | Key


class AskStep(Step):
    """The applicant is asked to answer some fields again, or those of a later page for the first time.

    The last day lies `due` from now; or it is `by` (an expression that gives a date), where that lies farther off.
    """

    type: Literal["ask_applicant"]
    fields: list[Key]
    reason: Text
    due: Days
    by: Expression | None = None
    remind: list[Days] = ["P3D"]
    notice: str = ""
    outcomes: dict[Literal["done", "expired"], Key]


class Signer(Part):
    """Whose consent is asked for: by the mail address in a field, or in each row of a repeated field (`rows`).

    `mail` and `name` are keys of fields, of the row's where `rows` is given. Without an address nobody is asked.
    """

    role: Literal["applicant", "cosigner", "guardian"] = "cosigner"
    rows: Key | None = None
    mail: Key
    name: Key


class CosignStep(Step):
    """Others consent (連署・同意) to what the applicant sends, or refuse with a reason.

    They see and sign the answers `show`, and nothing else; when one of these changes, all are asked anew. `need`:
    whether all must consent, or one is enough. Where nobody is to be asked, the flow goes on as if all had signed.
    """

    type: Literal["cosign"]
    who: list[Signer] = Field(min_length=1)
    show: list[Key] = Field(min_length=1)
    statement: Text
    need: Literal["all", "any"] = "all"
    due: Days = "P14D"
    remind: list[Days] = ["P3D"]
    notice: str = "notice/general.cosign"
    outcomes: dict[Literal["signed", "refused", "expired"], Way]


class Instalments(Part):
    """A charge paid in parts: how many (an expression), and how long after one another they are due."""

    count: Expression
    every: Days = "P1M"


class PayStep(Step):
    """A charge is raised, in parts where `instalments` says so; the flow goes on, or waits until all is paid."""

    type: Literal["pay"]
    amount: Expression
    lines: Key | None = None
    via: Literal["counter", "collection", "delivery"] = "counter"
    wait: bool = False
    due: Days | None = None
    remind: list[Days] = ["P3D"]
    instalments: Instalments | None = None
    outcomes: dict[Literal["paid", "expired"], Key]


class BookStep(Step):
    """The place held while applying becomes firm."""

    type: Literal["book"]
    pool: Key
    remind: list[Days] = ["P1D"]
    outcomes: dict[Literal["ok", "lost"], Key]


class Opening(Part):
    """A new account is opened by the step: its title, and the code of the account it comes from.

    `unit` holds it; without one, that of the case does.
    """

    title: Expression
    of: Expression | None = None
    unit: str = ""


class Posting(Part):
    """One move of a book (`book/…`): how much, on which account (expressions)."""

    book: str
    move: Key
    account: Expression
    amount: Expression
    opens: Opening | None = None


class EnterStep(Step):
    """An entry is made in the ledger (記帳): its moves together or none; or what the steps in `undo` entered is undone.

    There must be a way for `short`, where there is not enough.
    """

    type: Literal["enter"]
    moves: list[Posting] = []
    undo: list[Key] = []
    outcomes: dict[Literal["done", "short"], Key]


class AttendStep(Step):
    """Days of the drafter are marked in the sheet of attendance: whole ones, or from `starts` to `ends` ("09:00")."""

    type: Literal["attend"]
    mark: Literal["corrected", "leave", "overtime", "travel", "telework"]
    first: Expression
    last: Expression | None = None
    starts: Expression | None = None
    ends: Expression | None = None
    label: Expression
    next: list[Next] | Key


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
    """Nothing happens until a day (an expression that gives a date). Till then nobody reads the answers `seals`."""

    type: Literal["wait"]
    until: Expression
    seals: list[Key] = []
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
    Intake | CheckStep | TaskStep | DecideStep | ApproveStep | AcknowledgeStep | AskStep | CosignStep | PayStep
    | BookStep | EnterStep | AttendStep | IssueStep | NotifyStep | WaitStep | PublishStep | BranchStep | EndStep,
    Field(discriminator="type"),
]  # fmt: skip


class Flow(Part):
    """The way of a case. `unit` says who handles it; without it, the owner does. `due` is the promised time.

    `calendar` says on which days the office works; all business days of a case are counted by it.
    """

    start: Key
    unit: Expression | None = None
    due: Days
    calendar: str = "calendar/calendar.office"
    steps: dict[Key, AnyStep]
