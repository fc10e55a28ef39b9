"""Every procedure that ships, walked through the real engine and database by every way out of every step.

For each scenario of a definition the form is filled (tests/fixtures/answers.py) and sent. At every stop each way
that no walk has taken yet is tried in a savepoint of its own: each outcome of staff, a correction asked for,
answered and forgotten, a question to the applicant, money paid and unpaid, a place lost, a day that has come. Where
all ways are walked, the scenario's own leads on. So the number of walks grows with the ways, not with
their combinations: every step is seen, not every pair of steps. No procedure may need more than MOST_WALKS.
Internal procedures are sent by staff in a post: test_internal_procedures_walk.py takes these walks further.
"""

import re
from collections import Counter
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from fixtures.answers import completed, filled, with_days
from fixtures.cases import account, act, active, applicant
from machi.engines.audit.define import ANONYMOUS
from machi.engines.audit.public import verify
from machi.engines.bookings import public as bookings
from machi.engines.definitions.public import current
from machi.engines.documents import public as documents
from machi.engines.effects.models import Effect
from machi.engines.notices.models import Notice
from machi.engines.payments import public as payments
from machi.engines.people.public import Post, actor_for
from machi.engines.people.queries import rights_of
from machi.engines.people.rules import PostHolder
from machi.engines.procedures import public as procedures
from machi.engines.procedures import scope
from machi.engines.procedures.actions import fire_timer
from machi.engines.procedures.rules import HUMAN, reachable
from machi.engines.search.public import find
from machi.ground.ids import new_id
from machi.ground.languages import LANGUAGES, TAGS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "packages" / "municipality", ROOT / "cities" / "joso")
FILES = [path.read_text("utf-8") for folder in FOLDERS for path in folder.glob("*/procedures/*.yaml")]
STAFF = "\naudience: staff\n"
MOST_WALKS = 60
NOW = datetime.now(UTC)
HOLES = re.compile(r"\{\{|\{%|%\(|\bNone\b|（）|\(\)|「」|“”")

pytestmark = pytest.mark.usefixtures("joso")


def codes(*, internal):
    """The codes of all procedures that ship, for residents or `internal`."""
    return sorted(re.search(r"^code: (\S+)", text, re.MULTILINE)[1] for text in FILES if (STAFF in text) == internal)


@pytest.fixture(params=codes(internal=False))
def version(request, joso):
    return current("procedure", request.param)


# What the definition says


def test_it_says_what_a_resident_must_know(version):
    bundle = version.bundle

    assert bundle["legal"], "no law or ordinance is named"
    assert scope.office(bundle["owner"]), f"there is no unit {bundle['owner']}"
    assert len(bundle["tests"]) >= 2, "a service carries at least two scenarios"
    if bundle["audience"] == "public":
        assert set(bundle["words"]) == set(TAGS), "words for search in six languages"


def test_what_it_asks_is_guarded(version):
    form = procedures.form_of(version)
    asked = [question for question in form.questions.values() if question.asks]

    about_people = ("name", "kana", "email", "phone", "postal", "address", "file")
    open_to_all = [
        question.path for question in asked if question.sensitivity == "public" and question.field.type in about_people
    ]
    assert open_to_all == []
    born = [q.path for q in asked if q.field.type == "date" and "birth" in q.key and q.sensitivity == "internal"]
    assert born == [], "a date of birth is personal"
    assert [q.path for q in asked if q.field.type == "file" and not q.field.accept] == []


def test_it_is_found_by_its_own_title(version):
    if version.bundle["audience"] == "public":
        for language in LANGUAGES:
            title = version.bundle["title"][language.tag]
            first = [hit.ref for hit in find(title, language=language.code, limit=3)]
            assert version.code in first, f"{language.tag}: {title} finds {first}"


# What it does


def test_every_way_leads_to_an_end(version):
    walk_every_way(Walker(version))


def walk_every_way(walker):
    """Let the walker try every scenario; no step may be left."""
    for scenario in walker.version.bundle["tests"]:
        if "path" in scenario["expect"] or not scenario["expect"].get("errors"):
            with on(scenario["on"]):
                walker.walk_all(scenario)

    assert walker.ends, "no scenario could be sent"
    assert walker.unwalked() == []


