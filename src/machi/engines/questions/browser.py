"""A form as the browser's evaluator reads it: comfort only, the server always decides."""

import re

from machi.engines.questions.form import Form
from machi.engines.questions.logic import column_types, parsed, table_options
from machi.ground.expr import to_json

LOGIC = ("visible_if", "required_if", "calc")


def browser(bundle, language):
    """The JSON for live evaluation: fields with their trees, the order, and the tables that expressions look
    into.

    {"fields": [{"path", "type", "label", "visible_if"?, "required_if"?, "calc"?}], "order", "settings",
    "tables": {name: {"columns": {name: type}, "rows": {key: {column: value}}}}, "pages": {key: tree}}
    """
    form = Form(bundle)
    return {
        "fields": [_field(question, language) for question in form.questions.values()],
        "order": form.order,
        "pages": {page.key: to_json(parsed(page.visible_if)) for page in form.pages if page.visible_if},
        "settings": bundle["settings"],
        "tables": {name: _table(table) for name, table in bundle["tables"].items() if _is_used(form, name)},
    }


def _field(question, language):
    trees = {name: to_json(parsed(said)) for name in LOGIC if (said := getattr(question.field, name))}
    return {"path": question.path, "type": question.field.type, "label": question.label(language), **trees}


def _is_used(form, name):
    looks = re.compile(rf"\blookup\(\s*'?{re.escape(name)}\b")
    said = (getattr(question.field, kind) for question in form.questions.values() for kind in LOGIC)
    return any(looks.search(text) for text in said if text)


def _table(table):
    columns = column_types(table)
    rows = {option["key"]: {name: option.get(name) for name in columns} for option in table_options(table)}
    return {"columns": columns, "rows": rows}
