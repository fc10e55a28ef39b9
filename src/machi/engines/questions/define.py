"""What a form definition may say: fields, the logic on them, and the pages they stand on.

Logic is four properties of a field (`visible_if`, `required_if`, `calc`, `validate`), as in XLSForm: a pure,
acyclic function of the answers. Expressions are written in the language of `machi.ground.expr`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic import Field as Described

from machi.engines.audit.define import SENSITIVITIES
from machi.engines.definitions.define import Text

Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
OptionKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}$")]
Sensitivity = Literal[SENSITIVITIES]
FieldType = Literal[
    "text", "longtext", "name", "kana", "email", "phone", "postal", "address", "code", "int", "decimal",
    "yen", "date", "bool", "consent", "choice", "choices", "file", "point", "slot", "hours", "account", "repeat",
    "note",
]  # fmt: skip
Accept = Literal["image", "pdf", "office"]
PROFILE_KEYS = ("name", "kana", "birth", "postal", "address", "phone", "email")


def _as_list(said):
    return [said] if isinstance(said, str) else said


class Part(BaseModel):
    """A part of a form; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Option(Part):
    """One choice written beside its field."""

    key: OptionKey
    label: Text


class Check(Part):
    """A condition that is *wrong* when it holds, and what to say then. A warning does not stop anybody."""

    if_: Expression = Described(alias="if")
    error: Text
    level: Literal["error", "warning"] = "error"


class Field(Part):
    """One question, or (with `calc`) one value counted from the others.

    `min` and `max` bound numbers, dates (ISO or `today`), the number of chosen options and the number of
    rows; they may name a setting (`$settings.max_items`). `from` names a table in the definition's `uses`.
    An account is one of the book `book` in the ledger; `needs` says how much will be drawn from its `place`.
    With `any_unit` all accounts of the book may be chosen, not only those the drafter draws on.
    """

    key: Key
    type: FieldType
    label: Text
    help: Text | None = None
    example: Text | None = None
    required: bool = False
    required_if: Expression | None = None
    visible_if: Expression | None = None
    calc: Expression | None = None
    default: str | None = None
    checks: list[Check] = Described(default=[], alias="validate")
    sensitivity: Sensitivity | None = None
    prefill: Literal[PROFILE_KEYS] | None = None
    autocomplete: Annotated[str, StringConstraints(pattern=r"^[a-z0-9\- ]{0,60}$")] = ""
    min: str | None = None
    max: str | None = None
    places: int | None = Described(default=None, ge=0, le=6)
    min_length: int | None = Described(default=None, ge=1, le=10_000)
    max_length: int | None = Described(default=None, ge=1, le=10_000)
    pattern: str | None = Described(default=None, max_length=200)
    options: list[Option] = []
    from_: Key | None = Described(default=None, alias="from")
    accept: Annotated[list[Accept], BeforeValidator(_as_list)] = ["image", "pdf"]
    max_mb: int = Described(default=10, ge=1, le=50)
    max_files: int = Described(default=1, ge=1, le=20)
    keep_place: bool = False
    fields: list["Field"] = []
    title: Text | None = None
    pool: Key | None = None
    book: str | None = Described(default=None, pattern=r"^[a-z0-9_.]{1,120}$")
    place: Key | None = None
    needs: Expression | None = None
    any_unit: bool = False
    summary: bool = False


class Page(Part):
    """One screen: the fields that stand on it, in order. A page whose condition fails is skipped, its fields
    are blank. A `later` page is not asked at first (a report, a renewal): a step of the flow asks for it.
    """

    key: Key
    title: Text
    intro: Text | None = None
    fields: list[Key]
    visible_if: Expression | None = None
    later: bool = False
