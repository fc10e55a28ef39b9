"""The door of the questions engine: forms are asked, read, judged, shown, and kept until they are sent."""

from machi.engines.questions.accept import Accepted, accept, answers_from_words, initial_answers, schema
from machi.engines.questions.actions import (
    Saved,
    carry,
    claim_draft,
    drop_draft,
    end_draft,
    expire_drafts,
    mail_token,
    save_draft,
    start_draft,
)
from machi.engines.questions.browser import browser
from machi.engines.questions.compile import compile_form
from machi.engines.questions.define import Field, Page
from machi.engines.questions.fields import FieldView, RowView, error_list, field_id, fields_for
from machi.engines.questions.form import Form, form_columns, form_of, form_types
from machi.engines.questions.models import Draft
from machi.engines.questions.queries import draft_for, drafts_of
from machi.engines.questions.reading import Reading, read_page
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
    "difference",
    "draft_for",
    "drafts_of",
    "drop_draft",
    "end_draft",
    "error_list",
    "expire_drafts",
    "field_id",
    "fields_for",
    "form_columns",
    "form_of",
    "form_types",
    "initial_answers",
    "mail_token",
    "read_page",
    "save_draft",
    "schema",
    "start_draft",
    "summary",
]
