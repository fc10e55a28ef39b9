"""What the answers mean: which tasks concern somebody, by when, and what to bring. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from machi.ground.calendar import parse_duration
from machi.ground.expr import Context, FuelSpent, compile, parse
from machi.ground.languages import pick
from machi.ground.money import in_thousands

PHASE_ORDER = ("before", "first", "within_14_days", "later")
_SETTING = re.compile(r"\{\$settings\.([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Todo:
    """A task that concerns somebody: `task` as the guide says it, its last day if known, what to bring (keys)."""

    task: dict
    due: date | None
    bring: tuple

    @property
    def key(self):
        return self.task["key"]


def todos(bundle, sheet, today):
    """The Todos that the evaluated answers lead to, in the order of the phases and then of the guide."""
    scope = {**sheet.form.settings, **sheet.values}
    context = Context(today=today, tables=sheet.form.tables)
    found = [task for task in bundle["tasks"] if _holds(task["if"], scope, context)]
    return [
        Todo(
            task,
            _due(task["due"], sheet.values),
            tuple(one["thing"] for one in task["bring"] if _holds(one["if"], scope, context)),
        )
        for phase in PHASE_ORDER
        for task in found
        if task["phase"] == phase
    ]


def said(text, settings, language):
    """The words of a task, with the amounts of the settings put in as people read them."""
    return _SETTING.sub(lambda found: _figure(settings.get(found[1]), language), pick(text, language))


def named_settings(text):
    """The settings that the words of a task name, in any language."""
    return {name for words in (text or {}).values() for name in _SETTING.findall(words)}


def _figure(value, language):
    return in_thousands(value, language.lower()) if isinstance(value, int) else str(value)


def _due(due, values):
    start = values.get(due["from"]) if due and due["from"] else None
    return parse_duration(due["within"]).after(start) if start else None


def _holds(text, scope, context):
    """Whether a condition holds; one that needs too much fuel does not."""
    try:
        return not text or _compiled(text)(scope, context) is True
    except FuelSpent:
        return False


@lru_cache(maxsize=4096)
def _compiled(text):
    return compile(parse(text))
