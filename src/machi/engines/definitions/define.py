"""What other engines need to declare a kind of definition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError, core_schema

from machi.ground.languages import TAGS

SCHEMA = 1
Code = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*$", max_length=120)
]
Level = Literal["error", "warning"]


class DefinitionFault(ValueError):
    """A fault in a definition, for the clerk who wrote it.

    `path` leads to the place in the file (("fields", 2, "max")), `message` says what is wrong and `mend` what
    to write instead, both in plain Japanese. May be raised by `compile` and by pydantic validators (path
    relative to the validated value).
    """

    def __init__(self, path, message, mend="", level: Level = "error"):
        super().__init__(message)
        self.path, self.message, self.mend, self.level = tuple(path), message, mend, level


@dataclass(frozen=True)
class Fault:
    """A fault as the writer reads it: file, line (from 1), field ("fields.place.label"), message and mend."""

    file: str
    line: int
    field: str
    message: str
    mend: str = ""
    level: Level = "error"

    def __str__(self):
        mark = "注意" if self.level == "warning" else "誤り"
        lines = [
            f"{self.file}:{self.line}" + (f"  {self.field}" if self.field else ""),
            f"  {mark}: {self.message}",
        ]
        return "\n".join([*lines, f"  直し方: {self.mend}"] if self.mend else lines)


class Text(dict):
    """Words in several languages: a mapping of language tags to words, or plain Japanese words. Japanese is
    needed.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        return core_schema.no_info_plain_validator_function(
            cls._read, serialization=core_schema.plain_serializer_function_ser_schema(dict)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema, handler):
        return {"type": "object", "additionalProperties": {"type": "string"}, "required": ["ja"]}

    @classmethod
    def _read(cls, value):
        if isinstance(value, str):
            value = {"ja": value}
        if not isinstance(value, dict):
            raise PydanticCustomError("text_form", "not words")
        for tag, words in value.items():
            if tag not in TAGS:
                raise PydanticCustomError("text_tag", "unknown language {tag}", {"tag": str(tag)})
            if not isinstance(words, str) or not words.strip():
                raise PydanticCustomError("text_empty", "no words for {tag}", {"tag": tag})
        if "ja" not in value:
            raise PydanticCustomError("text_japanese", "no Japanese")
        return cls(value)


class StaffText(Text):
    """Words that only staff read: other languages than Japanese are not missed in them."""


class Part(BaseModel):
    """A part of a definition: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class Header(Part):
    """How every definition begins. Unknown keys are faults. `owner` is the unit that answers for it."""

    machi: int
    kind: str
    code: Code
    title: Text
    owner: str = ""
    audience: Literal["public", "staff"] = "public"


@dataclass(frozen=True)
class Kind:
    """A kind of definition.

    `model` is its grammar (a Header). `compile(model, resolver)` gives the bundle, a JSON-able dict (default:
    the model as it is). `test(bundle)` runs the definition's own scenario tests and returns faults (anything
    with path, message, mend). `compat(old, new)` compares two bundles: "none", "additive" or "breaking";
    `keys(bundle)` gives the field keys with their types ({"lines.item": "choice"}), which the ledger keeps
    (defaults read `fields` or
    `form.fields`). `published(version)` is called in the transaction that puts a version into force.
    """

    name: str
    model: type[Header]
    compile: Callable[[Any, Any], dict] | None = None
    test: Callable[[dict], list] | None = None
    compat: Callable[[dict, dict], str] | None = None
    keys: Callable[[dict], dict] | None = None
    published: Callable[[Any], None] | None = None


KINDS: dict[str, Kind] = {}
UPGRADERS: dict[int, Callable[[dict], dict]] = {}
_fragment_field: list[type[BaseModel]] = []


def register(kind):
    """Make `kind` known; called in AppConfig.ready of the engine it belongs to."""
    known = KINDS.get(kind.name)
    if known and known.model is not kind.model:
        message = f"two engines register the kind {kind.name!r}"
        raise ValueError(message)
    KINDS[kind.name] = kind


def register_upgrader(schema, upgrade):
    """`upgrade(tree) -> tree` turns a source of `machi: <schema>` into one of the next schema. A pure
    function.
    """
    UPGRADERS[schema] = upgrade


def fragments_hold(model):
    """Fields of fragments are checked by `model` (called once, by the engine that knows what a field is)."""
    _fragment_field[:] = [model]


def fragment_field():
    """The model that fields of fragments are checked by, or None."""
    return _fragment_field[0] if _fragment_field else None
