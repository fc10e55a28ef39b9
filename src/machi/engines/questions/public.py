"""The door of the questions engine: forms are asked, read, judged, shown, and kept until they are sent."""

from machi.engines.questions.accept import (
    Accepted,
    accept,
    answers_from_words,
    mail_fault,
    prefilled,
    schema,
    words_from_answers,
)
from machi.engines.questions.actions import (
    Saved,
    carry,
    claim_draft,
    drop_draft,
    expire_drafts,
    mail_token,
    recall_code,
    save_draft,
    start_draft,
)
from machi.engines.questions.browser import browser
from machi.engines.questions.carry import known_from
from machi.engines.questions.compile import compile_form
from machi.engines.questions.define import Field, Page
from machi.engines.questions.fields import FieldView, RowView, fields_for
from machi.engines.questions.form import Form, form_columns, form_of, form_types
from machi.engines.questions.models import Draft
from machi.engines.questions.paper import on_paper
from machi.engines.questions.queries import (
    draft_of,
    draft_of_token,
    drafts_of,
    recall_code_of,
    recalled,
    waiting_drafts,
)
from machi.engines.questions.reading import Reading, read_page
from machi.engines.questions.rows import control_id
from machi.engines.questions.rules import Sheet
from machi.engines.questions.summary import Group, Row, difference, summary

__all__ = [
    "Accepted",
    "Draft",
    "Field",
    "FieldView",
    "Form",
    "Group",
    "Page",
    "Reading",
    "Row",
    "RowView",
    "Saved",
    "Sheet",
    "accept",
    "answers_from_words",
    "browser",
    "carry",
    "claim_draft",
    "compile_form",
    "control_id",
    "difference",
    "draft_of",
    "draft_of_token",
    "drafts_of",
    "drop_draft",
    "expire_drafts",
    "fields_for",
    "form_columns",
    "form_of",
    "form_types",
    "known_from",
    "mail_fault",
    "mail_token",
    "on_paper",
    "prefilled",
    "read_page",
    "recall_code",
    "recall_code_of",
    "recalled",
    "save_draft",
    "schema",
    "start_draft",
    "summary",
    "waiting_drafts",
    "words_from_answers",
]
