"""What goes over the wire."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue


class ProcedureOut(Schema):
    """A procedure in short; texts are mappings of language tags to words."""

    code: str
    version: int
    title: dict[str, str]
    summary: dict[str, str]
    door: str | None
    assurance: str


class ProcedureDetail(ProcedureOut):
    """A procedure with the JSON Schema (2020-12) of the answers it takes."""

    facts: dict[str, JsonValue]
    answers: dict[str, JsonValue] = Field(description="JSON Schema of `answers` in a submission")


class AnswersIn(Schema):
    """Answers so far."""

    answers: dict[str, JsonValue]


class DayOut(Schema):
    """A day that can be chosen: send {"id", "day", "label": ""} as the answer of the field."""

    id: UUID = Field(alias="slot_id")
    day: date
    left: int


class SubmissionIn(Schema):
    """An application. Repeating `command_id` is harmless: the first case is returned again."""

    model_config = ConfigDict(extra="forbid")

    command_id: UUID
    language: str = Field(default="ja", pattern="^(ja|ja-easy|en|pt-br|es|zh-hans)$")
    answers: dict[str, JsonValue]


class EventOut(Schema):
    """One thing that happened, in a word of a closed list."""

    seq: int
    verb: str
    at: datetime


class CaseOut(Schema):
    """A case as its applicant may know it."""

    id: UUID
    reference: str
    number: str
    procedure: str
    version: int
    status: str
    result: str
    submitted_at: datetime
    due_on: date | None
    closed_at: datetime | None
    events: list[EventOut]


class Submitted(Schema):
    """What a submission gives back: the case, and the token that follows it."""

    token: str = Field(description="send as `Authorization: Bearer …` to follow this case, and only this one")
    case: CaseOut


class Problem(Schema):
    """Why not, in the language asked for; `errors` by field."""

    message: str
    errors: dict[str, str] = {}
