"""What waits too long: the holder is reminded once, then the post above, and each morning everybody has their sum."""

from datetime import datetime, timedelta

import pytest
import time_machine

from fixtures.cases import account
from fixtures.drafts import mark, office_draft
from machi.engines.audit.define import SYSTEM
from machi.engines.notices.models import Notice
from machi.engines.people.public import enter_absence
from machi.engines.procedures.approval_reminders import DAILY, DUE, LATE, remind
from machi.ground.calendar import OFFICE, TOKYO, today

CHIEF, DEPUTY, DIRECTOR = "doro.kacho", "doro.hosa", "kensetsu.bucho"

pytestmark = pytest.mark.usefixtures("joso")


def on_business_day(number):
    """Ten in the morning, so many days of work from today."""
    day = OFFICE.add_business_days(today(), number)
    return time_machine.travel(datetime(day.year, day.month, day.day, 10, tzinfo=TOKYO))


def told(notice):
    found = Notice.objects.filter(code=notice).order_by("created_at").values_list("account__email", flat=True)
    return [mail.partition("@")[0] for mail in found]


def test_in_time_nobody_is_reminded_but_everybody_has_their_sum():
    office_draft()
    with on_business_day(1):
        remind()

    assert (told(DUE), told(LATE), told(DAILY)) == ([], [], [CHIEF])
    assert Notice.objects.get(code=DAILY).subject == "今日の決裁：1件が待っています"


def test_the_holder_is_reminded_once_and_then_the_post_above_is_told():
    case = office_draft()
    with on_business_day(4):
        remind()
        remind()
        assert (told(DUE), told(LATE)) == ([CHIEF], [])
        assert f"/desk/cases/{case.id}/" in Notice.objects.get(code=DUE).text
    with on_business_day(7):
        remind()
    assert (told(DUE), told(LATE)) == ([CHIEF], [DIRECTOR])


def test_while_the_holder_is_away_the_deputy_is_reminded():
    office_draft(item="inquiry", amount=None, contract=None)
    far = today() + timedelta(days=60)
    enter_absence(person=account(CHIEF).person, kind="trip", first=today(), last=far, actor=SYSTEM)
    with on_business_day(4):
        remind()

    assert told(DUE) == [DEPUTY]


def test_on_a_closed_day_nobody_is_disturbed():
    office_draft()
    with time_machine.travel("2027-01-01T10:00+09:00"):
        remind()
    assert told(DUE) == []


def test_what_is_decided_is_not_reminded_of():
    mark(mark(office_draft(), "approve", CHIEF), "approve", DIRECTOR)
    with on_business_day(7):
        remind()
    assert (told(DUE), told(DAILY)) == ([], [])
