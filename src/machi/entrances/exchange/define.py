"""What an intake definition may say: how applications that another system took are read as ours.

The names of items are data, not program: where they are from memory the definition says so (`confirmed: false`),
and a city mends them in an overlay once it has seen a real file.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from machi.engines.definitions.define import DefinitionFault, Header, Kind, Part, StaffText

Item = Annotated[str, StringConstraints(min_length=1, max_length=200)]
AnswerKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}(\.[a-z]+)?$")]


class Match(Part):
    """Which applications these are: those whose `item` says one of `values`."""

    item: Item
    values: list[Item] = Field(alias="is", min_length=1)


class Answer(Part):
    """Where an answer comes from: an item of theirs (`from`, the first that says something), or always `value`.

    `map` turns their words into ours; `split` cuts several values apart.
    """

    from_: list[Item] | Item = Field(default=[], alias="from")
    value: str | None = None
    map: dict[str, str] = {}
    split: str | None = None

    @property
    def items(self):
        return [self.from_] if isinstance(self.from_, str) else self.from_


class Attachments(Part):
    """Which attached files belong to a question: those with one of `names` in their name."""

    names: list[Item] = Field(min_length=1)


class Intake(Header):
    """How the applications of one procedure are read."""

    kind: Literal["intake"]
    procedure: str
    confirmed: bool = False
    note: StaffText | None = None
    match: Match
    reference: Item
    assurance: Literal["contact", "account", "card"] = "card"
    fields: dict[AnswerKey, Answer]
    files: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Attachments] = {}


def compile_intake(model, resolver):
    """The bundle: the model, after every answer was looked for among the questions of the procedure."""
    form = resolver.get(model.procedure, ("procedure",)).get("form")
    if form is None:
        words = f"「{model.procedure}」は手続ではありません。"
        raise DefinitionFault(("procedure",), words, "procedure/… と書いてください。")
    asked = {field["key"]: field for field in form["fields"]}
    for part, keys in (("fields", model.fields), ("files", model.files)):
        for key in keys:
            fitting = [one for one, said in asked.items() if (said["type"] == "file") == (part == "files")]
            if key.partition(".")[0] not in fitting:
                words, mend = f"手続に「{key}」という項目はありません。", f"使える項目: {'、'.join(fitting)}"
                resolver.report(DefinitionFault((part, key), words, mend))
    return {**model.model_dump(mode="json", by_alias=True), "procedure": model.procedure.partition("/")[2]}


KIND = Kind("intake", Intake, compile_intake, keys=lambda bundle: {})
