"""The door of the guides engine: what must be done when something happens in a life."""

from machi.engines.guides.actions import mark, note_begun, renew, start
from machi.engines.guides.models import Plan
from machi.engines.guides.queries import begun, guide, guides, plan_of, plan_of_code, todos_of
from machi.engines.guides.rules import Todo
from machi.engines.guides.showing import TaskView, Visit, is_online, phases, task_views, things, visits

__all__ = [
    "Plan",
    "TaskView",
    "Todo",
    "Visit",
    "begun",
    "guide",
    "guides",
    "is_online",
    "mark",
    "note_begun",
    "phases",
    "plan_of",
    "plan_of_code",
    "renew",
    "start",
    "task_views",
    "things",
    "todos_of",
    "visits",
]
