"""The kinds of definition that belong to no other engine: choices, fragment, calendar (and city)."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from machi.ground.calendar import Calendar as OfficeDays

from .city import City, compile_city
from .define import DefinitionFault, Header, Kind, Part, Text, fragment_field
from .validate import cast, missing_languages
from .vocabulary import COLUMNS
from .words import pydantic_words, suggest

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
Words = Annotated[
    dict[str, list[str]], BeforeValidator(lambda value: {"ja": value} if isinstance(value, list) else value)
]
COLUMN_TYPES = {
    "int": int,
    "yen": int,
    "decimal": Decimal,
    "text": str,
    "code": str,
    "bool": bool,
    "date": dt.date,
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# choices


class Column(Part):
    """What every option of a list says besides its name, such as a fee."""

    type: Literal[tuple(COLUMN_TYPES)]
    label: Text | None = None
    optional: bool = False


class Option(BaseModel):
    """One option; other keys are values of the list's columns."""

    model_config = ConfigDict(extra="allow")

    key: Key
    label: Text
    help: Text | None = None
    words: Words = {}


class Group(Part):
    """Options under a heading."""

    group: Key
    label: Text
    options: list[Option]


def _form(value):
    return "group" if isinstance(value, dict) and "group" in value else "option"


class Choices(Header):
    """A list to choose from, with columns that expressions can look up."""

    kind: Literal["choices"]
    columns: dict[
        Key, Annotated[Column, BeforeValidator(lambda v: {"type": v} if isinstance(v, str) else v)]
    ] = {}
    options: list[
        Annotated[Annotated[Option, Tag("option")] | Annotated[Group, Tag("group")], Discriminator(_form)]
    ] = Field(min_length=1)


def compile_choices(model, resolver):
    """The bundle: `columns` {name: type}, `column_labels`, `groups`, and flat `options` with their typed
    values.

    Decimals and dates are text (exact, ISO), yen and int whole numbers; a value left out is None.
    """
    options, seen = [], set()
    for path, group, option in _flat(model):
        if option.key in seen:
            resolver.report(
                DefinitionFault(
                    (*path, "key"), f"「{option.key}」が2回あります。", "別の key にしてください。"
                )
            )
        seen.add(option.key)
        options.append(_option(model, option, group, path, resolver))
    return {
        "columns": {name: column.type for name, column in model.columns.items()},
        "column_labels": {name: _column_label(name, column) for name, column in model.columns.items()},
        "groups": [
            {"key": item.group, "label": item.label} for item in model.options if isinstance(item, Group)
        ],
        "options": options,
    }


def _flat(model):
    """(path, group key or None, option) for every option."""
    for index, item in enumerate(model.options):
        if isinstance(item, Group):
            for inner, option in enumerate(item.options):
                yield ("options", index, "options", inner), item.group, option
        else:
            yield ("options", index), None, item


def _option(model, option, group, path, resolver):
    bundle = {"key": option.key, "label": option.label}
    bundle |= {
        name: value
        for name, value in (("group", group), ("help", option.help), ("words", option.words))
        if value
    }
    values = option.model_extra or {}
    for name in values:
        if name not in model.columns:
            mend = suggest(
                name,
                (*model.columns, "label", "help", "words"),
                "columns に書き足すか、この行を消してください。",
            )
            resolver.report(DefinitionFault((*path, name), f"「{name}」という列はありません。", mend))
    for name, column in model.columns.items():
        bundle[name] = _value(values.get(name), column, (*path, name), option, resolver)
    return bundle


def _value(raw, column, path, option, resolver):
    if raw is None:
        if not column.optional:
            wanted = _column_label(path[-1], column)["ja"]
            words = f"「{option.label['ja']}」に「{wanted}」（{path[-1]}）がありません。"
            resolver.report(DefinitionFault(path, words, f"「{path[-1]}: …」を書いてください。"))
        return None
    try:
        value = TypeAdapter(COLUMN_TYPES[column.type]).validate_python(raw)
    except ValidationError as error:
        resolver.report(DefinitionFault(path, *pydantic_words({**error.errors()[0], "loc": path}, ())))
        return None
    return str(value) if isinstance(value, (Decimal, dt.date)) else value


