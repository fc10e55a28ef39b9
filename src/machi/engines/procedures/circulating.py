"""Sending a case round for reading (供覧): to named posts, and to the first post of each unit."""

from datetime import datetime, time

from machi.engines.approvals import public as approvals
from machi.engines.people import public as people
from machi.engines.procedures import flow, scope
from machi.engines.procedures.answers import seal_of
from machi.ground.calendar import TOKYO
from machi.ground.languages import pick


def circulate(run, key, step):
    """Send the case round; whether the flow waits until all have read it."""
    seen = run.values()
    named = run.evaluate(step["units"], seen) if step["units"] else []
    opened = approvals.circulate(
        owner=run.case.owner,
        key=key,
        digest=seal_of(run.case, {"seal": []}),
        title=pick(step["title"], "ja"),
        posts=[*step["to"], *_first_posts(named or [])],
        unit=run.case.unit,
        drafter=run.case.written_by,
        actor=run.actor,
    )
    waits = step["wait"] and opened.state == "reading"
    if waits:
        run.work()
    active = flow.open_step(run, key, step, unit=run.case.unit)
    run.say("circulated", {"step": key, "posts": [slot.post for slot in opened.slots.all()]})
    if not waits:
        flow.finish_step(active, "")
    elif active.due_on:
        end = datetime.combine(active.due_on, time.max, tzinfo=TOKYO)
        flow.fire_at(run, active, f"expire:{active.id}", end)
    return waits


def _first_posts(codes):
    """The first post of each of these units: who reads for it."""
    open_units = [code for code in codes if scope.unit_code(code, "") == code]
    posts = people.Post.objects.filter(unit__in=open_units, closed_on=None).order_by("unit__order", "order")
    first = {}
    for post in posts:
        first.setdefault(post.unit_id, post.code)
    return list(first.values())
