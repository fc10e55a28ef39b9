"""Answers in words: for the page before sending, for the desk, for mails and papers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.engines.files import public as files_engine
from machi.engines.people.define import SENSITIVITIES
from machi.engines.questions.rows import control_id
from machi.ground.languages import pick


@dataclass
class Row:
    """One answer in words.

    `control` is the HTML id of its field; `files` its FileLinks; `map_point` {"lat", "lng", "text"} or None.
    `changed` against earlier answers, `masked` when the reader may not see it, `calculated` when nobody
    typed it, `blank` when nothing was answered.
    """

    path: str
    control: str
    label: str
    text: str
    files: list
    map_point: dict | None = None
    changed: bool = False
    masked: bool = False
    calculated: bool = False
    blank: bool = False


@dataclass
class Group:
    """The answers of one page."""

    page_key: str
    title: str
    rows: list


def summary(form, sheet, *, language, ceiling=None, only=None, before=None, owner=None):
    """The visible answers by page, as a list of Groups; blanks say so in words.

    ceiling: the most sensitive level the reader may see (people.ceiling); what lies above is masked. only:
    keys to show. before: an earlier Sheet; rows that differ from it are marked `changed`. owner: files of
    others are left out.
    """
    with override(language):
        groups = _Writer(form, sheet, language, ceiling, only, owner).groups()
        if before:
            old, new = (_Writer(form, one, language, None, only, owner).texts() for one in (before, sheet))
            for row in (row for group in groups for row in group.rows):
                row.changed = new.get(row.path) != old.get(row.path)
        return groups


def difference(form, old_answers, new_answers, *, language, today):
    """What changed between two sets of answers: [(path, label, before, after)] in words, "" where there was
    nothing.
    """
    sheets = [form.evaluate(answers, today=today) for answers in (old_answers, new_answers)]
    with override(language):
        old, new = ({row.path: row for row in _Writer(form, sheet, language).rows()} for sheet in sheets)
    found = []
    for path in dict.fromkeys((*old, *new)):
        before, after = old.get(path), new.get(path)
        if (before and before.text) != (after and after.text):
            label = (after or before).label
            found.append((path, label, before.text if before else "", after.text if after else ""))
    return found


class _Writer:
    def __init__(self, form, sheet, language, ceiling=None, only=None, owner=None):
        self.form, self.sheet, self.language, self.only, self.owner = form, sheet, language, only, owner
        self.level = None if ceiling is None else SENSITIVITIES.index(ceiling)

    def groups(self):
        groups = [
            Group(
                page,
                self.form.page(page, self.language).title,
                [row for key in self.form.page_fields(page) for row in self.of(key)],
            )
            for page in self.sheet.pages
        ]
        return [group for group in groups if group.rows]

    def rows(self):
        """Every row, those of fields on no page last."""
        placed = [row for group in self.groups() for row in group.rows]
        known = {row.path for row in placed}
        return placed + [
            row for question in self.form.fields for row in self.of(question.key) if row.path not in known
        ]

    def texts(self):
        """Path → text."""
        return {row.path: row.text for row in self.rows()}

    def of(self, key):
        """The rows of one field: one, or one for each field of each row of a repeat."""
        question = self.form.questions[key]
        if (
            question.field.type == "note"
            or not self.sheet.is_visible(key)
            or (self.only is not None and key not in self.only)
        ):
            return []
        if not question.children:
            return [self.row(question, key, question.label(self.language), self.sheet.values.get(key))]
        return [
            found
            for number, row in enumerate(self.sheet.values.get(key) or (), 1)
            for found in self.of_row(question, number, row)
        ]

    def of_row(self, question, number, row):
        words = {
            "repeat": pick(question.field.title or question.field.label, self.language),
            "number": number,
        }
        for child in question.children:
            path = f"{question.key}.{row['_id']}.{child.key}"
            if child.field.type != "note" and self.sheet.is_visible(path):
                label = _("%(repeat)s %(number)s：%(label)s") % {**words, "label": child.label(self.language)}
                yield self.row(child, path, label, row.get(child.key))

    def row(self, question, path, label, value):
        row = Row(path, control_id(path), label, _("未入力"), [])
        row.calculated, row.blank = bool(question.field.calc), value is None or value == []
        if self.level is not None and SENSITIVITIES.index(question.sensitivity) > self.level:
            row.text, row.masked = _("●●●（見るには権限が必要です）"), True
        elif value is not None and question.field.type == "file":
            row.files = _links(value, self.owner)
            row.text = _list_mark(self.language).join(link.name for link in row.files)
        elif value is not None:
            row.text = question.type.show(question, value, self.language)
            row.map_point = value if question.field.type == "point" and value["lat"] is not None else None
        return row


def _list_mark(language):
    return "、" if language in ("ja", "ja-easy", "zh-hans") else ", "


def _links(ids, owner):
    """The FileLinks of an answer, in its order, without those that are gone or belong to somebody else."""
    found = {
        str(link.id): link for link in files_engine.FileLink.objects.filter(id__in=ids).select_related("blob")
    }
    return [found[link] for link in ids if link in found and (owner is None or found[link].owner == owner)]