class Walker:
    """All walks of one procedure: `taken` counts each (step, way), `ends` the ends that were reached."""

    def __init__(self, version):
        self.version, self.steps = version, version.bundle["flow"]["steps"]
        self.taken, self.ends, self.passed = Counter(), Counter(), set()
        self.left, self.claimed, self.officers = set(), set(), {}
        self.language = LANGUAGES[int(version.digest[:4], 16) % len(LANGUAGES)].code

    def walk_all(self, scenario):
        """Send what the scenario gives, and walk on until no new way is left."""
        with savepoint():
            case = self.send(scenario)
            before = -1
            while before == -1 or (self.left and before < len(self.taken) and self.ends.total() < MOST_WALKS):
                before = len(self.taken)
                with savepoint():
                    self.walk(case, scenario)

    def send(self, scenario):
        """The case of the scenario, in the language of this run, signed in as far as the procedure asks."""
        draft, bundle = f"draft:{new_id()}", self.version.bundle
        wrong = scenario["expect"].get("errors", [])
        given = {key: said for key, said in scenario["given"].items() if key not in wrong}
        answers = filled(bundle["form"], given, owner=draft, context=scope.context(bundle, {}))
        answers = with_days(self.version, answers)
        who = account("hanako") if bundle["assurance"] in ("account", "card") else None
        sender = procedures.Sender(
            actor=actor_for(who) if who else ANONYMOUS,
            account_id=who.pk if who else None,
            assurance=bundle["assurance"],
            language=self.language,
        )
        return procedures.submit(
            version=self.version, answers=answers, sender=sender, command_id=new_id(), from_owner=draft
        )

    def walk(self, case, scenario):
        """Go by ways not taken yet, else towards one, else as the scenario goes, to the end; and look what is there."""
        walked = []
        case = procedures.Case.objects.get(pk=case.pk)
        while case.is_open:
            step = case.steps.get(state="active")
            there = self.ways(step, case)
            way = self.choose(step, there, scenario["take"], walked)
            self.taken[step.key, way] += 1
            walked.append((step.key, way))
            self.left |= {(step.key, other) for other in there}
            self.left -= set(self.taken)
            assert len(walked) < MOST_WALKS, f"{scenario['name']}: never ends: {walked}"
            case = self.go(case, step, way)
        self.passed |= set(case.steps.values_list("key", flat=True))
        end = case.steps.order_by("opened_at", "id").values_list("key", flat=True).last()
        self.ends[end] += 1
        look_at_the_end(case, self.steps[end], f"{scenario['name']}: {walked}")

    def choose(self, step, open_ways, take, walked):
        """A way never taken; else one that leads to such a way; else the scenario's own, once; else the rarest."""
        new = [way for way in open_ways if not self.taken[step.key, way]]
        good = new or [way for way in open_ways if (step.key, way) not in walked and self.leads_on(step, way)]
        own = take.get(step.key)
        if own in (good or open_ways) and (step.key, own) not in walked:
            return own
        return min(good or open_ways, key=lambda way: walked.count((step.key, way)))

    def ways(self, step, case):
        """The ways out of the step at which a case stands."""
        return ways(self.steps, step, case)

    def leads_on(self, step, way):
        """Whether a way that is left may be come to by this one."""
        after = (self.steps.get(step.key, {}).get("outcomes") or {}).get(way.partition(" ")[0])
        after = after["to"] if isinstance(after, dict) else after
        return bool(after) and bool({key for key, _way in self.left} & reachable(self.steps, [after]))

    def unwalked(self):
        """The steps that leave a trace, can be come to by a walk, and were not: no scenario leads there."""
        open_ways = {
            key: {
                **step,
                "outcomes": {way: to for way, to in (step.get("outcomes") or {}).items() if self.is_open(step, way)},
            }
            for key, step in self.steps.items()
        }
        wanted = reachable(open_ways, [self.version.bundle["flow"]["start"]])
        return sorted(key for key in wanted - self.passed if self.steps[key]["type"] != "branch")

    def is_open(self, step, way):
        """Money that is not waited for never runs out; a place is lost only where staff acted before."""
        return way != "lost" and (way != "expired" or step["type"] != "pay" or step["wait"])

    def go(self, case, step, way):
        """Take the case out of the step by this way, as whoever may: staff of the unit, the applicant, the clock."""
        if step.type in HUMAN:
            return self.by_staff(case, step, way)
        if step.type == "cosign" and way != "expired":
            return self.by_signers(case, step, "consent" if way == "signed" else "refuse_consent")
        if way in ("fire", "expired"):
            fire_timer(case_id=case.id, step_id=step.id)
        elif way == "paid":
            for charge in payments.of_owner(case.owner):
                if charge.state == "due":
                    who = self.officer(case.unit, "payments.receive")
                    case = act(case, "take_payment", who, charge=str(charge.id), method="cash")
        else:
            bookings.release(owner=case.owner)
            form, known = procedures.form_of(self.version), scope.context(self.version.bundle, {})
            answers = with_days(self.version, procedures.answers_of(case), owner=case.owner)
            answers = completed(form, answers, owner=case.owner, context=known, asked=step.fields)
            act(case, "correct", self.applicant(case), answers=answers)
        return procedures.Case.objects.get(pk=case.pk)

    def applicant(self, case):
        """Who answers again what staff ask."""
        return applicant(case)

    def by_signers(self, case, step, verb):
        """Everybody who was asked consents; or the first of them does not."""
        for party in step.parties.all()[: 1 if verb == "refuse_consent" else None]:
            said = {"digest": step.answers["seal"], "reason": "見本の理由です。"}
            case = act(case, verb, procedures.as_actor(party), **said)
        return procedures.Case.objects.get(pk=case.pk)

    def by_staff(self, case, step, way):
        verb, right = ("decide", "decide") if step.type == "decide" else ("complete", "handle")
        clerk = self.officer(step.unit, f"procedures.{right}")
        if way == "ask":
            questions = procedures.form_of(self.version).questions
            fields = [key for key in procedures.answers_of(case) if questions[key].asks][:2]
            return act(case, "ask_correction", clerk, step=step.key, fields=fields, message="確かめてください。")
        outcome, _space, lost = way.partition(" ")
        if lost:
            bookings.release(owner=case.owner)
        if step.key not in self.claimed:  # once is enough to see that the step can be taken on
            self.claimed.add(step.key)
            case = act(case, "claim", clerk, step=step.key)
        return act(case, verb, clerk, step=step.key, outcome=outcome, **self.written(case, step.key, outcome))

    def written(self, case, key, outcome):
        """What staff write at the step."""
        form, defined = procedures.step_form(self.version, key), self.steps[key]
        known = scope.context(self.version.bundle, {})
        bound = defined["outcomes"][outcome]["conditions"] != "none"
        return {
            "checked": [line["key"] for line in defined["checklist"]],
            "answers": filled(form.bundle, {}, owner=case.owner, context=known, whole=True) if form else {},
            "reasons": "見本の理由です。",
            "conditions": "見本の条件です。" if bound else "",
        }

    def officer(self, unit, verb):
        """Somebody who holds a post of `unit` that may do this; a procedure needs one."""
        if (unit, verb) not in self.officers:
            codes = Post.objects.filter(unit=unit).values_list("code", flat=True)
            with time_machine.travel(NOW):  # the posts were filled when the city was loaded
                held = [(code, tuple(rights_of((code,)))) for code in codes]
            able = next(((code, rights) for code, rights in held if any(verb in one.verbs for one in rights)), None)
            assert able, f"nobody in {unit} may {verb}"
            who = {"account": account("digital.kacho").pk, "name": "見本"}
            self.officers[unit, verb] = PostHolder(kind="staff", posts=able[:1], rights=able[1], **who)
        return self.officers[unit, verb]


