"""Sample cases: every course ends where its name says, and nothing of it reaches anybody."""

from datetime import timedelta
from pathlib import Path

import pytest

from machi.engines.approvals import public as approvals
from machi.engines.audit.public import verify
from machi.engines.effects.public import Effect
from machi.engines.filing import public as filing
from machi.engines.notices.public import Notice
from machi.engines.procedures import public as procedures
from machi.ground.calendar import now
from machi.house.demo import bulky, certificates, drafts, papers, voices
from machi.house.demo.actions import NotInDevelopment, make_cases
from machi.house.demo.define import Course, read_cases
from machi.house.demo.stage import Stage

play = Stage.play
CASES = Path(__file__).resolve().parents[2] / "cities" / "joso" / "demo" / "cases.yaml"
FILE = read_cases(CASES)
PLAYS = {
    voices.VoiceScene.code: voices.COURSES,
    bulky.BulkyScene.code: bulky.COURSES,
    certificates.CertificateScene.code: certificates.COURSES,
    drafts.DraftScene.code: drafts.COURSES,
    "filing": papers.COURSES,
}


def script(code, *courses):
    """The script of the city with these courses alone, one case each."""
    return FILE.model_copy(update={"courses": {code: list(courses)}})


def long_ago(name):
    return Course(course=name, count=1, ago=(60, 60))


def played(code, name, *, ago=(60, 60)):
    """The one case that went the way `name`."""
    assert make_cases(script(code, Course(course=name, count=1, ago=ago))) == 1
    return procedures.Case.objects.get(sample=True)


def test_every_course_of_the_file_is_known_and_there_are_about_300_cases():
    unknown = [c.course for code, courses in FILE.courses.items() for c in courses if c.course not in PLAYS[code]]

    assert unknown == []
    counts = [course.count for code, courses in FILE.courses.items() for course in courses if code != "filing"]
    assert 270 <= sum(counts) <= 330


@pytest.mark.parametrize(
    ("code", "name", "status", "result", "step"),
    [
        ("voice.citizen_voice", "published", "closed", "completed", None),
        ("voice.citizen_voice", "sent_back", "closed", "completed", None),
        ("voice.citizen_voice", "noted", "closed", "dismissed", None),
        ("voice.citizen_voice", "transferred", "closed", "completed", None),
        ("voice.citizen_voice", "taken_back", "closed", "completed", None),
        ("voice.citizen_voice", "reopened", "working", "", "answer"),
        ("voice.citizen_voice", "withdrawn", "withdrawn", "cancelled", None),
        ("voice.citizen_voice", "void", "void", "cancelled", None),
        ("voice.citizen_voice", "claimed", "working", "", "answer"),
        ("voice.citizen_voice", "to_approve", "working", "", "approve"),
        ("voice.citizen_voice", "to_publish", "working", "", "redact"),
        ("waste.bulky_pickup", "collected", "closed", "completed", None),
        ("waste.bulky_pickup", "exempted", "closed", "completed", None),
        ("waste.bulky_pickup", "absent_again", "closed", "completed", None),
        ("waste.bulky_pickup", "absent_lapsed", "closed", "lapsed", None),
        ("waste.bulky_pickup", "absent_waiting", "awaiting_applicant", "", "again"),
        ("waste.bulky_pickup", "mismatch", "closed", "completed", None),
        ("waste.bulky_pickup", "withdrawn", "withdrawn", "cancelled", None),
        ("waste.bulky_pickup", "void", "void", "cancelled", None),
        ("waste.bulky_pickup", "uncollected", "working", "", "collect"),
        ("waste.bulky_pickup", "correction", "awaiting_applicant", "", "correction"),
        ("waste.bulky_pickup", "corrected", "working", "", "check"),
        ("waste.bulky_pickup", "to_refuse", "working", "", "decision"),
        ("waste.bulky_pickup", "refused", "closed", "refused", None),
        ("office.draft", "waiting", "working", "", "consent"),
        ("office.draft", "held", "working", "", "consent"),
        ("office.draft", "returned", "awaiting_applicant", "", "correction"),
        ("office.draft", "again", "working", "", "consent"),
        ("office.draft", "consulted", "working", "", "consent"),
        ("office.draft", "to_act", "decided", "", "act"),
        ("office.draft", "acted", "closed", "completed", None),
        ("office.draft", "decided", "closed", "completed", None),
        ("office.draft", "rejected", "closed", "refused", None),
        ("residents.residence_certificate", "handed", "closed", "granted", None),
        ("residents.residence_certificate", "handed_after_correction", "closed", "granted", None),
        ("residents.residence_certificate", "refused", "closed", "refused", None),
        ("residents.residence_certificate", "unclaimed", "closed", "lapsed", None),
        ("residents.residence_certificate", "withdrawn", "withdrawn", "cancelled", None),
        ("residents.residence_certificate", "correction", "awaiting_applicant", "", "correction"),
        ("residents.residence_certificate", "to_decide", "working", "", "decision"),
        ("residents.residence_certificate", "to_pay", "decided", "", "charge"),
        ("residents.residence_certificate", "issued", "decided", "", "hand_over"),
    ],
)
def test_a_course_ends_where_its_name_says(joso, code, name, status, result, step):
    case = played(code, name)
    active = procedures.Step.objects.filter(case=case, state="active").values_list("key", flat=True)

    assert (case.status, case.result, list(active)) == (status, result, [step] if step else [])
    assert verify(case.owner) == []


