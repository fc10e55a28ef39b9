"""What is done regularly: everybody's month of overtime is opened."""

from datetime import timedelta

from machi.engines.attendance.leave import open_overtime
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current
from machi.engines.effects.define import Job
from machi.ground.calendar import add_months, today

from .define import OVERTIME_BOOK

AGREED = 45 * 60  # minutes a month (労働基準法第36条第4項)


def open_months():
    """Open everybody's overtime for this month and the next."""
    if current("book", OVERTIME_BOOK) is None:
        return
    for day in (today(), add_months(today().replace(day=1), 1)):
        open_overtime(day=day, limit=AGREED, actor=SYSTEM)


JOBS = (Job("attendance.open_months", timedelta(hours=12), open_months),)
