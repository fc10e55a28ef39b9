"""What is asked after the decision: a page that nobody sees at first, a day that the answers give, its own notice."""

from datetime import date

import pytest
import time_machine
from small_procedure import faults, load_beside, small, smaller

from fixtures.cases import act, active, applicant, send
from machi.engines.effects.public import work_once
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures

pytestmark = pytest.mark.usefixtures("joso")
ANSWERS = {"name": "山田", "route": "a", "copies": 9, "email": "a@joso.example", "ends_on": "2027-03-31"}


def reporting():
    """The small procedure, asking for a report until twenty days after what was applied for has ended."""
    source = smaller()
    source["fields"] += [
        {"key": "ends_on", "type": "date", "label": "終わる日"},
        {"key": "report", "type": "text", "label": "報告", "required": True},
    ]
    source["pages"][0]["fields"].append("ends_on")
    source["pages"].append({"key": "report", "title": "報告", "fields": ["report"], "later": True})
    steps = source["flow"]["steps"]
    ask = steps["ask"]
    ask |= {"fields": ["report"], "by": "add_days(ends_on, 20)", "notice": "notice/general.asked"}
    ask["outcomes"]["done"] = "done"
    steps["receive"]["next"] = "ask"
    source["flow"]["steps"] = {key: steps[key] for key in ("receive", "ask", "done", "refused")}
    del source["cancel"]
    return source


@pytest.fixture
def reports(tmp_path):
    load_beside(tmp_path, reporting())


def report(case, said):
    return act(case, "correct", applicant(case), answers={"report": said})


def test_the_report_is_asked_by_its_day_and_only_then_part_of_the_answers(reports):
    with time_machine.travel("2027-02-01T10:00+09:00"):
        case = send("test.small", ANSWERS)

    assert (active(case), case.steps.get(state="active").due_on) == (["ask"], date(2027, 4, 20))
    assert Notice.objects.filter(owner=case.owner, code="general.asked").exists()
    assert "report" not in procedures.sheet_of(case).errors

    with time_machine.travel("2027-04-05T10:00+09:00"):
        with pytest.raises(procedures.Refused) as refused:
            report(case, "")
        case = report(case, "開いた")
    assert list(refused.value.errors) == ["report"]
    assert (case.status, procedures.answers_of(case)["report"]) == ("closed", "開いた")


def test_who_applied_after_that_day_still_has_the_days_of_the_step(reports):
    with time_machine.travel("2027-05-01T10:00+09:00"):
        case = send("test.small", ANSWERS)
        assert case.steps.get(state="active").due_on == date(2027, 5, 8)

    with time_machine.travel("2027-05-10T10:00+09:00"):
        work_once()
    case.refresh_from_db()
    assert (case.status, case.result) == ("closed", "refused")


def test_a_page_for_later_must_be_asked_for_by_a_step():
    source = small()
    source["fields"].append({"key": "report", "type": "text", "label": "報告"})
    source["pages"].append({"key": "report", "title": "報告", "fields": ["report"], "later": True})

    assert faults(source)[0][0] == ("pages", 1, "later")
