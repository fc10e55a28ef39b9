"""What the browser needs to count the sums of a page while one types: comfort only, the server counts again."""

from machi.engines.questions.logic import column_types, parsed, table_options
from machi.ground import expr


def browser(form, sheet, page_key):
    """The JSON that ui/script/sums.ts reads; None when the page shows no counted value.

    {"fields": [{"path", "type", "calc"?}], "order", "settings", "given": {key: answer},
    "tables": {name: {"columns": {name: type}, "rows": {key: {column: value}}}}}; `given` are the answers of the
    other pages that a sum rests on, `tables` those that the page's sums look into.
    """
    shown = [form.questions[key] for key in form.page_fields(page_key)]
    counted = [one for question in shown for one in (question, *question.children) if one.field.calc]
    if not counted:
        return None
    used = set().union(
        *(expr.names(parsed(one.field.calc)) for one in form.questions.values() if one.field.calc)
    )
    stored, here = sheet.stored(), set(form.page_fields(page_key))
    return {
        "fields": [_field(question) for question in form.questions.values()],
        "order": form.order,
        "settings": form.bundle["settings"],
        "given": {key: stored[key] for key in sorted(used - here) if key in stored},
        "tables": {
            name: _table(table)
            for name, table in form.bundle["tables"].items()
            if name in _looked_up(counted)
        },
    }


def _field(question):
    said = question.field
    return {
        "path": question.path,
        "type": said.type,
        **({"calc": expr.to_json(parsed(said.calc))} if said.calc else {}),
    }


def _looked_up(questions):
    """The names of the tables that the sums look into: the first argument of each `lookup`."""
    nodes = [node for one in questions for node in expr.walk(parsed(one.field.calc))]
    return {node.args[0].path for node in nodes if getattr(node, "op", "") == "lookup"}


def _table(table):
    columns = column_types(table)
    rows = {option["key"]: {name: option.get(name) for name in columns} for option in table_options(table)}
    return {"columns": columns, "rows": rows}
