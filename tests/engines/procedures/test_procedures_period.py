"""When applications are taken: before and after, people are told, in their language, and lose nothing."""

from datetime import datetime

import pytest
import time_machine
from django.utils import translation
from small_procedure import load_beside, small, smaller

from machi.engines.audit.define import Actor
from machi.engines.definitions.public import current
from machi.engines.procedures import public as procedures
from machi.engines.procedures.compile_period import period_faults
from machi.engines.questions.models import Draft
from machi.ground.calendar import TOKYO
from machi.ground.ids import new_id
from machi.ground.languages import LANGUAGES

NOVEMBER = {"period": {"opens": "2026-11-02T08:30", "closes": "2026-11-30"}}


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ((2026, 11, 2, 8, 29), "受付は、令和8年11月2日（月） 8時30分に始まります。"),
        ((2026, 11, 2, 8, 30), ""),
        ((2026, 11, 30, 23, 59), ""),
        ((2026, 12, 1, 0, 0), "受付は、令和8年11月30日（月）で終わりました。"),
    ],
)
def test_applications_are_taken_from_the_first_moment_to_the_end_of_the_last_day(at, said):
    assert procedures.not_taken(NOVEMBER, datetime(*at, tzinfo=TOKYO)) == said


def test_it_is_said_in_the_language_of_the_reader():
    said = set()
    for one in LANGUAGES:
        with translation.override(one.code):
            said |= {procedures.not_taken(NOVEMBER, datetime(2026, 1, 1, tzinfo=TOKYO))}
            assert "2026" in procedures.period_words(NOVEMBER) or one.code == "ja"
    assert len(said) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("period", "path"),
    [({"opens": "2026-02-30"}, "opens"), ({"opens": "2026-05-02", "closes": "2026-05-01"}, "closes")],
)
def test_days_that_cannot_be_are_faults(period, path):
    assert [fault.path for fault in period_faults({"period": period})] == [("period", path)]


@pytest.fixture
def summer(joso, tmp_path):
    """A procedure that takes applications in July 2026 only."""
    load_beside(tmp_path, {**smaller(), "period": {"opens": "2026-07-01", "closes": "2026-07-31"}})
    return current("procedure", small()["code"])


def send_to(version, origin="web"):
    sender = procedures.Sender(actor=Actor(kind="machine", name="test"), origin=origin)
    answers = {"name": "花子", "route": "a", "copies": 1, "email": "a@joso.example"}
    return procedures.submit(version=version, answers=answers, sender=sender, command_id=new_id())


def test_after_the_end_nothing_is_sent_but_what_was_written_in_time_is_typed_in_later(summer):
    with time_machine.travel("2026-08-01T00:00+09:00"), pytest.raises(procedures.Refused, match="消えていません"):
        send_to(summer)
    with time_machine.travel("2026-07-31T23:59+09:00"):
        assert send_to(summer).number
    with time_machine.travel("2026-08-03T09:00+09:00"):
        assert send_to(summer, origin="counter").number


def test_before_the_beginning_the_page_says_when_and_nothing_is_begun(client, summer):
    with time_machine.travel("2026-06-30T10:00+09:00"):
        page = client.get("/procedures/test.small/", headers={"accept-language": "pt-br"}).content.decode()
        client.post("/procedures/test.small/start/")
        told = client.get("/api/v1/procedures/test.small").json()["period"]

    assert "1 de julho de 2026" in page
    assert "/start/" not in page
    assert not Draft.objects.exists()
    assert told == {"opens": "2026-07-01", "closes": "2026-07-31"}
