"""What time does while a step waits: reminders, escalation to the head of the unit, the daily mail, the clock."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine

from fixtures.cases import BULKY, CERTIFICATE, VOICE, account, act, bulky, certificate, person, send, voice
from machi.engines.effects.models import Effect
from machi.engines.effects.public import work_once
from machi.engines.notices.models import Delivery, Notice
from machi.engines.people.public import heads_of
from machi.engines.procedures import digest
from machi.engines.procedures import public as procedures

pytestmark = pytest.mark.usefixtures("joso")


@contextmanager
def on(day, hour="10:00"):
    with time_machine.travel(f"{day}T{hour}+09:00", tick=True):
        yield


def work_all():
    while work_once(limit=50):
        pass


def mails_to(mail):
    return list(Delivery.objects.filter(address=f"{mail}@joso.example").values_list("notice__subject", flat=True))


def asked_case():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    return act(case, "ask_correction", person("shimin.tanto"), fields=["purpose"], message="確かめてください。")


def test_whoever_was_asked_is_reminded_three_days_before_the_end():
    with on("2027-01-07"):
        case = asked_case()
    due, revision = case.steps.get(state="active").due_on, case.revision

    with on(due - timedelta(days=4)):
        work_all()
    assert not Notice.objects.filter(code="general.reminder").exists()
    with on(due - timedelta(days=3)):
        work_all()

    case.refresh_from_db()
    assert Notice.objects.filter(owner=case.owner, code="general.reminder").count() == 1
    assert case.revision == revision, "a reminder changes nothing that somebody else looks at"


def test_whoever_has_answered_is_not_reminded():
    with on("2027-01-07"):
        case = asked_case()
        due = case.steps.get(state="active").due_on
        act(case, "correct", person("hanako"), answers={"purpose": "bank"})
    with on(due - timedelta(days=3)):
        work_all()
    assert not Notice.objects.filter(code="general.reminder").exists()


def test_the_day_before_a_booked_day_says_so():
    case = send(BULKY, bulky())
    (booked,) = procedures.what_it_holds(case)["bookings"]
    with on(booked.day - timedelta(days=1)):
        work_all()
    told = Notice.objects.filter(owner=case.owner, code="general.booking_reminder")
    assert [str(booked.day.day) in one.text for one in told] == [True]


def test_a_late_step_is_told_to_the_head_of_its_unit_once():
    with on("2027-01-07"):
        case = send(CERTIFICATE, certificate(), mail="hanako")
    due = case.steps.get(key="check").due_on  # the 8th; three business days after it is the 14th

    for day in ("2027-01-13", "2027-01-14", "2027-01-15"):
        with on(day):
            work_all()

    assert str(due) == "2027-01-08"
    late = [subject for subject in mails_to("shimin.kacho") if "期限を過ぎています" in subject]
    assert len(late) == 1 and str(case) in late[0]
    assert [entry.verb for entry in procedures.timeline(case)].count("escalated") == 1


def test_a_step_done_in_time_is_told_to_nobody():
    with on("2027-01-07"):
        case = send(VOICE, voice())
        act(case, "void", person("doro.kacho"), reason="二重")
    with on("2027-03-01"):
        work_all()
    assert not Notice.objects.filter(subject__contains="期限を過ぎています").exists()


def test_where_the_first_post_is_vacant_the_next_heads_the_unit_and_above_it_the_unit_above():
    assert [one.email for one in heads_of("citizens")] == ["shimin.kacho@joso.example"]
    assert [one.email for one in heads_of("counter")] == ["kurashi.tanto@joso.example"], "no chief, no deputy"
    assert heads_of("welfare")[0].email == "shicho@joso.example", "nobody sits in the section, nor in the department"


def test_staff_get_one_mail_on_a_business_day_and_none_without_work():
    with on("2027-01-07"):
        case = send(CERTIFICATE, certificate(), mail="hanako")
        digest.plan_next()
        digest.plan_next()
    assert Effect.objects.filter(port="procedures.digest").count() == 1

    with on("2027-01-08", "08:31"):
        work_all()

    (subject,) = mails_to("shimin.tanto")
    assert "新着 1件" in subject
    assert mails_to("gakko.tanto") == [], "nothing waits there"
    text = Notice.objects.get(subject=subject, deliveries__address="shimin.tanto@joso.example").text
    assert "/desk/digest/" in text and "山田" not in text
    assert case.is_open


def test_the_mail_can_be_switched_off_by_each():
    procedures.switch_digest(account_id=account("shimin.tanto").pk, on=False)
    with on("2027-01-07"):
        send(CERTIFICATE, certificate(), mail="hanako")
        digest.plan_next()
    with on("2027-01-08", "08:31"):
        work_all()

    assert mails_to("shimin.tanto") == []
    assert len(mails_to("shimin.kacho")) == 1


def test_no_mail_at_the_weekend_and_yesterdays_is_not_sent_late():
    with on("2027-01-08"):  # a Friday; Monday the 11th is 成人の日
        digest.plan_next()
    effect = Effect.objects.get(port="procedures.digest")
    assert effect.payload["day"] == "2027-01-12"
    with on("2027-01-13"):
        work_all()
    assert not Notice.objects.filter(owner__startswith="staff:").exists()


def test_days_in_which_others_are_waited_for_do_not_count():
    with on("2027-01-07"):
        case = asked_case()
    with on("2027-01-13"):
        standing = procedures.clock_of(procedures.Case.objects.get(id=case.id))
        case = act(case, "correct", person("hanako"), answers={"purpose": "bank"})
    with on("2027-01-14"):
        after = procedures.clock_of(case)

    assert (standing.elapsed, standing.counted, standing.stopped) == (3, 0, 3)
    assert (after.elapsed, after.counted, after.business) == (4, 1, True)