def on(day):
    """It is ten in the morning of the scenario's day, if it names one."""
    return time_machine.travel(f"{day}T10:00+09:00", tick=True) if day else nullcontext()


@contextmanager
def savepoint():
    """What happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ways(steps, step, case):
    """The ways out of the step at which a case stands."""
    if step.type in HUMAN:
        defined = steps[step.key]
        found = list(defined["outcomes"])
        found += [f"{key} lost" for key, way in defined["outcomes"].items() if steps[way["to"]]["type"] == "book"]
        may_ask = defined["correct"] != "never" and not case.decisions.exists() and (case.account_id or case.email)
        return [*found, "ask"] if may_ask else found
    if step.type == "wait":
        return ["fire"]
    known = steps.get(step.key, {"outcomes": ("done", "expired")})["outcomes"]
    return [way for way in known if way != "expired" or step.due_on]


def look_at_the_end(case, end, said):
    """What a person would notice in a case that has ended."""
    assert (case.status, case.result) == ("closed", end["result"]), said
    assert case.number and case.retention_until and case.closed_at, said
    assert active(case) == [], said
    assert not Effect.objects.filter(owner=case.owner, port="procedures.timer", state="pending").exists(), said
    assert verify(case.owner) == [], said
    look_at_what_was_told(case, said)
    for paper in documents.documents_of(case.owner):
        assert documents.find(paper.verify_code) == paper and documents.pdf(paper)[:5] == b"%PDF-", said


def look_at_what_was_told(case, said):
    told = list(Notice.objects.filter(owner=case.owner))
    if case.email or case.account_id:
        assert told, f"{said}: nobody was told anything"
    for notice in told:
        assert notice.language == case.language, said
        assert notice.subject and notice.text, said
        assert not HOLES.search(notice.subject + notice.text), f"{said}: {notice.subject}\n{notice.text}"