def _column_label(name, column):
    return column.label or Text(ja=COLUMNS.get(name, name))


def choices_compat(old, new):
    """A key or column that is gone, or changed its type, breaks what refers to it."""
    before, after = {o["key"] for o in old["options"]}, {o["key"] for o in new["options"]}
    if before - after or any(new["columns"].get(name) != kind for name, kind in old["columns"].items()):
        return "breaking"
    return "additive" if after - before or set(new["columns"]) - set(old["columns"]) else "none"


# fragment


class Fragment(Header):
    """Fields that several forms share, such as the applicant."""

    kind: Literal["fragment"]
    fields: list[dict[str, Any]] = Field(min_length=1)


def compile_fragment(model, resolver):
    """The bundle: `fields`, checked by the model that the questions engine gave."""
    field = fragment_field()
    if field is None:
        return {"fields": model.fields}
    fields = []
    for index, raw in enumerate(model.fields):
        instance, faults = cast(field, raw)
        for fault in [*faults, *missing_languages(instance)] if instance else faults:
            resolver.report(
                DefinitionFault(("fields", index, *fault.path), fault.message, fault.mend, fault.level)
            )
        if instance:
            fields.append(instance.model_dump(mode="json", by_alias=True, exclude_unset=True))
    return {"fields": fields}


# calendar


class YearEnd(Part):
    """A closing that comes every year, from and to a day (MM-DD)."""

    first: str = Field(alias="from", pattern=r"^\d\d-\d\d$")
    last: str = Field(alias="to", pattern=r"^\d\d-\d\d$")

    @field_validator("first", "last")
    @classmethod
    def _a_day(cls, value):
        try:
            dt.date.fromisoformat(f"2000-{value}")
        except ValueError:
            raise DefinitionFault(
                (), f"「{value}」という日はありません。", "12-29 のように月と日を書いてください。"
            ) from None
        return value


class Closed(Part):
    """When the office is closed."""

    weekdays: list[Literal[WEEKDAYS]] = []
    holidays: bool = True
    year_end: YearEnd | None = None
    dates: list[dt.date] = []


class Calendar(Header):
    """The days on which an office works."""

    kind: Literal["calendar"]
    closed: Closed
    opened: list[dt.date] = []


def compile_calendar(model, resolver):
    """The bundle: `weekdays` (Monday 0), `holidays`, `year_end` [[month, day], [month, day]] or None, ISO
    dates.
    """
    closed, ends = model.closed, None
    if len(set(closed.weekdays)) == len(WEEKDAYS):
        resolver.report(
            DefinitionFault(
                ("closed", "weekdays"), "開いている曜日がありません。", "開く曜日を消してください。"
            )
        )
    if closed.year_end:
        days = (closed.year_end.first, closed.year_end.last)
        ends = [[int(part) for part in day.split("-")] for day in days]
    return {
        "weekdays": sorted({WEEKDAYS.index(day) for day in closed.weekdays}),
        "holidays": closed.holidays,
        "year_end": ends,
        "closed": sorted(day.isoformat() for day in closed.dates),
        "opened": sorted(day.isoformat() for day in model.opened),
    }


def office_days(bundle):
    """The ground's Calendar (is_open, add_business_days …) that a calendar bundle means."""
    return OfficeDays(
        closed=frozenset(map(dt.date.fromisoformat, bundle["closed"])),
        opened=frozenset(map(dt.date.fromisoformat, bundle["opened"])),
        weekdays=frozenset(bundle["weekdays"]),
        holidays=bundle["holidays"],
        year_end=tuple(map(tuple, bundle["year_end"])) if bundle["year_end"] else None,
    )


KINDS = (
    Kind("choices", Choices, compile_choices, compat=choices_compat, keys=lambda bundle: {}),
    Kind("fragment", Fragment, compile_fragment),
    Kind("calendar", Calendar, compile_calendar),
    Kind("city", City, compile_city),
)
