"""The step that marks days of the drafter in the sheet of attendance; and taking that back with the case.

Whoever is away for whole days is entered as absent, so that approvals go to their deputy.
"""

from contextlib import suppress
from datetime import time, timedelta

from machi.engines.attendance import public as attendance
from machi.engines.people import public as people
from machi.engines.procedures import flow, rules

ABSENT = {"leave": "leave", "travel": "trip"}


def attend(run, key, step):
    """Carry out the step. Returns the step that follows."""
    seen = run.values()
    names = ("first", "last", "starts", "ends")
    said = {name: run.evaluate(step[name], seen) if step[name] else None for name in names}
    marked = attendance.mark(
        person=people.account(run.case.drafter["account"]).person,
        kind=step["mark"],
        days=(said["first"], said["last"] or said["first"]),
        times=(_time(said["starts"]), _time(said["ends"])),
        title=run.evaluate(step["label"], seen) or "",
        source=run.case.owner,
        actor=run.actor,
    )
    _be_absent(marked, run.actor)
    flow.finish_step(flow.open_step(run, key, step), "")
    run.say("attended", {"step": key})
    return rules.choose(step["next"], lambda text: run.evaluate(text, seen))


def take_back(run):
    """What the case marked does not count any more."""
    for mark in attendance.cancel_marks(source=run.case.owner, actor=run.actor):
        for absence in people.absences_from_today([mark.person]):
            if (absence.during.lower, absence.during.upper - timedelta(days=1)) == (mark.first, mark.last):
                people.take_back_absence(absence_id=absence.pk, actor=run.actor)


def _be_absent(mark, actor):
    """Enter the absence of whole days, where none is entered and they are not over."""
    if mark.kind in ABSENT and mark.starts is None:
        with suppress(people.AbsenceRefused):
            people.enter_absence(
                person=mark.person, kind=ABSENT[mark.kind], first=mark.first, last=mark.last, actor=actor
            )


def _time(text):
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
