"""One command at work on one case: its events, its status, its open steps, its end.

Everything here runs inside the transaction of one command, with the case locked.
"""

from dataclasses import dataclass
from datetime import datetime, time

from machi.engines.audit.define import Actor
from machi.engines.audit.public import record
from machi.engines.effects.public import cancel as cancel_effects
from machi.engines.effects.public import enqueue
from machi.engines.procedures import listening, rules, scope
from machi.engines.procedures.filed import file_case
from machi.engines.procedures.models import Case, Step
from machi.engines.procedures.telling import notify
from machi.engines.questions.public import Sheet
from machi.ground.calendar import TOKYO, now, parse_duration, today

MORNING = time(9)  # when people are reminded
REMIND = ("P3D",)  # before the last day, where a definition does not say


@dataclass
class Run:
    """One command at work on one locked case."""

    case: Case
    actor: Actor
    bundle: dict
    sheet: Sheet | None = None  # the evaluated answers as they stand, once somebody has asked

    @property
    def steps(self):
        return self.bundle["flow"]["steps"]

    def say(self, verb, payload=None, personal=None):
        """Write one event of the case."""
        record(
            stream=self.case.owner,
            verb=verb,
            actor=self.actor,
            payload={**(payload or {}), "revision": self.case.revision},
            personal=personal,
        )
        listening.tell(self.case, verb, payload or {})

    def values(self):
        self.sheet = self.sheet or scope.sheet_of(self.case)
        return scope.values(self.case, self.sheet)

    def evaluate(self, text, seen=None):
        return scope.evaluate(self.case, text, self.values() if seen is None else seen)

    def day_after(self, duration):
        """The day that lies `duration` ("P5BD") from today, by the office's own calendar; None for None."""
        calendar = scope.calendar_of(self.bundle)
        return parse_duration(duration).after(today(), calendar) if duration else None

    def move(self, status):
        """Change the status along the machine, keeping the clock of the promised time."""
        case = self.case
        rules.check_transition(case.status, status)
        if status in rules.WAITING and case.paused_on is None:
            case.paused_on = today()
        elif status not in rules.WAITING and case.paused_on is not None:
            promised, calendar = self.bundle["flow"]["due"], scope.calendar_of(self.bundle)
            case.due_on = rules.later_by_pause(case.due_on, case.paused_on, today(), promised, calendar)
            case.stopped_days += rules.days_counted(case.paused_on, today(), promised, calendar)
            case.paused_on = None
        case.status = status

    def work(self):
        """Somebody works on the case. What is decided stays decided: only things are left to be done."""
        if self.case.status != "decided":
            self.move("working")

    def wait_for_others(self):
        """The case waits for somebody who is neither the city nor the applicant; its clock stands still."""
        if self.case.status != "decided":
            self.move("awaiting_third_party")

    def wait(self):
        """The case waits for the applicant, and its clock stands still (after the decision it has run)."""
        if self.case.status != "decided":
            self.move("awaiting_applicant")


def begin(case, actor, sheet=None):
    """A run over `case`, which the caller has locked; `sheet`: its answers, if they are evaluated already."""
    return Run(case=case, actor=actor, bundle=case.definition.bundle, sheet=sheet)


def open_step(run, key, step, **extra):
    """A new round of a step, active."""
    last = run.case.steps.filter(key=key).order_by("-round").first()
    values = {"due_on": run.day_after(step.get("due")), **extra}
    return Step.objects.create(
        case=run.case, code=run.case.code, key=key, round=last.round + 1 if last else 1, type=step["type"], **values
    )


def finish_step(active, outcome, state="done"):
    """Close an active step."""
    active.state, active.outcome, active.done_at = state, outcome, now()
    active.save(update_fields=["state", "outcome", "done_at", "answers"])


def ask(run, *, key, fields, message, due, resume="", expires=True, notice=""):
    """Ask the applicant to answer `fields` again, until the day `due`; the case waits, and its clock stands still.

    Where it does not expire, `due` is only the day by which an answer is hoped for.
    """
    run.wait()
    said = {"due_on": due, "fields": fields, "message": message, "resume": resume}
    asked = open_step(run, key, {"type": "ask_applicant"}, **said)
    run.say("asked", {"step": key, "fields": fields, "due": asked.due_on.isoformat()}, {"message": message})
    if expires:
        expire_at(run, asked)
        remind_at(run, asked, run.steps.get(key, {}).get("remind", REMIND))
    notify(run, notice or run.bundle["notices"]["correction"], f"ask:{asked.id}", asked=asked)


def expire_at(run, step):
    """Set the timer that ends the waiting at the end of the last day."""
    fire_at(run, step, f"expire:{step.id}", datetime.combine(step.due_on, time.max, tzinfo=TOKYO))


def remind_at(run, step, before):
    """Set the timers that remind whoever is waited for, so long before the last day (["P3D"])."""
    for duration in before if step.due_on else ():
        day = parse_duration(duration).before(step.due_on, scope.calendar_of(run.bundle))
        if day > today():
            remind_on(run, step, day, "remind", duration)


def remind_on(run, step, day, do, name=""):
    """In the morning of `day`, do what `waiting.DOES` names; nothing of the case depends on it."""
    enqueue(
        port="procedures.remind",
        key=f"{do}:{step.id}:{name}",
        payload={"case": str(run.case.id), "step": step.id, "do": do},
        owner=run.case.owner,
        due_at=datetime.combine(day, MORNING, tzinfo=TOKYO),
    )


def fire_at(run, step, key, moment):
    """Set a timer for an open step."""
    enqueue(
        port="procedures.timer",
        key=key,
        payload={"case": str(run.case.id), "step": step.id},
        owner=run.case.owner,
        due_at=moment,
    )


def close(run, status, result):
    """End the case: nothing is left waiting, and the day it may be destroyed is known."""
    case = run.case
    run.move(status)
    case.result = result
    case.closed_at = now()
    case.retention_until = rules.retention_end(today(), run.bundle["retention"]["years"])
    case.steps.filter(state="active").update(state="cancelled", done_at=case.closed_at)
    for port in ("procedures.timer", "procedures.remind"):
        cancel_effects(owner=case.owner, port=port)
    filed = file_case(case)
    if filed:
        case.retention_until = filed.kept_until
    case.save()
    run.say("ended", {"result": result, "status": status})
