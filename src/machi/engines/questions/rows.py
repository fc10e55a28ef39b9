"""The rows of a repeat: each has an `_id` that stays when others come and go."""

import re
import secrets

from machi.engines.questions.types import MOST_ROWS

_ID = re.compile(r"[a-z0-9]{1,24}")


def is_row_id(said):
    """Whether `said` may be the id of a row."""
    return isinstance(said, str) and bool(_ID.fullmatch(said))


def control_id(path):
    """The HTML id of the first control of the field at `path`, where error summaries and links lead."""
    return path.replace(".", "-")


def rows_of(question, said):
    """The rows in an answer (any JSON) as dicts with sound, distinct `_id`s; an empty one where at least one
    is needed.
    """
    found = said if isinstance(said, list) else []
    rows, taken = [], set()
    for index, said_row in enumerate(found[: MOST_ROWS + 1], 1):
        row = said_row if isinstance(said_row, dict) else {}
        key = row.get("_id")
        if not is_row_id(key) or key in taken:
            key = next(name for name in _names(index) if name not in taken)
        taken.add(key)
        rows.append({**row, "_id": key})
    if not rows and (question.least or question.field.required):
        rows.append({"_id": "r1", **_defaults(question)})
    return rows


def new_row(question):
    """A row as it begins: with the defaults of its fields."""
    return {"_id": f"r{secrets.token_hex(4)}", **_defaults(question)}


def _defaults(question):
    return {child.key: child.default() for child in question.children if child.field.default is not None}


def _names(index):
    yield f"r{index}"
    for number in range(MOST_ROWS + 2):
        yield f"r{index}x{number}"
