"""From the bytes of an XLSForm to the source tree of a procedure, with a note of everything that has no place there."""

from dataclasses import dataclass
from pathlib import Path

from machi.engines.definitions.public import read_definition

from .field import Fields, together
from .survey import read_survey
from .words import key_of, option_key, tag_of, text_of
from .workbook import FormRefused, read

SKELETON = Path(__file__).parent / "skeleton.yaml"
CONTACT = ("name", "phone", "email")
READ_SETTINGS = ("form_title", "form_id", "default_language", "version", "id_string")


@dataclass(frozen=True)
class Note:
    """Something that could not be carried over as it was: where it stands, and in words what it was."""

    sheet: str
    line: int
    words: str


@dataclass(frozen=True)
class Imported:
    """The tree of the procedure, the code the form proposes, and the notes in the order of the sheets."""

    tree: dict
    code: str
    notes: list


def import_form(data, name):
    """The Imported of a workbook called `name`. Raises FormRefused."""
    sheets = read(data)
    return _Import(sheets, Path(name).stem).made()


class _Import:
    def __init__(self, sheets, name):
        self.sheets, self.notes, self.pages, self.all_fields = sheets, [], [], []
        self.settings = sheets["settings"][0] if sheets["settings"] else None
        self.title = self._setting("form_title") or name
        self.language = tag_of(self._setting("default_language") or "ja") or "ja"
        self.parts, self.names, self.renamed = read_survey(sheets["survey"])
        if not self.parts:
            raise FormRefused("survey シートに項目がありません。")
        self.fields = Fields(self.names, self._lists(), self.language, self.note)

    def note(self, row, words):
        self.notes.append(Note(row.sheet, row.line, words))

    def made(self):
        self.fields.count(_flat(self.parts))
        for part in self.parts:
            if part.sort == "group":
                self._group(part)
            else:
                self._fill(self._loose(), [part], [])
        for row, old, key in self.renamed:
            self.note(row, f"「{old}」の名前を「{key}」にしました（英小文字・数字・「_」で、二つとないもの）。")
        self._note_settings()
        notes = sorted(self.notes, key=lambda one: (one.sheet != "survey", one.sheet, one.line))
        code = f"forms.{key_of(self._setting('form_id') or self._setting('id_string') or 'new', (), 'form')}"
        return Imported(self._tree(code), code, notes)

    def _tree(self, code):
        tree, _faults = read_definition(SKELETON.read_text(encoding="utf-8"))
        asked = {field["key"] for field in self.all_fields}
        contact = {name: name for name in CONTACT if name in asked}
        fields, pages = self.all_fields, [page for page in self.pages if page["fields"]]
        if not contact:
            tree["uses"] = {"contact": "fragment/people.contact"}
            fields, contact = [*fields, {"use": "contact"}], {name: name for name in CONTACT}
            pages = [*pages, {"key": _free("contact", pages), "title": {"ja": "連絡先"}, "fields": [*CONTACT]}]
        order = ("machi", "kind", "code", "title", "owner", "door", "summary", "facts", "assurance", "contact_fields",
                 "uses", "fields", "pages", "flow", "retention")  # fmt: skip
        said = {**tree, "code": code, "title": {"ja": self.title}, "contact_fields": contact}
        said |= {"fields": fields, "pages": pages}
        return {name: said[name] for name in order if name in said}

    def _group(self, part):
        page = {"key": _free(part.key, self.pages), "title": self.fields.label(part), "fields": []}
        self.pages.append(page)
        if found := self.fields.condition(part):
            page["visible_if"] = found.text
        self.fields.rest(part)
        self._fill(page, part.parts, [])

    def _loose(self):
        """The page for what stands in no group: the last one, if it is such a page."""
        if not self.pages or not self.pages[-1].get("key", "").startswith("page_loose"):
            self.pages.append({"key": _free("page_loose", self.pages), "title": {"ja": self.title}, "fields": []})
        return self.pages[-1]

    def _fill(self, page, parts, conditions):
        for field in self._made(parts, conditions):
            self.all_fields.append(field)
            page["fields"].append(field["key"])

    def _made(self, parts, conditions):
        """The fields of `parts`; groups inside are dissolved, and their condition goes to each of their fields."""
        for part in parts:
            if part.sort == "field":
                if field := self.fields.field(part, conditions):
                    yield field
            elif part.sort == "group":
                yield from self._dissolved(part, conditions)
            elif field := self._repeat(part, conditions):
                yield field

    def _dissolved(self, part, conditions):
        found = self.fields.condition(part)
        words = text_of(part.row, "label", self.language)[0].get("ja", part.name)
        self.note(part.row, f"グループの中のグループ「{words}」は、一つのページにまとめました。")
        self.fields.rest(part)
        yield from self._made(part.parts, [*conditions, *([found] if found else [])])

    def _repeat(self, part, conditions):
        if part.repeat:
            for inner in _flat([part]):
                said = "、".join(f"{heading}={words}" for heading, words in inner.row.cells.items() if words)
                self.note(inner.row, f"くり返しの中のくり返しは置けません: {said}")
            return None
        found = self.fields.condition(part)
        field = {"key": part.key, "type": "repeat", "label": self.fields.label(part)}
        if asked := together([*conditions, *([found] if found else [])]):
            field["visible_if"] = asked
        self.fields.rest(part)
        field["fields"] = list(self._made(part.parts, []))
        if not field["fields"]:
            self.note(part.row, "中の項目を一つも引き継げなかったので、このくり返しは置きません。")
            return None
        return field

    def _lists(self):
        """{list name: [(XLSForm name, key, label)]}; every list that is used must be there."""
        lists = {}
        for row in self.sheets["choices"]:
            named = row.get("list_name") or row.get("list name")
            options = lists.setdefault(named, [])
            key = option_key(row.get("name"), {key for _name, key, _label in options})
            label = text_of(row, "label", self.language)[0] or {"ja": row.get("name") or key}
            options.append((row.get("name"), key, label))
            self._note_option(row, key)
        for part in _flat(self.parts):
            if part.list_name and part.list_name not in lists:
                line, name = part.row.line, part.list_name
                raise FormRefused(f"survey の{line}行目が使う選択肢「{name}」が、choices シートにありません。")
        return lists

    def _note_option(self, row, key):
        if row.get("name") != key:
            self.note(row, f"選択肢「{row.get('name')}」の名前を「{key}」にしました。")
        for heading, words in row.cells.items():
            name, _colons, language = heading.partition("::")
            ours = name in ("list_name", "list name", "name", "label") and (not language or tag_of(language))
            if words and not ours:
                self.note(row, f"「{heading}」は引き継げません: {words}")

    def _setting(self, name):
        return self.settings.get(name) if self.settings else ""

    def _note_settings(self):
        for heading, words in (self.settings.cells if self.settings else {}).items():
            if words and heading not in READ_SETTINGS:
                self.note(self.settings, f"「{heading}」は引き継げません: {words}")


def _flat(parts):
    for part in parts:
        yield part
        yield from _flat(part.parts)


def _free(key, pages):
    return key_of(key, {page["key"] for page in pages}, "page")
