"""Timers of cases, fired by the effects worker; and what is tidied up regularly in the engines below."""

from datetime import timedelta

from machi.engines.bookings import public as bookings
from machi.engines.effects.define import Done, Job, Port
from machi.engines.files import public as files
from machi.engines.procedures import digest
from machi.engines.procedures.actions import fire_reminder, fire_timer
from machi.engines.procedures.approval_reminders import remind as remind_of_approvals
from machi.engines.procedures.filed import file_ended
from machi.engines.questions import public as questions


def execute(effect):
    """Fire one timer."""
    fire_timer(case_id=effect.payload["case"], step_id=effect.payload["step"])
    return Done()


def remind(effect):
    """Fire one reminder."""
    said = effect.payload
    fire_reminder(case_id=said["case"], step_id=said["step"], do=said["do"])
    return Done()


REMINDER = Port(name="procedures.remind", execute=remind, local=True)
TIMER = Port(name="procedures.timer", execute=execute, local=True)
JOBS = (
    Job("procedures.plan_digest", timedelta(hours=1), digest.plan_next),
    Job("procedures.approval_reminders", timedelta(days=1), remind_of_approvals),
    Job("procedures.file_ended", timedelta(days=1), file_ended),
    Job("bookings.expire", timedelta(hours=1), bookings.expire),
    Job("questions.expire_drafts", timedelta(days=1), questions.expire_drafts),
    Job("files.purge_orphans", timedelta(days=1), files.purge_orphans),
)
