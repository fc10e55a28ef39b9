"""The evaluation of a form: one pass in dependency order, a pure function of the answers.

A hidden field is blank to every expression, kept in the draft and left out of what is submitted; so there is
no clearing on hide and no loop. Any JSON may come as answers: what a type cannot hold is blank and noted as
an error.
"""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.engines.questions.rows import rows_of
from machi.engines.questions.types import Wrong
from machi.ground.expr import Context, FuelSpent
from machi.ground.languages import pick


class Sheet:
    """A filled form, evaluated.

    `values` key → typed value (None where hidden or blank; a repeat is a list of rows with `_id`); `errors`
    and `warnings` path → sentence in the active language, in the order of the form; `pages` the keys of the
    pages that are shown; `typed` path → boxes, what was typed and could not be read.
    """

    def __init__(self, form):
        self.form, self.values = form, {}
        self.errors, self.warnings, self.pages = {}, {}, []
        self.typed, self.broken, self.visible, self.required = {}, {}, {}, set()

    def is_visible(self, path):
        """Whether the field at `path` is shown."""
        return self.visible.get(path, False)

    def is_required(self, path):
        """Whether the visible field at `path` must be filled."""
        return path in self.required

    def page_errors(self, page_key):
        """The errors of the fields on one page, by path."""
        keys = set(self.form.page_fields(page_key))
        return {path: message for path, message in self.errors.items() if path.split(".")[0] in keys}

    def value(self, path):
        """The typed value at `path` (`lines.r1.item`), None when blank or unknown."""
        key, _dot, rest = path.partition(".")
        if not rest:
            return self.values.get(key)
        row_id, _dot, child = rest.partition(".")
        return next((row.get(child) for row in self.values.get(key) or () if row["_id"] == row_id), None)

    def stored(self):
        """The answers as they are submitted: JSON without what is hidden or blank, with what is counted."""
        return {
            question.key: _stored(question, self.values[question.key])
            for question in self.form.fields
            if self.values.get(question.key) is not None
        }


def _stored(question, value):
    if question.field.type != "repeat":
        return question.type.store(value)
    children = {child.key: child.type for child in question.children}
    return [
        {
            "_id": row["_id"],
            **{key: kind.store(row[key]) for key, kind in children.items() if row.get(key) is not None},
        }
        for row in value
    ]


def evaluate(form, answers, *, today, context=None, asked=()):
    """The Sheet of `answers`; see Form.evaluate."""
    context = replace(context, today=today, tables={**context.tables, **form.tables}) if context else None
    run = _Evaluation(form, answers, context or Context(today=today, tables=form.tables), asked)
    for node in form.order:
        run.visit(node)
    run.judge()
    return run.sheet


