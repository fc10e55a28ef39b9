"""Answers that do not come from a page: sent by another program, written in a scenario, known from the
profile.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from machi.engines.files import public as files_engine
from machi.engines.questions.define import Field
from machi.engines.questions.form import Form
from machi.engines.questions.question import Question
from machi.engines.questions.rows import rows_of
from machi.engines.questions.rules import Sheet
from machi.engines.questions.types import TYPES, Wrong


@dataclass(frozen=True)
class Accepted:
    """What another program sent: `answers` as they would be submitted, `errors` path → sentence, the `sheet`
    behind.
    """

    answers: dict
    errors: dict
    sheet: Sheet


def schema(bundle):
    """The JSON Schema (2020-12) of the answers that `accept` takes. What logic requires is checked by
    `accept` alone.
    """
    form = Form(bundle)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_object([q for q in form.fields if q.asks]),
    }


def _object(questions, **more):
    properties = {question.key: _property(question) for question in questions}
    needed = [question.key for question in questions if _always_needed(question)]
    return {
        "type": "object",
        "properties": {**more, **properties},
        "required": needed,
        "additionalProperties": False,
    }


def _property(question):
    said = question.field
    words = {"title": said.label["ja"], **({"description": said.help["ja"]} if said.help else {})}
    if question.children:
        rows = _object([child for child in question.children if child.asks], _id={"type": "string"})
        bounds = {"minItems": question.least or 0, "maxItems": question.most}
        return {"type": "array", "items": rows, **bounds, **words}
    return {**question.type.schema(question), **words}


def _always_needed(question):
    said = question.field
    hidden = said.visible_if or (question.page and question.page.visible_if)
    return not hidden and (said.required or said.type == "consent")


def accept(bundle, data, *, today, owner="", context=None):
    """Judges answers sent as JSON by another program; any JSON may come. owner: whose files may be named."""
    form = Form(bundle)
    if not isinstance(data, dict):
        return Accepted({}, {"": _("回答は、項目の名前と値の組で送ってください。")}, form.evaluate({}, today=today))
    known = {question.key: question for question in form.fields if question.asks}
    errors = _unknown("", data, known)
    for question in (question for question in known.values() if question.children):
        errors |= _unknown_in_rows(question, data.get(question.key))
    answers = {key: value for key, value in data.items() if key in known}
    sheet = form.evaluate(answers, today=today, context=context)
    errors |= {**sheet.errors, **_foreign_files(form, sheet, owner)}
    return Accepted(sheet.stored(), errors, sheet)


def _unknown(prefix, data, known):
    message = _("「%(key)s」という項目はありません。名前を確かめてください。")
    return {f"{prefix}{key}": message % {"key": key} for key in data if key not in known}


def _unknown_in_rows(question, rows):
    known = {"_id", *(child.key for child in question.children if child.asks)}
    errors = {}
    for row in rows_of(question, rows):
        errors |= _unknown(f"{question.key}.{row['_id']}.", row, known)
    return errors


def _foreign_files(form, sheet, owner):
    """Errors for files that are not there or belong to somebody else."""
    named = dict(_files(form, sheet))
    own = {str(link.id) for link in files_engine.links(owner)} if named and owner else set()
    message = _("「%(label)s」のファイルが見つかりません。もう一度送ってください。")
    return {
        path: message % {"label": question.field.label["ja"]}
        for path, (question, links) in named.items()
        if not set(links) <= own
    }


def _files(form, sheet):
    for question in form.fields:
        value = sheet.values.get(question.key) or []
        if question.field.type == "file" and value:
            yield question.key, (question, value)
        for child in question.children:
            if child.field.type == "file":
                for row in value:
                    if row.get(child.key):
                        yield f"{question.key}.{row['_id']}.{child.key}", (child, row[child.key])


def answers_from_words(form, given):
    """Answers as a definition's scenario writes them (every scalar a text) as stored JSON.

    Words that the type cannot read stay as they are, so that the evaluation calls them wrong.
    """
    return {key: _from_words(form.questions.get(key), said) for key, said in given.items()}


def _from_words(question, said):
    if question is None or question.field.type in ("file", "account", "hours"):
        return said
    if question.children:
        children = {child.key: child for child in question.children}
        rows = said if isinstance(said, list) else []
        return [{key: _from_words(children.get(key), value) for key, value in row.items()} for row in rows]
    try:
        return question.type.read(question, _boxes(question, said))
    except Wrong:
        return said


def _boxes(question, said):
    """A scenario's words as the boxes of the type: one text goes into the first box."""
    if isinstance(said, dict):
        if question.field.type == "slot":
            return {"": [f"{said.get('id')}@{said.get('day')}"]}
        return {name: [str(said.get(name) or "")] for name in question.type.box_names}
    texts = (
        [str(one) for one in said]
        if isinstance(said, list)
        else [str(said).lower() if isinstance(said, bool) else str(said)]
    )
    return {question.type.box_names[0]: texts}


def words_from_answers(form, answers):
    """Stored answers as a scenario writes them: `answers_from_words` gives them back.

    A file becomes a stand-in: a test knows that there was one, and nothing of it.
    """
    worded = ((form.questions.get(key), key, said) for key, said in answers.items())
    return {key: _in_words(question, said) for question, key, said in worded if _is_worded(question, said)}


def _is_worded(question, said):
    return question is not None and question.asks and said not in (None, [], {})


def _in_words(question, said):
    if question.field.type == "file":
        return [str(UUID(int=number)) for number, _link in enumerate(said, start=1)]
    if question.children:
        inner = {child.key: child for child in question.children}
        return [{key: _in_words(inner[key], one) for key, one in row.items() if key in inner} for row in said]
    return _plain(said)


def _plain(said):
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, dict):
        return {name: _plain(value) for name, value in said.items() if name != "_id" and value not in (None, "")}
    return [_plain(one) for one in said] if isinstance(said, list) else str(said)


def prefilled(bundle, profile=None):
    """What a new form begins with: defaults, and what the profile (people.profile) knows, with its source in
    `_from`.
    """
    answers, sources = {}, {}
    profile = profile or {}
    provenance = profile.get("provenance", {})
    for question in Form(bundle).fields:
        if question.page and question.page.later:
            continue
        known = _from_profile(question, profile.get(question.field.prefill or ""))
        if known is not None:
            answers[question.key] = known
            sources[question.key] = provenance.get(question.field.prefill, "typed")
        elif question.field.default is not None:
            answers[question.key] = question.default()
    return {**answers, "_from": sources} if sources else answers


def mail_fault(text):
    """What is wrong with a mail address typed outside a form, as a sentence; "" when nothing is."""
    mail = TYPES["email"]
    question = Question(Field(key="email", type="email", label={"ja": "mail"}))
    label = _("メールアドレス")
    try:
        found = mail.cast(question, text)
        if found is None:
            return Wrong(mail.missing).say(label)
        mail.check(question, found, None)
    except Wrong as wrong:
        return wrong.say(label)
    return ""


def _from_profile(question, said):
    """A value of the profile as the field's stored answer, None when it does not fit."""
    if not said:
        return None
    if question.field.type == "address" and question.options:
        said = {**said, "town": _town(question, said.get("town") or "")}
    try:
        return question.type.store(question.type.cast(question, said))
    except Wrong:
        return None


def _town(question, words):
    """The key of the town with which an address ends (…市豊岡町 → toyooka), "" for another city's."""
    names = {key: option["label"]["ja"] for key, option in question.options.items()}
    found = [(len(name), key) for key, name in names.items() if words.endswith(name)]
    return max(found)[1] if found else ""
