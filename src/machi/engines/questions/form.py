"""A form at work: its bundle with every expression compiled, made once for each version."""

import re
from dataclasses import dataclass
from functools import lru_cache

from machi.engines.questions import logic
from machi.engines.questions.define import Field, Page
from machi.engines.questions.logic import parsed, table_values
from machi.engines.questions.question import Question, option_table
from machi.engines.questions.rules import evaluate
from machi.ground import expr
from machi.ground.languages import pick


@dataclass(frozen=True)
class Condition:
    """One `validate` line: wrong when `holds`."""

    holds: object
    words: dict
    level: str


@dataclass(frozen=True)
class PageView:
    """A page in one language."""

    key: str
    title: str
    intro: str


class Form:
    """A compiled form.

    `fields` are its questions in order, `questions` all of them by path, `pages` its Pages; `settings`
    ("$settings.x" → value) and `tables` (table → key → column → value) are what its expressions see beside
    the answers.
    """

    def __init__(self, bundle):
        self.bundle = bundle
        self.settings = {f"$settings.{name}": value for name, value in bundle["settings"].items()}
        self.tables = {name: table_values(table) for name, table in bundle["tables"].items()}
        self.questions, self.order = {}, bundle["order"]
        self.pages = [Page.model_validate(page) for page in bundle["pages"]]
        self.page_conditions = {page.key: _compiled(page.visible_if) for page in self.pages}
        self.fields = [self._question(Field.model_validate(said), None) for said in bundle["fields"]]
        self.pages_by_key = {page.key: page for page in self.pages}
        for page in self.pages:
            for key in page.fields:
                self.questions[key].page = page

    def _question(self, field, parent):
        question = Question(field, parent=parent, options=option_table(field, self.bundle["tables"]))
        for name in ("min", "max"):
            question.bound(name, {})
        question.visible_if, question.required_if = _compiled(field.visible_if), _compiled(field.required_if)
        question.calc = _compiled(field.calc)
        question.conditions = [
            Condition(_compiled(rule.if_), rule.error, rule.level) for rule in field.checks
        ]
        self.questions[question.path] = question
        for child in field.fields:
            self._question(child, question)
        return question

    def page(self, key, language):
        """The page `key` in words. Raises KeyError."""
        page = self.pages_by_key[key]
        return PageView(key, pick(page.title, language), pick(page.intro, language))

    def page_fields(self, key):
        """The keys of the fields on a page, in order. Raises KeyError."""
        return self.pages_by_key[key].fields

    def page_of(self, path):
        """The key of the page on which the field at `path` stands; None where it stands on none."""
        question = self.questions.get(path.split(".")[0])
        return question.page.key if question and question.page else None

    def labels(self, keys, language):
        """The labels of fields, in words; unknown keys are left out."""
        return [self.questions[key].label(language) for key in keys if key in self.questions]

    def question(self, path):
        """The question that an answer's path leads to (`lines.r1.item` → `lines.item`), or None."""
        parts = path.split(".")
        return self.questions.get(path if len(parts) < 3 else f"{parts[0]}.{parts[2]}")

    def evaluate(self, answers, *, today, context=None, asked=()):
        """The Sheet of `answers` (any JSON) on the day `today`.

        `context`, an expr.Context, brings areas and the business calendar; its tables join the form's own.
        `asked` are the fields that are asked for now: a later page shows when one of its fields is, or was answered.
        """
        return evaluate(self, answers, today=today, context=context, asked=asked)

    def used_outside(self):
        """The keys on which the visibility or a sum of other fields rests: a change there may change the
        page.
        """
        return _used(self)


def _compiled(said):
    return expr.compile(parsed(said)) if said else None


def _used(form):
    said = [page.visible_if for page in form.pages]
    for question in form.questions.values():
        said += [question.field.visible_if, question.field.required_if, question.field.calc, question.field.needs]
    words = set(re.findall(r"[a-z][a-z0-9_]*", " ".join(text for text in said if text)))
    return words & {question.key for question in form.questions.values()}


@lru_cache(maxsize=512)
def _form(digest, holder):
    return Form(holder.bundle)


class _Holder:
    """Carries a bundle past the cache's key: equal for equal digests."""

    def __init__(self, digest, bundle):
        self.digest, self.bundle = digest, bundle

    def __hash__(self):
        return hash(self.digest)

    def __eq__(self, other):
        return self.digest == other.digest


def form_of(version):
    """The Form of a definition version: its bundle's `form`, or the bundle itself. Made once per process and
    digest.
    """
    bundle = version.bundle
    return _form(version.digest, _Holder(version.digest, bundle.get("form", bundle)))


def form_types(bundle):
    """The names an expression outside the form may use, with their types: {"total": "yen", "$settings.days":
    "int"}.
    """
    return logic.form_types(Form(bundle))


def form_columns(bundle):
    """The tables an expression may look into: table → column → type (the `tables` of expr.check).

    Their values, for expr.Context, are in `Form(bundle).tables`.
    """
    return {name: logic.column_types(table) for name, table in bundle["tables"].items()}
