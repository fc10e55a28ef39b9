"""What a document definition may say.

The template is a Typst file beside the definition; it begins with `#show: paper` and reads `data` and
`issued`
(`paper/machi.typ` says what there is). It is read when the definition is loaded and pinned with it.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machi.engines.definitions.define import Header, Text

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*\.typ$", max_length=80)]


class Part(BaseModel):
    """A part of a definition: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class Number(Part):
    """A gapless number. `sequence` says what is counted together, `format` how it is written.

    Both may name {fy} (the fiscal year, 2026), {era_fy} (令和8), {unit} (the unit's code) and {sign} (its
    mark);
    `format` also {seq}, the running number, with zeros in front as in {seq:6}.
    """

    sequence: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    format: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Shown(Part):
    """A value that the public page for checking may show.

    Words that people gave are masked (山田太郎 → 山○○○) unless `mask` is false; give false only for what is
    no
    personal data.
    """

    key: Key
    label: Text | None = None
    mask: bool = True


class Document(Header):
    """A document of the city hall: what is on it, how it is numbered, what the page for checking may tell."""

    kind: Literal["document"]
    template: FileName
    data: dict[Key, Expression] = {}
    shown: list[Shown | Key] = []
    number: Number
    paper: Literal["A3", "A4", "A5", "A6"] = "A4"
    sample: dict[Key, object] = Field(
        default={}, description="data for the preview and for the test at publishing"
    )
