"""What the expressions of a form know: the types of names, the columns of tables, and their values."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from machi.engines.questions.question import table_options
from machi.ground.expr import check, parse


@lru_cache(maxsize=4096)
def parsed(text):
    """The tree of an expression. Raises ExprError."""
    return parse(text)


def needs_of(question):
    """The nodes that a field always stands behind: its page's condition, its repeat's opening."""
    if question.parent:
        return {f"{question.parent.path}#"}
    return {f"page:{question.page.key}"} if question.page else set()


class TypeTable:
    """The types of names, learnt in dependency order. `known` is dotted name → type text of the fields so
    far.
    """

    def __init__(self, questions, settings, tables):
        self.known = {f"$settings.{name}": _setting_type(value) for name, value in settings.items()}
        self.columns = {name: column_types(table) for name, table in tables.items()}
        self.rows = {question.path: {} for question in questions.values() if question.field.type == "repeat"}

    def scope(self, question):
        """The names that an expression on `question` may use: the form's, and inside a repeat the row's."""
        return {**self.known, **self.rows[question.parent.path]} if question.parent else self.known

    def learn(self, question, *, blank):
        """Adds the type of `question`. A field that people may leave open, or that may be hidden, may be
        blank.
        """
        if question.field.type == "note":
            return
        if question.field.type == "repeat":
            inside = ",".join(f"{key}:{said}" for key, said in self.rows[question.path].items())
            self.known[question.key] = f"list<row{{{inside}}}>" if inside else "list<text>"
            return
        said = question.type.type_text(question) + ("?" if blank or may_be_blank(question) else "")
        if question.parent:
            self.rows[question.parent.path][question.key] = said
        else:
            self.known[question.key] = said


def may_be_blank(question):
    """Whether a complete form may lack this value."""
    field = question.field
    hidden = field.visible_if or (question.page and (question.page.visible_if or question.page.later))
    always = field.required or field.calc or field.type in ("bool", "consent")
    return bool(hidden) or not always


def column_types(table):
    """Column → type text of a `choices` bundle; a column that an option leaves out may be blank."""
    columns = {name: "text" if said == "code" else said for name, said in table.get("columns", {}).items()}
    options = table_options(table)
    return {
        name: said
        if said.endswith("?") or all(option.get(name) not in (None, "") for option in options)
        else f"{said}?"
        for name, said in columns.items()
    }


def table_values(table):
    """Key → column → value of a `choices` bundle, for lookups."""
    columns = table.get("columns", {})
    return {
        option["key"]: {name: _column_value(option.get(name), said) for name, said in columns.items()}
        for option in table_options(table)
    }


def _column_value(said, type_text):
    if said is None or said == "":
        return None
    kind = type_text.removesuffix("?")
    if kind in ("int", "yen"):
        return int(said)
    if kind == "decimal":
        return Decimal(str(said))
    if kind == "date":
        return dt.date.fromisoformat(said)
    if kind == "bool":
        return said if isinstance(said, bool) else said == "true"
    return str(said)


def _setting_type(value):
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "text"


def form_types(form):
    """The names that an expression outside the form may use, with their types: {"total": "yen", "lines":
    "list<…>"}.
    """
    types = TypeTable(form.questions, form.bundle["settings"], form.bundle["tables"])
    for node in form.order:
        if node in form.questions:
            question = form.questions[node]
            calc = question.field.calc
            blank = bool(calc) and check(parsed(calc), types.scope(question), types.columns).blank
            types.learn(question, blank=blank)
    return types.known
