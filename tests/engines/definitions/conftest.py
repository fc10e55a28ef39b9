"""A small kind of definition of our own, and a folder of files that are all well."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from machi.engines.definitions import define, public
from machi.engines.definitions.define import DefinitionFault, Header, Kind, Text

ITEMS = """\
machi: 1
kind: choices
code: waste.items
title: {ja: 粗大ごみの品目, ja-easy: 大きな ごみ, en: Items, pt-BR: Itens, es: Objetos, zh-Hans: 物品}
audience: staff
columns:
  fee: yen
  weight: {type: int, label: 点数}
options:
  - {key: sofa, label: ソファ, words: [そふぁ, カウチ], fee: 800, weight: 3}
  - {key: chair, label: {ja: いす, en: Chair}, fee: 400, weight: 1}
"""
FORM = """\
machi: 1
kind: slip
code: waste.pickup
title: 粗大ごみの申込み
owner: waste
audience: staff
uses: {items: choices/waste.items}
settings:
  pay_days: {type: int, value: 3, label: 支払いの日数}
fields:
  - {key: place, type: point, label: 出す場所, required: true}
  - key: lines
    type: repeat
    label: 品目
    fields:
      - {key: item, type: choice, label: 品名}
      - {key: photo, type: file, label: 写真}
  - {key: note, type: text, label: {ja: 備考}, max: 100}
pages:
  - {key: where, title: 場所, fields: [place]}
  - {key: what, title: 品物, fields: [lines, note]}
flow:
  steps:
    check: {title: 審査, due: P3BD}
    collect: {title: 収集, due: P1D}
tests:
  - {name: ソファは800円, item: sofa, fee: 800}
"""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SlipField(Part):
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: Literal["text", "longtext", "int", "decimal", "yen", "point", "repeat", "choice", "file"]
    label: Text
    help: Text | None = None
    required: bool = False
    max: int | None = None
    fields: list["SlipField"] = []


class SlipPage(Part):
    key: str
    title: Text
    fields: list[str]


class Slip(Header):
    kind: Literal["slip"]
    uses: dict[str, str] = {}
    settings: dict[str, dict[str, Any]] = {}
    fields: list[SlipField]
    pages: list[SlipPage]
    flow: dict[str, dict[str, dict[str, Any]]] = {}
    ink: str = ""
    template: str = ""
    tests: list[dict[str, str]] = []


def compile_slip(model, resolver):
    keys = {field.key for field in model.fields}
    for index, page in enumerate(model.pages):
        for inner, name in enumerate(page.fields):
            if name not in keys:
                raise DefinitionFault(
                    ("pages", index, "fields", inner),
                    f"「{name}」という項目はありません。",
                    "fields にある key を書いてください。",
                )
    if model.ink == "crash":
        raise KeyError("a bug in an engine")
    template = resolver.read(model.template) if model.template else ""
    tables = {name: resolver.get(reference) for name, reference in model.uses.items()}
    return {**model.model_dump(mode="json"), "tables": tables, "template": template}


def run_slip(bundle):
    fees = {
        option["key"]: str(option["fee"])
        for table in bundle["tables"].values()
        for option in table.get("options", ())
    }
    return [
        DefinitionFault(
            ("tests", index),
            f"「{test['name']}」: {fees.get(test['item'])} になりました。",
            "料金を確かめてください。",
        )
        for index, test in enumerate(bundle["tests"])
        if fees.get(test["item"]) != test["fee"]
    ]


SLIP = Kind("slip", Slip, compile_slip, run_slip)


@pytest.fixture(autouse=True)
def _kinds():
    """Our kind is known during these tests only; nothing is remembered between them."""
    kinds, field = dict(define.KINDS), list(define._fragment_field)
    define._fragment_field[:] = []
    define.register(SLIP)
    public.forget()
    yield
    define.KINDS.clear()
    define.KINDS.update(kinds)
    define._fragment_field[:] = field
    public.forget()


class Folder:
    """Two folders of definitions: `package` and `city`."""

    def __init__(self, root):
        self.package, self.city = root / "package", root / "city"
        self.package.mkdir()
        self.city.mkdir()
        self.folders = [self.package, self.city]

    def write(self, text, name="waste/slips/pickup.yaml", home="package"):
        path = getattr(self, home) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def overlay(self, text, name="waste/slips/pickup.yaml"):
        return self.write(f"machi: 1\nkind: overlay\nbase: slip/waste.pickup\n{text}", name, home="city")

    def check(self):
        return public.check(self.folders)

    def errors(self):
        return [fault for fault in self.check() if fault.level == "error"]


@pytest.fixture
def folder(tmp_path):
    """The good definitions, ready to be spoilt."""
    made = Folder(tmp_path)
    made.write(ITEMS, "waste/choices/items.yaml")
    made.write(FORM)
    return made
