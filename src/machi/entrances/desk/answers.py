"""The answers of a case as the desk shows them: rows, repeated things as tables, changes marked."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.ground.calendar import today
from machi.ground.languages import pick


@dataclass
class Block:
    """A part of a page of answers: single rows, or (where `columns`) the lines of a repeated field,
    each cell with whether it is a number.
    """

    title: str = ""
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)


@dataclass
class Shown:
    """The answers: `groups` [(title, [Block])], how many rows `changed`, and what is `gone`."""

    groups: list
    changed: int
    gone: list


def shown_answers(case, ceiling):
    """The answers as they stand, against what was sent first; what lies above `ceiling` is masked."""
    form, sheet = procedures.form_of(case.definition), procedures.sheet_of(case)
    groups = questions.summary(form, sheet, language="ja", ceiling=ceiling, owner=case.owner)
    rows = {row.path: row for group in groups for row in group.rows}
    sealed = procedures.sealed_fields(case)
    for path, row in rows.items():
        if path.split(".")[0] in sealed:
            row.text, row.files, row.map_point, row.masked = _("封をしています"), [], None, True
    gone = []
    for path, label, before, _after in _changes(case, form):
        question = form.question(path)
        if path.split(".")[0] in sealed:
            continue
        if question and not is_at_least(ceiling, question.sensitivity, SENSITIVITIES):
            continue
        if path in rows:
            rows[path].changed, rows[path].before = True, before
        elif before:
            gone.append((label, before))
    changed = sum(1 for row in rows.values() if row.changed)
    return Shown([(group.title, blocks(form, group.rows)) for group in groups], changed, gone)


def _changes(case, form):
    revisions = list(case.answers.order_by("n").values_list("answers", flat=True))
    if len(revisions) < 2:
        return []
    return questions.difference(form, revisions[0], revisions[-1], language="ja", today=today())


def blocks(form, rows):
    """Neighbouring rows as Blocks; the lines of one repeated field become a table."""
    found, tables = [], {}
    for row in rows:
        parts = row.path.split(".")
        if len(parts) == 3:
            if parts[0] not in tables:
                tables[parts[0]] = (Block(title=form.questions[parts[0]].label("ja")), {})
                found.append(tables[parts[0]][0])
            tables[parts[0]][1].setdefault(parts[1], {})[parts[2]] = row
        elif found and not found[-1].columns and found[-1].rows:
            found[-1].rows.append(row)
        else:
            found.append(Block(rows=[row]))
    for key, (block, lines) in tables.items():
        _fill_table(block, form.questions[key], lines)
    return found


def _fill_table(block, question, lines):
    """Only columns in which something stands."""
    children = [
        child for child in question.children if any(_has_content(line.get(child.key)) for line in lines.values())
    ]
    block.columns = [{"label": child.label("ja"), "end": child.field.type in NUMBERS} for child in children]
    block.rows = [[(line.get(child.key), child.field.type in NUMBERS) for child in children] for line in lines.values()]


NUMBERS = ("int", "decimal", "yen")


def _has_content(row):
    return row is not None and (row.masked or not row.blank)


def what_people_wrote(form, answers):
    """What was typed into a form, as [(label, words)]: kept before the eyes of who could not send it."""
    groups = questions.summary(form, form.evaluate(answers, today=today()), language="ja")
    return [(row.label, row.text) for group in groups for row in group.rows if not row.calculated and not row.blank]


def field_choices(case):
    """The fields that may be asked for again, by page: [(page title, [(key, label)])]."""
    form, sheet = procedures.form_of(case.definition), procedures.sheet_of(case)
    pages = []
    for page in sheet.pages:
        keys = [key for key in form.page_fields(page) if form.questions[key].asks and sheet.is_visible(key)]
        if keys:
            labels = [(key, pick(form.questions[key].field.label, "ja")) for key in keys]
            pages.append((form.page(page, "ja").title, labels))
    return pages
