"""A plan as people read it: the tasks in order of time, what to bring, and the visits that do several at once."""

from dataclasses import dataclass, field
from datetime import date

from machi.engines.definitions.public import current
from machi.engines.guides import rules
from machi.engines.people.public import Unit
from machi.ground.calendar import today
from machi.ground.daywords import date_words
from machi.ground.languages import pick


@dataclass
class TaskView:
    """One task in words. `online` when the city's procedure is there; `begun` the Draft or Case it became."""

    key: str
    title: str
    why: str
    phase: str
    due: date | None
    due_words: str
    late: bool
    bring: list
    online: bool
    post: bool
    procedure: str
    unit: str
    phone: str
    office: str
    office_help: str
    together: str
    law: str
    note: str
    check: str
    done: bool
    begun: object = None


@dataclass
class Visit:
    """One way to one place, and the tasks that are done there together."""

    title: str
    help: str
    tasks: list = field(default_factory=list)


def task_views(bundle, todos, language, *, done=(), begun=None):
    """The TaskViews of rules.Todos."""
    units = Unit.objects.in_bulk({todo.task["unit"] or bundle["owner"] for todo in todos})
    return [_view(bundle, todo, language, units, done=done, begun=(begun or {}).get(todo.key)) for todo in todos]


def _view(bundle, todo, language, units, *, done, begun):
    task = todo.task
    unit = units.get(task["unit"] or bundle["owner"])
    office = bundle["offices"].get(task["elsewhere"] or "", {})
    words = {name: rules.said(task[name], bundle["settings"], language) for name in ("title", "why", "note")}
    return TaskView(
        **words,
        key=todo.key,
        phase=task["phase"],
        due=todo.due,
        due_words=date_words(todo.due, language) if todo.due else pick((task["due"] or {}).get("text"), language),
        late=bool(todo.due and todo.due < today()),
        bring=[(thing, pick(bundle["things"][thing]["label"], language)) for thing in todo.bring],
        online=is_online(task["procedure"]),
        post="post" in task["where"],
        procedure=task["procedure"] or "",
        unit=pick(unit.title, language) if unit and "counter" in task["where"] else "",
        phone=unit.phone if unit and "counter" in task["where"] else "",
        office=pick(office.get("label"), language),
        office_help=pick(office.get("help"), language),
        together=task["together"] or "",
        law=task["law"],
        check=pick(task["check"], "ja"),
        done=todo.key in done,
        begun=begun,
    )


def is_online(procedure):
    """Whether residents can send this procedure from here."""
    version = current("procedure", procedure) if procedure else None
    return version is not None and version.bundle["audience"] == "public"


def phases(tasks):
    """[(phase, its tasks)] in order of time, without empty ones."""
    found = [(phase, [task for task in tasks if task.phase == phase]) for phase in rules.PHASE_ORDER]
    return [(phase, inside) for phase, inside in found if inside]


def things(tasks):
    """What to bring for all tasks that are not done yet, each thing once: [(key, words)]."""
    return list(dict.fromkeys(thing for task in tasks if not task.done for thing in task.bring))


def visits(bundle, tasks, language):
    """The Visits for what is not done yet."""
    found = {}
    for task in tasks:
        if task.together and not task.done:
            said = bundle["visits"][task.together]
            visit = found.setdefault(task.together, Visit(pick(said["label"], language), pick(said["help"], language)))
            visit.tasks.append(task)
    return list(found.values())
