"""Time in a case: promised days, clocks that stand still, timers that end the waiting."""

import shutil
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from small_procedure import load_beside, smaller

from fixtures.cases import (
    BULKY,
    CERTIFICATE,
    VOICE,
    act,
    active,
    applicant,
    bulky,
    certificate,
    person,
    send,
    voice,
)
from fixtures.databases import ROOT
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import drafts, load, publish
from machi.engines.effects.define import jobs
from machi.engines.effects.models import Effect
from machi.engines.effects.public import work_once
from machi.engines.procedures import public as procedures
from machi.engines.procedures.actions import fire_timer
from machi.ground.calendar import today

pytestmark = pytest.mark.usefixtures("joso")


@contextmanager
def on(day):
    """It is ten in the morning of `day`."""
    with time_machine.travel(f"{day}T10:00+09:00", tick=True):
        yield


def timers(case):
    return Effect.objects.filter(owner=case.owner, port="procedures.timer", state="pending")


def test_promised_days_are_business_days_without_weekends_and_holidays():
    with on("2027-01-07"):  # a Thursday; Monday the 11th is 成人の日
        case = send(CERTIFICATE, certificate(), mail="hanako")

    assert case.due_on == date(2027, 1, 15)
    assert case.steps.get(key="check").due_on == date(2027, 1, 8)


def test_an_extra_closed_day_of_the_city_moves_the_promise(tmp_path):
    packages = tmp_path / "municipality"
    shutil.copytree(ROOT / "packages/municipality", packages)
    office = packages / "calendar/calendars/office.yaml"
    words = office.read_text("utf-8")
    office.write_text(words.replace("closed:", "closed:\n  dates: [2027-01-08]", 1), "utf-8")
    assert not load(folders=[packages, ROOT / "cities/joso"], actor=SYSTEM).errors
    for draft in sorted(drafts(), key=lambda one: one.kind):
        publish(version_id=draft.id, actor=person("digital.kokai"), note="臨時の閉庁")

    with on("2027-01-07"):
        assert send(CERTIFICATE, certificate(), mail="hanako").due_on == date(2027, 1, 18)


def test_the_clock_stands_still_while_the_applicant_is_asked():
    with on("2027-01-07"):
        case = send(CERTIFICATE, certificate(), mail="hanako")
        fields = {"fields": ["purpose"], "message": "確かめてください。"}
        case = act(case, "ask_correction", person("shimin.tanto"), **fields)
        assert case.paused_on == date(2027, 1, 7)
    with on("2027-01-13"):
        case = act(case, "correct", person("hanako"), answers={"purpose": "bank"})

    # The 8th, 12th and 13th were business days: three more than the 15th.
    assert (case.paused_on, case.due_on) == (None, date(2027, 1, 20))
    assert case.steps.get(key="check", state="active").due_on == date(2027, 1, 14)
    assert not timers(case).exists()


def test_when_no_correction_comes_the_step_goes_on_with_what_was_said():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case = act(case, "ask_correction", person("shimin.tanto"), fields=["purpose"], message="確かめてください。")
    asked = case.steps.get(state="active")
    assert asked.due_on == today() + timedelta(days=14)

    with on(asked.due_on):
        work_once()
    assert active(case) == ["correction"], "the last day belongs to the applicant"
    with on(asked.due_on + timedelta(days=1)):
        work_once()
        work_once()

    case.refresh_from_db()
    assert (case.status, active(case), case.revision) == ("working", ["check"], 3)
    assert case.steps.get(key="correction").outcome == "expired"
    assert procedures.answers_of(case)["purpose"] == "work"


def test_when_no_other_day_is_chosen_the_pickup_lapses():
    clerk = person("kankyo.tanto")
    case = act(send(BULKY, bulky()), "complete", clerk, outcome="absent")

    with on(today() + timedelta(days=15)):
        work_once()

    case.refresh_from_db()
    assert (case.status, case.result, active(case)) == ("closed", "lapsed", [])


def test_a_timer_that_comes_too_late_changes_nothing():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case = act(case, "ask_correction", person("shimin.tanto"), fields=["purpose"], message="確かめてください。")
    asked = case.steps.get(state="active")
    case = act(case, "correct", person("hanako"), answers={"purpose": "bank"})

    fire_timer(case_id=case.id, step_id=asked.id)
    case = act(case, "withdraw", person("hanako"))
    fire_timer(case_id=case.id, step_id=asked.id)

    assert procedures.Case.objects.get(id=case.id).revision == case.revision == 4


def test_an_ended_case_leaves_no_timer_behind():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case = act(case, "ask_correction", person("shimin.tanto"), fields=["purpose"], message="確かめてください。")
    assert timers(case).count() == 1

    act(case, "void", person("shimin.kacho"), reason="二重")

    assert not timers(case).exists()


@pytest.fixture
def small_version(tmp_path):
    """The small procedure, published beside the city's own."""
    load_beside(tmp_path, smaller())


def send_small(**more):
    return send("test.small", {"name": "山田", "route": "a", "copies": 2, "email": "a@joso.example", **more})


def test_a_flow_waits_for_its_money_and_then_until_its_day(small_version):
    clerk = person("shimin.tanto")
    case = send_small()
    assert (case.status, active(case)) == ("awaiting_applicant", ["charge"])

    (charge,) = procedures.what_it_holds(case)["charges"]
    case = act(case, "take_payment", clerk, charge=str(charge.id))
    assert (case.status, active(case)) == ("working", ["rest"])
    day = case.steps.get(state="active").due_on
    assert day == today() + timedelta(days=10)

    with on(day - timedelta(days=1)):
        work_once()
    assert active(case) == ["rest"]
    with on(day):
        work_once()
    case.refresh_from_db()
    assert (case.status, case.result) == ("closed", "completed")


def test_money_that_does_not_come_ends_the_waiting(small_version):
    case = send_small()
    assert case.steps.get(state="active").due_on > today()

    with on(today() + timedelta(days=10)):
        work_once()

    case.refresh_from_db()
    assert (case.status, case.result) == ("closed", "refused")


def test_a_rule_to_cancel_may_look_at_what_staff_found(small_version):
    case = send_small(copies=4)
    assert procedures.reason_not_to_withdraw(case, applicant(case)) == ""

    case = act(case, "complete", person("shimin.tanto"), outcome="ok", answers={})

    assert procedures.reason_not_to_withdraw(case, applicant(case)) == "審査のあとは取り下げられません。"


def test_the_steps_of_a_case_are_opened_one_after_the_other():
    clerk = person("doro.tanto")
    case = act(send(VOICE, voice()), "complete", clerk, outcome="propose", answers={"answer": "はい。"})

    opened = list(case.steps.order_by("id").values_list("opened_at", flat=True))
    assert all(before <= after for before, after in pairwise(opened))


def test_what_must_be_tidied_up_regularly_is_known_to_the_workers():
    regular = ("bookings.expire", "questions.expire_drafts", "files.purge_orphans")
    assert {name: jobs[name].every for name in regular} == {
        "bookings.expire": timedelta(hours=1),
        "questions.expire_drafts": timedelta(days=1),
        "files.purge_orphans": timedelta(days=1),
    }  # fmt: skip
    for name in ("bookings.expire", "questions.expire_drafts", "files.purge_orphans"):
        jobs[name].run()
