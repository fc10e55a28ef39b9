"""What a file of sample cases may say (cities/<city>/demo/cases.yaml)."""

from datetime import date
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from machi.ground.languages import LANGUAGES

Tag = Literal[tuple(language.tag for language in LANGUAGES)]


class Part(BaseModel):
    """A part of the file: nothing but the names it knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Course(Part):
    """So many cases that go the same way; `ago`: from and to how many days ago they were sent."""

    course: str
    count: int = Field(ge=1)
    ago: tuple[int, int]


class Neighbour(Part):
    """Somebody who applies without an account. `town` is a key of choices/people.towns."""

    name: str
    kana: str
    birth: date
    phone: str
    mail: str
    town: str
    language: Tag = "ja"


class Public(Part):
    """What the public may read of a voice."""

    question: str
    reply: str


class Voice(Part):
    """A voice and its answer. `{town}` in heading and body becomes each of `towns`; near: [lat, lng]."""

    topic: str
    heading: str
    body: str
    answer: str
    public: Public | None = None
    towns: list[str] = [""]
    near: tuple[float, float] | None = None
    photo: Literal["pothole", "lamp"] | None = None
    language: Tag = "ja"
    anonymous: bool = False
    thanks: bool = False


class Load(Part):
    """One line of what is thrown away: a key of choices/waste.bulky_items, and how many."""

    item: str
    qty: int


class Bulky(Part):
    """What sample cases of bulky waste are made of, and what staff write in them."""

    loads: list[list[Load]]
    spots: list[str]
    proofs_wrong: list[str]
    refusals: list[str]
    mismatches: list[str]


class Certificates(Part):
    """What sample requests for certificates ask, and what staff write in them; women: mail addresses."""

    asks: list[dict]
    women: list[str]
    wrong: str
    refusal: str


class Draft(Part):
    """A draft of a clerk of `unit`: the answers to office.draft, as far as they differ from one to another."""

    unit: str
    answers: dict


class DraftWords(Part):
    """What is written on the way of a draft."""

    consult: str
    hold: str
    send_back: str
    corrected: str
    reject: str


class Paper(Part):
    """A document that reaches `unit`, filed under `code`; `courses`: those it takes. hold: why its binder is held."""

    unit: str
    code: str
    subject: str
    sender: str
    number: str
    courses: list[str]
    hold: str = ""


class PaperWords(Part):
    """sample: what marks a document as a sample; part: its number among several."""

    sample: str
    part: str
    sender: str
    proofread_by: str


class DemoCases(Part):
    """The whole file."""

    machi: Literal[1]
    kind: Literal["demo_cases"]
    code: str
    title: str
    seed: int
    courses: dict[str, list[Course]]
    neighbours: list[Neighbour]
    bulky: Bulky
    certificates: Certificates
    voices: list[Voice]
    drafts: list[Draft]
    draft_words: DraftWords
    papers: list[Paper]
    paper_words: PaperWords


def read_cases(path):
    """The DemoCases in the file at `path`. Raises OSError, YAMLError or ValidationError."""
    return DemoCases.model_validate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
