"""The survey sheet as a tree of groups, repeats and questions, each with its row; and the names expressions use."""

from dataclasses import dataclass, field

from .expressions import Known
from .words import key_of
from .workbook import FormRefused

TYPES = {
    "text": "text", "string": "text", "integer": "int", "int": "int", "decimal": "decimal", "date": "date",
    "select_one": "choice", "select_multiple": "choices", "note": "note", "geopoint": "point", "image": "file",
    "photo": "file", "file": "file", "calculate": "calculate", "acknowledge": "consent", "trigger": "consent",
    "range": "int", "barcode": "text", "phone number": "phone",
}  # fmt: skip
KINDS = {
    "text": "text", "phone": "text", "int": "int", "decimal": "decimal", "date": "date", "choice": "choice",
    "choices": "choices", "consent": "bool", "point": "point", "file": "file",
}  # fmt: skip
RECORDED = (
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
    "start-geopoint",
)  # fmt: skip
DEEPEST = 12


@dataclass
class Part:
    """One row of the survey: `sort` is field, group or repeat; `type` ours (None: we have no such type)."""

    row: object
    sort: str
    type: str | None
    said: str
    list_name: str = ""
    key: str = ""
    repeat: str = ""
    parts: list = field(default_factory=list)

    @property
    def name(self):
        return self.row.get("name")


def read_survey(rows):
    """(parts at the top, names {XLSForm name: Known}, [(row, old name, key)] of what got another name)."""
    root = Part(None, "group", "group", "")
    open_parts = [root]
    for row in rows:
        said = " ".join(row.get("type").lower().split())
        if not said:
            if row.get("name") or row.texts("label"):
                raise FormRefused(f"survey の{row.line}行目に type がありません。")
            continue
        _take(row, said, open_parts)
    if len(open_parts) > 1:
        raise FormRefused(
            f"survey の{open_parts[-1].row.line}行目で始まる「{open_parts[-1].said}」に、終わりの行がありません。"
        )
    names, renamed = {}, []
    _name(root.parts, "", names, renamed, set())
    return root.parts, names, renamed


def _take(row, said, open_parts):
    began, _space, what = said.replace("_", " ", 1).partition(" ")
    what = what.replace("_", " ")
    if began == "begin" and what in ("group", "repeat"):
        if len(open_parts) > DEEPEST:
            raise FormRefused(f"survey の{row.line}行目で、グループの入れ子が深すぎます（{DEEPEST}段まで）。")
        part = Part(row, what, what, said)
        open_parts[-1].parts.append(part)
        open_parts.append(part)
    elif began == "end" and what in ("group", "repeat"):
        if open_parts[-1].sort != what or len(open_parts) == 1:
            raise FormRefused(f"survey の{row.line}行目の「{said}」に、始まりの行がありません。")
        open_parts.pop()
    else:
        open_parts[-1].parts.append(_question(row, said))


def _question(row, said):
    base, _space, rest = said.partition(" ")
    if base in ("select_one", "select_multiple") and rest:
        return Part(row, "field", TYPES[base], said, _list_name(row))
    kind = TYPES.get(said)
    if kind == "text" and "multiline" in row.get("appearance").lower():
        kind = "longtext"
    return Part(row, "field", kind, said)


def _list_name(row):
    """The name of the list, in the letters of the sheet."""
    return row.get("type").split()[1]


def _name(parts, repeat, names, renamed, taken):
    """Give every part its key; write down what each name means to expressions."""
    for part in parts:
        part.repeat = repeat
        part.key = key_of(part.name, taken, "page" if part.sort == "group" else "q")
        taken.add(part.key)
        if part.name and part.key != part.name and part.sort != "group":
            renamed.append((part.row, part.name, part.key))
        kind = "repeat" if part.sort == "repeat" else KINDS.get(part.type, "none") if part.sort == "field" else "none"
        if part.name:
            names.setdefault(part.name, Known(part.key, "text" if part.type == "longtext" else kind, repeat))
        if part.sort != "field":
            _name(part.parts, part.key if part.sort == "repeat" else repeat, names, renamed, taken)
