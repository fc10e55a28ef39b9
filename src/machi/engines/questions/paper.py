"""A form as paper shows it, in plain data: to be filled in by hand, or filled in already. Setting it is the documents
engine's.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.ground.languages import pick

MOST_TICKS = 30  # more choices do not stand on paper: one writes the choice
BLANK_ROWS = 2  # of a repeat, where the form asks for no more
LINES = {"longtext": 4}
KINDS = {
    "longtext": "lines", "postal": "postal", "address": "address", "date": "date", "bool": "ticks",
    "consent": "agree", "choice": "ticks", "choices": "ticks", "file": "file", "point": "lines", "note": "note",
}  # fmt: skip


def on_paper(form, *, language, sheet=None):
    """The pages of a form: [{"title", "gloss", "items"}], Japanese with a gloss in `language`.

    Without a `sheet` all questions, to be written by hand; with one those that were asked, with their answers.
    """
    with override("ja"):
        return _Writer(form, language, sheet).pages()


class _Writer:
    def __init__(self, form, language, sheet):
        self.form, self.sheet = form, sheet
        self.language = "" if language in ("ja", "ja-easy") else language

    def pages(self):
        keys = self.sheet.pages if self.sheet else [page.key for page in self.form.pages if not page.later]
        pages = [self.page(page) for page in self.form.pages if page.key in keys]
        return [page for page in pages if page["items"]]

    def page(self, page):
        items = [one for key in page.fields for one in self.of(self.form.questions[key], key)]
        return {**self.words("title", page.title), "items": items}

    def words(self, name, text):
        """A text in Japanese, and beside it in the reader's language where that says something else."""
        japanese = pick(text, "ja")
        gloss = pick(text, self.language) if self.language and text else ""
        return {name: japanese, "gloss": gloss if gloss != japanese else ""}

    def of(self, question, path):
        """The items of one field: one, or for a repeat one heading and its fields for each row."""
        if self.sheet and not self.sheet.is_visible(path):
            return []
        if not self.sheet and question.field.calc:
            return []
        if question.children:
            return [one for number, row in enumerate(self.rows(question), 1) for one in self.row(question, number, row)]
        return [self.item(question, self.sheet.values.get(path) if self.sheet else None)]

    def rows(self, question):
        if self.sheet:
            return self.sheet.values.get(question.key) or []
        return [None] * min(max(question.least or 0, BLANK_ROWS), question.most)

    def row(self, question, number, row):
        said = self.words("label", question.field.title or question.field.label)
        yield {**said, "kind": "heading", "number": number}
        for child in question.children:
            path = f"{question.key}.{row['_id']}.{child.key}" if row else child.key
            if not (row and not self.sheet.is_visible(path)) and not (child.field.calc and not row):
                yield self.item(child, row.get(child.key) if row else None)

    def item(self, question, value):
        said, kind = question.field, self.kind(question)
        return {
            **self.words("label", said.label),
            "kind": kind,
            "hint": pick(said.help, "ja") if kind in ("note", "agree") else "",
            "need": said.required,
            "maybe": not self.sheet and bool(said.visible_if or said.required_if),
            "many": said.type == "choices",
            "lines": LINES.get(said.type, 2),
            "unit": _("円") if said.type == "yen" else "",
            "options": self.options(question, value) if kind == "ticks" else [],
            "filled": self.sheet is not None,
            "on": value is True,
            "value": self.value(question, value, kind),
        }

    def kind(self, question):
        many = len(question.options) > MOST_TICKS
        return "line" if many or (question.field.calc and question.field.type != "note") else KINDS.get(
            question.field.type, "line"
        )  # fmt: skip

    def options(self, question, value):
        if question.field.type == "bool":
            both = ((_("はい"), True), (_("いいえ"), False))
            return [{"label": word, "gloss": "", "on": value is yes} for word, yes in both]
        chosen = value if isinstance(value, list) else [value]
        return [
            {**self.words("label", option["label"]), "on": key in chosen} for key, option in question.options.items()
        ]

    def value(self, question, value, kind):
        if value is None or value == [] or kind in ("ticks", "agree", "note"):
            return None
        if question.field.type == "file":
            return str(len(value))
        return question.type.show(question, value, "ja")
