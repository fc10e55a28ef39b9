"""Timers of cases, fired by the effects worker; and what is tidied up regularly in the engines below."""

from datetime import timedelta

from machi.engines.bookings import public as bookings
from machi.engines.effects.define import Done, Job, Port
from machi.engines.files import public as files
from machi.engines.procedures.actions import fire_timer
from machi.engines.procedures.approval_reminders import remind
from machi.engines.questions import public as questions


def execute(effect):
    """Fire one timer."""
    fire_timer(case_id=effect.payload["case"], step_id=effect.payload["step"])
    return Done()


TIMER = Port(name="procedures.timer", execute=execute, local=True)
JOBS = (
    Job("procedures.approval_reminders", timedelta(days=1), remind),
    Job("bookings.expire", timedelta(hours=1), bookings.expire),
    Job("questions.expire_drafts", timedelta(days=1), questions.expire_drafts),
    Job("files.purge_orphans", timedelta(days=1), files.purge_orphans),
)
