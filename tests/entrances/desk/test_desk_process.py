"""The way of approvals across the hall: days by unit and level, where it waits now, and nothing of what it is about."""

from datetime import timedelta

import pytest
import time_machine

from fixtures.drafts import mark, office_draft
from machi.ground.calendar import now

CHIEF, DIRECTOR = "doro.kacho", "kensetsu.bucho"


@pytest.fixture
def decided(joso):
    """A draft that waited two days for the chief and three for the director; and one that waits for the chief now."""
    begun = now() - timedelta(days=6)
    with time_machine.travel(begun):
        case = office_draft(subject="街灯の修繕")
    with time_machine.travel(begun + timedelta(days=2)):
        case = mark(case, "approve", CHIEF)
    with time_machine.travel(begun + timedelta(days=5)):
        mark(case, "approve", DIRECTOR)
    return office_draft(subject="ひみつの件名")


def pictures(client, **asked):
    answer = client.get("/desk/approvals/process/", asked)
    return answer, [[(row["name"], row["said"]) for row in one["rows"]] for one in answer.context["pictures"]]


def test_days_are_counted_by_unit_and_by_level_and_where_it_waits_now(sign_in, decided):
    answer, (waiting, units, levels) = pictures(sign_in("doro.tanto"))

    assert waiting == [("道路課課長", "1件")]
    assert units == [("都市建設部", "3.0日"), ("道路課", "2.0日")]
    assert levels == [("1段目", "2.0日"), ("2段目", "3.0日")]
    assert dict(answer.context["whole"])["起案から決裁まで（中央値）"] == "5.0日"
    assert "ひみつの件名" in answer.content.decode()


def test_everybody_sees_the_numbers_and_only_who_may_the_subject(sign_in, decided):
    answer, (waiting, units, _levels) = pictures(sign_in("kankyo.tanto"))

    assert waiting and units
    assert "ひみつの件名" not in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "waits", "took"),
    [({"procedure": "office.draft"}, 1, 2), ({"procedure": "office.telework"}, 0, 0), ({"unit": "roads"}, 1, 2),
     ({"unit": "environment"}, 0, 0), ({"days": "x"}, 1, 2)],
)  # fmt: skip
def test_it_is_narrowed_by_procedure_unit_and_period(sign_in, decided, asked, waits, took):
    _answer, (waiting, units, _levels) = pictures(sign_in("doro.tanto"), **asked)
    assert (len(waiting), len(units)) == (waits, took)
