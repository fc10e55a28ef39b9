"""What goes over the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

from machi.entrances.api.rules import EVENTS

Text = dict[str, str]


class LegalOut(Schema):
    """A law or ordinance a procedure rests on."""

    text: Text
    url: str


class ContactOut(Schema):
    """The unit that answers for a procedure."""

    unit: str
    title: Text
    phone: str
    mail: str


class LinksOut(Schema):
    """Where people begin, where the JSON Schema of the answers is, and the same as 制度 of GIF."""

    page: str
    detail: str
    scheme: str


class PeriodOut(Schema):
    """From which day or moment, and to the end of which; null on either side: without an end."""

    opens: str | None
    closes: str | None


class ProcedureOut(Schema):
    """A procedure of the catalogue; texts are mappings of language tags to words."""

    code: str
    version: int
    title: Text
    summary: Text
    door: str | None
    assurance: str = Field(description="how sure the city must be who applies: none, contact, account or card")
    target: Text = Field(description="who can apply")
    fee: Text
    time: Text = Field(description="how long it takes")
    documents: list[Text] = Field(description="what to have ready")
    answer: Text = Field(description="when and how one hears")
    legal_basis: list[LegalOut]
    contact: ContactOut
    where: list[Literal["online", "counter"]]
    period: PeriodOut | None = Field(description="when applications are taken; null: always")
    languages: list[str]
    words: dict[str, list[str]] = Field(description="what people call it when they look for it")
    published_at: datetime
    links: LinksOut


class ProcedureDetail(ProcedureOut):
    """A procedure with the JSON Schema (2020-12) of the answers it takes."""

    facts: dict[str, JsonValue]
    answers: dict[str, JsonValue] = Field(description="JSON Schema of `answers` in a submission")


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(default=200, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=100_000)


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


class WebhookIn(Schema):
    """Where to be told, and of what. `procedures` empty: of all this program may see."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(max_length=500, description="https://… ; redirections are not followed")
    events: list[Literal[tuple(EVENTS)]] = Field(min_length=1, max_length=20)
    procedures: list[Annotated[str, Field(max_length=120)]] = Field(default=[], max_length=200)


class WebhookOut(Schema):
    """A webhook."""

    id: UUID
    address: str
    events: list[str]
    procedures: list[str]
    created_at: datetime


class WebhookSecret(WebhookOut):
    """A webhook with the secret that signs its messages (Standard Webhooks, v1)."""

    secret: str