class _Evaluation:
    def __init__(self, form, answers, context, asked):
        self.form, self.context, self.sheet, self.asked = form, context, Sheet(form), asked
        self.answers = answers if isinstance(answers, dict) else {}
        typed = self.answers.get("_typed")
        self.typed = self.sheet.typed = typed if isinstance(typed, dict) else {}
        self.language = get_language() or "ja"
        self.shown_pages, self.open_repeats, self.sources = {}, {}, {}
        self.base = dict(form.settings)

    # Values, in dependency order

    def visit(self, node):
        """Settles one node of the graph."""
        if node.startswith("page:"):
            key = node.removeprefix("page:")
            come = self.has_come(self.form.pages_by_key[key])
            self.shown_pages[key] = come and self.holds(self.form.page_conditions[key], self.base, default=True)
        elif node.endswith("#"):
            self.open_repeat(self.form.questions[node.removesuffix("#")])
        else:
            question = self.form.questions[node]
            if question.parent:
                self.visit_rows(question)
            elif question.field.type == "repeat":
                self.base[question.key] = self.sheet.values[question.key] = self.open_repeats[question.key]
            else:
                self.base[question.key] = self.sheet.values[question.key] = self.settle(
                    question, question.key, self.answers, self.base, self.on_shown_page(question)
                )

    def has_come(self, page):
        """Whether a page that is asked later is asked now, or was answered."""
        return not page.later or any(key in self.asked or key in self.answers for key in page.fields)

    def on_shown_page(self, question):
        return question.page is None or self.shown_pages[question.page.key]

    def open_repeat(self, question):
        """The rows of a repeat, still without values; None when it is hidden."""
        shown = self.on_shown_page(question) and self.holds(question.visible_if, self.base, default=True)
        self.sheet.visible[question.key] = shown
        rows = rows_of(question, self.answers.get(question.key)) if shown else None
        self.sources[question.key] = rows
        self.open_repeats[question.key] = None if rows is None else [{"_id": row["_id"]} for row in rows]

    def visit_rows(self, question):
        parent = question.parent.key
        for row, source in zip(self.open_repeats[parent] or (), self.sources[parent] or (), strict=True):
            path = f"{parent}.{row['_id']}.{question.key}"
            row[question.key] = self.settle(question, path, source, {**self.base, **row}, shown=True)

    def settle(self, question, path, source, scope, shown):
        """The value of one field at one place, None when hidden, blank or unreadable."""
        shown = shown and self.holds(question.visible_if, scope, default=True)
        self.sheet.visible[path] = shown
        if not shown or question.field.type == "note":
            return None
        if question.calc:
            return self.calculate(question, path, scope)
        try:
            return question.type.cast(question, self.answer(question, path, source))
        except Wrong as wrong:
            self.sheet.broken[path] = wrong
            return None

    def answer(self, question, path, source):
        """The stored answer, or what was typed and could not be read then."""
        boxes = self.typed.get(path)
        if not isinstance(boxes, dict):
            return source.get(question.key)
        texts = {
            name: [text for text in said if isinstance(text, str)]
            for name, said in boxes.items()
            if isinstance(said, list)
        }
        return question.type.read(question, texts)

    def calculate(self, question, path, scope):
        try:
            value = question.calc(scope, self.context)
        except FuelSpent:
            self.sheet.broken[path] = Wrong(
                _("「%(label)s」を計算できません。入力した数や日付を確かめてください。")
            )
            return None
        return Decimal(value) if question.field.type == "decimal" and value is not None else value

    def holds(self, condition, scope, *, default):
        """Whether a condition holds; one that needs too much fuel does not."""
        if condition is None:
            return default
        try:
            return condition(scope, self.context) is True
        except FuelSpent:
            return False

    # Errors, in the order of the form

    def judge(self):
        """Fills pages, required fields, errors and warnings."""
        for question in self._in_page_order():
            if not self.sheet.is_visible(question.key):
                continue
            self.judge_one(question, question.key, self.base, question.label(self.language))
            for number, row in enumerate(self.open_repeats.get(question.key) or (), 1):
                self.judge_row(question, number, row)
        self.sheet.pages = [page.key for page in self.form.pages if self.is_shown(page)]

    def _in_page_order(self):
        placed = [key for page in self.form.pages for key in page.fields]
        rest = [question.key for question in self.form.fields if question.key not in set(placed)]
        return [self.form.questions[key] for key in (*placed, *rest)]

    def is_shown(self, page):
        """A page without anything to see is skipped."""
        return self.shown_pages[page.key] and any(self.sheet.is_visible(key) for key in page.fields)

    def judge_row(self, question, number, row):
        scope = {**self.base, **row}
        words = {
            "repeat": pick(question.field.title or question.field.label, self.language),
            "number": number,
        }
        for child in question.children:
            path = f"{question.key}.{row['_id']}.{child.key}"
            if self.sheet.is_visible(path):
                label = _("%(repeat)s %(number)s：%(label)s") % {**words, "label": child.label(self.language)}
                self.judge_one(child, path, scope, label)

    def judge_one(self, question, path, scope, label):
        if self.must_have(question, scope):
            self.sheet.required.add(path)
        try:
            self.check_value(question, path, scope)
            self.check_conditions(question, path, scope)
        except Wrong as wrong:
            self.sheet.errors[path] = wrong.say(label)

    def must_have(self, question, scope):
        if not question.asks:
            return False
        return (
            question.field.required
            or question.field.type == "consent"
            or self.holds(question.required_if, scope, default=False)
        )

    def check_value(self, question, path, scope):
        if path in self.sheet.broken:
            raise self.sheet.broken[path]
        value = scope.get(question.key)
        if value is None or (value == [] and not question.least):
            if path in self.sheet.required:
                raise Wrong(question.type.missing)
        elif question.asks:
            question.type.check(question, value, self.context.today)

    def check_conditions(self, question, path, scope):
        for condition in question.conditions:
            try:
                wrong = condition.holds(scope, self.context) is True
            except FuelSpent:
                raise Wrong(
                    _("「%(label)s」を確かめられません。入力した数や日付を見直してください。")
                ) from None
            if wrong:
                words = pick(condition.words, self.language).replace("%", "%%")
                if condition.level == "error":
                    raise Wrong(words)
                self.sheet.warnings.setdefault(path, words.replace("%%", "%"))
