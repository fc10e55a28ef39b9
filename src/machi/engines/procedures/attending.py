"""The step that marks days of the drafter in the sheet of attendance; and taking that back with the case."""

from datetime import time

from machi.engines.attendance import public as attendance
from machi.engines.people import public as people
from machi.engines.procedures import flow, rules


def attend(run, key, step):
    """Carry out the step. Returns the step that follows."""
    seen = run.values()
    names = ("first", "last", "starts", "ends")
    said = {name: run.evaluate(step[name], seen) if step[name] else None for name in names}
    attendance.mark(
        person=people.account(run.case.drafter["account"]).person,
        kind=step["mark"],
        days=(said["first"], said["last"] or said["first"]),
        times=(_time(said["starts"]), _time(said["ends"])),
        title=run.evaluate(step["label"], seen) or "",
        source=run.case.owner,
        actor=run.actor,
    )
    flow.finish_step(flow.open_step(run, key, step), "")
    run.say("attended", {"step": key})
    return rules.choose(step["next"], lambda text: run.evaluate(text, seen))


def take_back(run):
    """What the case marked does not count any more."""
    attendance.cancel_marks(source=run.case.owner, actor=run.actor)


def _time(text):
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