def test_everything_bears_the_date_on_which_it_would_have_happened(joso):
    case = played("voice.citizen_voice", "published", ago=(40, 40))
    times = [entry.at for entry in procedures.timeline(case)]

    assert times[0] == case.submitted_at
    assert times == sorted(times)
    assert (now() - times[0]).days in (39, 40)
    assert case.submitted_at < times[-1] < now() - timedelta(days=10)


def test_what_would_happen_after_today_has_not_happened(joso):
    case = played("waste.bulky_pickup", "booked", ago=(1, 1))
    (reservation,) = procedures.what_it_holds(case)["bookings"]

    assert case.status == "working"
    assert reservation.day > now().date()


def test_no_mail_leaves_for_a_sample_case_but_the_inbox_has_the_notices(joso):
    courses = [long_ago("collected"), long_ago("absent_waiting"), long_ago("refused")]
    make_cases(script("waste.bulky_pickup", *courses))

    assert Notice.objects.filter(owner__startswith="case:").exists()
    assert not Effect.objects.filter(port="mail").exists()


def test_a_second_run_makes_nothing(joso):
    once = script("voice.citizen_voice", long_ago("waiting"))

    assert make_cases(once) == 1
    assert make_cases(once) == 0


def test_a_run_that_was_stopped_is_gone_on_with(joso, monkeypatch):
    courses = [Course(course="waiting", count=1, ago=(days, days)) for days in (60, 50, 40)]
    three = script("voice.citizen_voice", *courses)
    monkeypatch.setattr(Stage, "play", lambda stage, until: play(stage, until - timedelta(days=45)))

    assert make_cases(three) == 2
    monkeypatch.undo()
    assert make_cases(three) == 0
    assert make_cases(three, go_on=True) == 1
    assert make_cases(three, go_on=True) == 0


def test_a_house_that_serves_real_people_gets_no_sample_cases(joso, settings):
    settings.DEVELOPMENT = False

    with pytest.raises(NotInDevelopment):
        make_cases(script("voice.citizen_voice", long_ago("waiting")))
    assert not procedures.Case.objects.exists()


def test_documents_arrive_are_answered_and_of_years_past_are_due_to_go(joso):
    courses = [Course(course="arrived", count=1, ago=(3, 3)), Course(course="answered", count=1, ago=(40, 40)),
               Course(course="past", count=6, ago=(2200, 2300))]  # fmt: skip
    make_cases(script("filing", *courses))

    shown = filing.Document.objects.filter(owner=None)
    assert {one.state for one in shown} == {"open", "completed"}
    assert all("見本" in one.subject for one in shown)
    due = [one for unit in ("environment", "roads", "general") for one in filing.due(unit)]
    assert len(due) == 6 * papers.OF_A_BINDER
    assert all(one.binder.closed_on for one in due)
    assert {one.binder.holder for one in filing.Hold.objects.all()} == {"roads"}


def test_the_whole_table_of_drafts_finds_the_people_it_asks(joso):
    every = FILE.drafts
    make_cases(script("office.draft", Course(course="waiting", count=len(every), ago=(1, 1))))
    waiting = [one.owner for one in approvals.Round.objects.filter(state="open")]
    assert len(waiting) == len(every)
