"""Fields as the page shows them: one FieldView each, drawn by templates/questions/fields.html with the ui
components.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.engines.files import public as files_engine
from machi.engines.questions.rows import control_id
from machi.engines.questions.types.choices import account_value, slot_value
from machi.ground.languages import pick

FEW = 8  # so many choices stand as radio buttons, more in a list
COMPONENTS = {
    "text": "text", "name": "text", "kana": "text", "code": "text", "postal": "text", "longtext": "textarea",
    "email": "email", "phone": "tel", "int": "number", "decimal": "number", "yen": "number", "date": "date",
    "consent": "consent", "choices": "checkboxes", "file": "file", "point": "place", "slot": "slots",
    "hours": "hours", "account": "radios", "repeat": "repeat", "note": "note",
}  # fmt: skip
AUTOCOMPLETE = {"name": "name", "postal": "postal-code"}
FILE_TYPES = {
    "image": "image/*",
    "pdf": "application/pdf",
    "office": ".docx,.xlsx,.pptx",
}


@dataclass
class RowView:
    """One row of a repeat: its heading, its fields, and the value of the button that takes it away ("" for
    none).
    """

    id: str
    title: str
    fields: list
    remove: str


@dataclass
class FieldView:
    """One field as it is drawn. `component` names the ui component; `value` is what its boxes hold, typed or
    stored.
    """

    path: str
    id: str
    component: str
    label: str
    hint: str
    value: object
    error: str = ""
    warning: str = ""
    required: bool = False
    asked: bool = True
    options: list = field(default_factory=list)
    files: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    attrs: dict = field(default_factory=dict)
    autocomplete: str = ""
    longest: int | None = None
    unit: str = ""
    max_mb: int = 0
    multiple: bool = False
    full: bool = False
    add_label: str = ""
    accept: str = ""
    note: str = ""
    free: object = None
    birthday: bool = False


@dataclass(frozen=True)
class Showing:
    """What a page shows beside the answers.

    errors: path → sentence; slots: key → offered days (bookings.Free: slot_id, day, starts, left); accounts: key →
    offered accounts (code, of, whole, title, left: in words); hours: key → what is free on a day; notes: path →
    sentence; deciding: keys of fields that change what the page offers, besides those the form knows of; owner: whose
    files are shown; file_url: FileLink → the address where it can be seen.
    """

    errors: dict = field(default_factory=dict)
    slots: dict = field(default_factory=dict)
    accounts: dict = field(default_factory=dict)
    hours: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)
    deciding: frozenset = frozenset()
    owner: str = ""
    file_url: Callable | None = None


def fields_for(form, page_key, sheet, *, language, only=None, **showing):
    """The visible fields of a page as FieldViews, with what was typed.

    only: the keys to show, where it is not a page of the form (then page_key is None). showing: the fields
    of Showing (errors, slots, owner, file_url).
    """
    with override(language):
        painter = _Painter(form, sheet, language, Showing(**showing))
        keys = only or form.page_fields(page_key)
        return [painter.paint(form.questions[key], key) for key in keys if sheet.is_visible(key)]


class _Painter:
    def __init__(self, form, sheet, language, showing):
        self.form, self.sheet, self.language, self.showing = form, sheet, language, showing
        self.used = {*form.used_outside(), *showing.deciding}

    def paint(self, question, path):
        """One field with everything it needs to be drawn."""
        said = question.field
        view = FieldView(
            path=path,
            id=control_id(path),
            component=self.component(question),
            label=question.label(self.language),
            hint=self.hint(question),
            value=self.value(question, path),
            error=self.showing.errors.get(path, ""),
            warning=self.sheet.warnings.get(path, ""),
            note=self.showing.notes.get(path, ""),
            required=self.sheet.is_required(path),
            asked=question.asks,
            autocomplete=said.autocomplete or AUTOCOMPLETE.get(said.type, ""),
            longest=said.max_length or getattr(question.type, "longest", None),
            unit=_("円") if said.type == "yen" else "",
            birthday=said.prefill == "birth" or said.autocomplete == "bday",
        )
        if question.asks and (question.key in self.used or said.type in ("file", "account")):
            view.attrs = {"data-decides": True}
        self.more(question, path, view)
        return view

    def component(self, question):
        kind = question.field.type
        if question.field.calc:
            return "sum" if kind == "yen" else "output"
        if kind == "choice":
            return "radios" if len(question.options) <= FEW else "select"
        if kind == "account" and len(self.showing.accounts.get(question.key, ())) > FEW:
            return "select"
        if kind == "bool":
            return "yes_no" if question.field.required else "tick"
        if kind == "address":
            return "address_town" if question.options else "address"
        return COMPONENTS[kind]

    def hint(self, question):
        help_text, example = (
            pick(text, self.language) for text in (question.field.help, question.field.example)
        )
        example = _("例：%(example)s") % {"example": example} if example else ""
        return " ".join(part for part in (help_text, example) if part)

    def value(self, question, path):
        """What the boxes hold: as typed where it could not be read, else the stored answer; sums in words."""
        if question.field.type in ("repeat", "note", "file"):
            return None
        value = self.sheet.value(path)
        if question.field.calc:
            plain = question.field.type == "yen" or value is None
            return value if plain else question.type.show(question, value, self.language)
        boxes = self.kept(question, path) or question.type.boxes(
            question, question.type.store(value), self.language
        )
        return boxes if question.type.box_names != ("",) else boxes[""]

    def kept(self, question, path):
        """The boxes as typed, where they could not be read."""
        said = self.sheet.typed.get(path)
        if not isinstance(said, dict):
            return None
        texts = {
            name: [text for text in said.get(name) or () if isinstance(text, str)]
            for name in question.type.box_names
        }
        many = question.field.type == "choices"
        return {name: found if many else next(iter(found), "") for name, found in texts.items()}

    def more(self, question, path, view):
        """What only some types have."""
        kind = question.field.type
        if kind == "repeat":
            self.add_rows(question, view)
        elif kind == "file":
            self.add_files(question, path, view)
        elif kind == "slot":
            view.options = [self.day(slot) for slot in self.showing.slots.get(question.key, ())]
        elif kind == "account":
            view.options = self.accounts(question, in_list=view.component == "select")
        elif kind == "hours":
            view.options, view.free = self.options(question), self.showing.hours.get(question.key)
            view.attrs = {"data-decides": True}
        elif question.options:
            view.options = self.options(question)

    def options(self, question):
        table = self.form.bundle["tables"].get(question.field.from_ or "", {})
        groups = {group["key"]: pick(group["label"], self.language) for group in table.get("groups", ())}
        return [
            {
                "value": key,
                "label": pick(option["label"], self.language),
                "hint": pick(option.get("help"), self.language),
                "group": groups.get(option.get("group"), ""),
            }
            for key, option in question.options.items()
        ]

    def accounts(self, question, *, in_list):
        """The offered accounts, each with what is left of it."""
        offered = self.showing.accounts.get(question.key, ())
        return [
            {
                "value": account_value(one.code, one.of, one.whole, one.title),
                "label": f"{one.title}（{one.left}）" if in_list else one.title,
                "hint": one.left,
            }
            for one in offered
        ]

    def day(self, slot):
        time = slot.starts.isoformat("minutes") if slot.starts else ""
        value = slot_value(slot.slot_id, slot.day.isoformat(), time)
        return {"value": value, "day": slot.day, "left": slot.left, "time": time}

    def add_files(self, question, path, view):
        said = question.field
        ids = self.sheet.value(path) or []
        found = {str(link.id): link for link in files_engine.links(self.showing.owner)} if ids else {}
        view.files = [self.file(found[link]) for link in ids if link in found]
        view.multiple = said.max_files > 1
        view.full = view.multiple and len(view.files) >= said.max_files
        view.max_mb = said.max_mb
        view.accept = ",".join(FILE_TYPES[kind] for kind in said.accept)

    def file(self, link):
        href = self.showing.file_url(link) if self.showing.file_url else ""
        return {
            "name": link.name,
            "size": link.blob.size,
            "mime": link.blob.mime,
            "href": href,
            "thumb": f"{href}?size=160" if href and link.is_image else "",
            "remove": f"drop:{link.id}",
        }

    def add_rows(self, question, view):
        rows = self.sheet.values.get(question.key) or []
        title = pick(question.field.title or question.field.label, self.language)
        view.add_label = _("「%(title)s」を追加する") % {"title": title}
        view.full = len(rows) >= question.most
        least = max(question.least or 0, 1 if question.field.required else 0)
        for number, row in enumerate(rows, 1):
            inside = f"{question.key}.{row['_id']}"
            heading = _("%(title)s %(number)s") % {"title": title, "number": number}
            shown = [child for child in question.children if self.sheet.is_visible(f"{inside}.{child.key}")]
            fields = [self.paint(child, f"{inside}.{child.key}") for child in shown]
            remove = f"remove:{question.key}:{row['_id']}" if len(rows) > least else ""
            view.rows.append(RowView(row["_id"], heading, fields, remove))
