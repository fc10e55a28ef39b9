"""Answers from one version of a form to the next."""

from dataclasses import dataclass, field

from machi.engines.questions.rows import rows_of
from machi.engines.questions.types import Wrong

WORDS = ("text", "longtext", "name", "kana", "email", "phone", "postal", "code")


@dataclass
class Carried:
    """The answers under the new form, [(path, label)] that fell away, and the ids of file links that did."""

    answers: dict = field(default_factory=dict)
    fell: list = field(default_factory=list)
    files: list = field(default_factory=list)


def carried(old, new, answers, language):
    """What of `answers` lives on: keys whose type is the same or wider (int → decimal, any words → text) and
    whose value the new form can hold. What was typed and not readable stays with its field.
    """
    run = _Carrying(new, language)
    for question in old.fields:
        stored = answers.get(question.key)
        if stored in (None, "", [], {}):
            continue
        if question.children:
            run.rows(question, stored)
        else:
            run.one(question, new.questions.get(question.key), stored, question.key, run.result.answers)
    kept = {path: said for path, said in (answers.get("_typed") or {}).items() if new.question(path)}
    sources = {
        path: said for path, said in (answers.get("_from") or {}).items() if path in run.result.answers
    }
    run.result.answers |= {name: found for name, found in (("_typed", kept), ("_from", sources)) if found}
    return run.result


def known_from(old, answers, new, *, source):
    """What the answers to one form tell another: the same key and type, else the same part of a profile (`prefill`).

    old, new: Forms. Where each comes from is noted in `_from` as `source`.
    """
    asked = {question.field.prefill: question for question in old.fields if question.field.prefill}
    found = {}
    for question in new.fields:
        same = old.questions.get(question.key) or asked.get(question.field.prefill)
        stored = answers.get(same.key) if same and not question.children else None
        value = _converted(same, question, stored) if stored not in (None, "", [], {}) else None
        if value is not None:
            found[question.key] = value
    return {**found, "_from": dict.fromkeys(found, source)} if found else {}


class _Carrying:
    def __init__(self, new, language):
        self.new, self.language, self.result = new, language, Carried()

    def rows(self, question, stored):
        """A repeat, row by row."""
        rows, successor = rows_of(question, stored), self.new.questions.get(question.key)
        if successor is None or not successor.children:
            self.result.fell.append((question.key, question.label(self.language)))
            uploads = [child.key for child in question.children if child.field.type == "file"]
            self.result.files += [link for row in rows for key in uploads for link in row.get(key) or ()]
            return
        self.result.answers[question.key] = [{"_id": row["_id"]} for row in rows]
        heirs = {child.key: child for child in successor.children}
        for row, place in zip(rows, self.result.answers[question.key], strict=True):
            for child in (child for child in question.children if row.get(child.key) is not None):
                path = f"{question.key}.{row['_id']}.{child.key}"
                self.one(child, heirs.get(child.key), row[child.key], path, place)

    def one(self, question, successor, stored, path, place):
        """One answer, into `place` or among what fell away."""
        value = _converted(question, successor, stored)
        if value is not None:
            place[question.key] = value
            return
        self.result.fell.append((path, question.label(self.language)))
        if question.field.type == "file":
            self.result.files += stored


def _converted(question, successor, stored):
    """The stored answer as the successor's type holds it, or None."""
    if successor is None or not successor.asks:
        return None
    before, after = question.field.type, successor.field.type
    wider = (before == "int" and after == "decimal") or (before in WORDS and after in ("text", "longtext"))
    if before != after and not wider:
        return None
    try:
        return successor.type.store(successor.type.cast(successor, stored))
    except Wrong:
        return None
