"""The kind of definition that says which city this is."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from machi.ground.languages import TAGS

from .define import DefinitionFault, Header, Part, Text


class Centre(Part):
    """Where the city's map opens: WGS 84 degrees and a zoom of web maps."""

    lat: float = Field(ge=20, le=46)
    lng: float = Field(ge=122, le=154)
    zoom: float = Field(default=12, ge=1, le=20)


class Link(Part):
    """A link for emergencies."""

    label: Text
    url: str = Field(pattern=r"^https?://|^tel:")


class City(Header):
    """The city this installation belongs to. `code` is its 団体コード, six digits with the check digit."""

    kind: Literal["city"]
    code: str = Field(pattern=r"^\d{6}$")
    name: Text
    title: Text
    prefecture: Text
    colour: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    accent: Literal["cyan", "blue", "light-blue", "green", "purple", "magenta"] = "cyan"
    languages: list[Literal[TAGS]] = Field(min_length=1)
    phone: str
    mail: str = ""
    site: str = ""
    postal: str = Field(pattern=r"^\d{3}-\d{4}$")
    address: Text
    hours: Text
    centre: Centre
    calendar: str = ""
    links: list[Link] = []

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data):
        return (
            {**data, "title": data["name"]}
            if isinstance(data, dict) and "name" in data and "title" not in data
            else data
        )

    @field_validator("code")
    @classmethod
    def _check_digit(cls, code):
        if code[5] != check_digit(code[:5]):
            raise DefinitionFault(
                (), f"団体コード「{code}」の検査数字が合いません。", "総務省の6桁のコードを確かめてください。"
            )
        return code

    @field_validator("colour")
    @classmethod
    def _readable(cls, colour):
        if (ratio := contrast_on_white(colour)) < 4.5:
            words = f"色 {colour} は白の上で読みにくい色です（明るさの比 {ratio:.1f}）。"
            raise DefinitionFault(
                (), words, "比が 4.5 以上になる、もっと濃い色にしてください（JIS X 8341-3）。"
            )
        return colour


def compile_city(model, resolver):
    """The bundle: the model as it is; the calendar named is part of the lock."""
    if model.calendar:
        resolver.get(model.calendar, ("calendar",))
    return model.model_dump(mode="json")


def check_digit(five):
    """The check digit of a 団体コード: weights 6 to 2, modulo 11 (総務省「全国地方公共団体コード仕様」)."""
    total = sum(int(digit) * weight for digit, weight in zip(five, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10) if total >= 11 else str(11 - total)


def contrast_on_white(colour):
    """The contrast ratio (WCAG 2.2, 1 to 21) of a colour "#rrggbb" and white."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
