"""Random commands by random people on cases of all three services: whatever they try, no case gets into a
state that the rules do not know.
"""

from random import Random

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fixtures.cases import (
    BULKY,
    CERTIFICATE,
    CHECKED,
    REGISTER,
    SYSTEM,
    VOICE,
    act,
    applicant,
    bulky,
    certificate,
    day_for,
    person,
    send,
    voice,
)
from machi.engines.audit.define import ANONYMOUS
from machi.engines.audit.public import verify
from machi.engines.bookings.models import TAKING, Reservation, Slot
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.payments import public as payments
from machi.engines.procedures import public as procedures
from machi.engines.procedures.models import STATUSES, Command
from machi.engines.procedures.rules import HUMAN, TRANSITIONS
from machi.engines.procedures.verbs import VERBS
from machi.ground.ids import new_id

STAFF = (
    "doro.tanto", "doro.kacho", "kankyo.tanto", "kankyo.kacho", "shimin.tanto", "shimin.kacho", "kansa",
)  # fmt: skip
KINDS = ("voice", "voice nobody", "bulky", "bulky exempt", "certificate")
STAFF_ANSWERS = {**REGISTER, "answer": "直します。", "question": "道", "reply": "直します。", "agreed": "話した。"}
SELDOM = ("withdraw", "void", "note", "transfer")  # offered everywhere; else no case would get far
REFUSALS = (procedures.Refused, procedures.NotAllowed, procedures.Stale)


def reached_from(status):
    """Every status the machine can reach from this one, in any number of steps."""
    found, todo = set(), [status]
    while todo:
        for following in TRANSITIONS[todo.pop()] - found:
            found.add(following)
            todo.append(following)
    return found


class Office(RuleBasedStateMachine):
    """A city hall in which everybody presses everything."""

    people = {}

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.people = {name: person(name) for name in (*STAFF, "hanako", "yoshino")}
        self.cases, self.accepted, self.before = [], [], {}

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @initialize()
    def the_day_begins(self):
        for kind in ("voice", "bulky exempt", "certificate"):
            self.somebody_applies(kind)

    @rule(kind=st.sampled_from(KINDS))
    def somebody_applies(self, kind):
        self.cases.append(getattr(self, kind.replace(" ", "_"))().id)

    @precondition(lambda self: self.cases)
    @rule(seed=st.integers(0, 2**32))
    def a_morning_passes(self, seed):
        dice = Random(f"{seed} {len(self.accepted)} {len(self.cases)}")
        for _press in range(12):
            what = dice.choices(
                [self.press_what_is_offered, self.press_anything, self.press_twice, self.time_is_up],
                [60, 25, 10, 5],
            )[0]
            what(dice)

    def press_what_is_offered(self, dice):
        case = self.one(dice)
        everybody = self.everybody(case)
        for who in dice.sample(everybody, len(everybody)):
            offered = [one.verb for one in procedures.possible(case, who)]
            offered = [verb for verb in offered if verb not in SELDOM or dice.random() < 0.04]
            if offered:
                verb = dice.choice(offered)
                self.press(case, verb, who, self.payload(dice, case, verb), 0)
                return

    def press_anything(self, dice):
        case, verb = self.one(dice), dice.choice(sorted(VERBS))
        who = dice.choice(self.everybody(case))
        self.press(case, verb, who, self.payload(dice, case, verb), dice.choice([0, 0, -1, 1]))

    def press_twice(self, dice):
        if not self.accepted:
            return
        case_id, name, verb, who, payload = dice.choice(self.accepted)
        before = self.picture(case_id)
        again = procedures.command(
            case_id=case_id, command_id=name, expected_revision=1, verb=verb, payload=payload, actor=who
        )
        assert again.id == case_id
        assert self.picture(case_id) == before, "a repeated command changes nothing"

    def time_is_up(self, dice):
        case = self.one(dice)
        waiting = case.steps.filter(state="active", type__in=("ask_applicant", "wait", "pay")).first()
        if waiting:
            self.press(case, "fire", SYSTEM, {"timer_step": waiting.id}, 0)

    def one(self, dice):
        """One of the cases; mostly one in which something can still happen."""
        known = procedures.Case.objects.filter(id__in=self.cases)
        running = known.exclude(status__in=procedures.ENDED)
        return dice.choice((dice.random() < 0.85 and list(running)) or list(known))

    def voice(self):
        return send(VOICE, voice(email="a@joso.example", wants_answer=True, may_publish=True))

    def voice_nobody(self):
        return send(VOICE, voice(topic="other"))

    def bulky(self):
        return send(BULKY, bulky())

    def bulky_exempt(self):
        blob = files.store(b"%PDF-1.4 proof", mime="application/pdf", name="proof.pdf")
        link = files.attach(blob=blob, owner="draft:x", field="proof", name="proof.pdf")
        return send(BULKY, bulky(exempt=True, proof=[str(link.id)]))

    def certificate(self):
        return send(CERTIFICATE, certificate(), mail="hanako")

    def everybody(self, case):
        return [*self.people.values(), applicant(case), ANONYMOUS]

    def press(self, case, verb, who, payload, late):
        name, before = new_id(), self.picture(case.id)
        try:
            with transaction.atomic():
                act(case, verb, who, revision=case.revision + late, command_id=name, **payload)
        except REFUSALS:
            assert self.picture(case.id) == before, "what is refused changes nothing"
            return
        assert late == 0, "a stale command was accepted"
        self.accepted.append((case.id, name, verb, who, payload))
        after = procedures.Case.objects.get(id=case.id)
        assert after.revision == case.revision + 1
        assert after.status == case.status or after.status in reached_from(case.status)

    def payload(self, dice, case, verb):
        """Something to send with the verb: mostly what fits, sometimes nonsense."""
        steps = case.definition.bundle["flow"]["steps"]
        here = case.steps.filter(state="active").first()
        outcomes = sorted((steps.get(here.key, {}).get("outcomes") or {}) if here else {})
        words = dice.choice(["", "理由です。", "理由です。"])
        bodies = {VOICE: "body", BULKY: "lines", CERTIFICATE: "purpose"}
        charges = [str(one.id) for one in payments.of_owner(case.owner)]
        issued = [str(one.id) for one in documents.documents_of(case.owner)]
        answers = procedures.answers_of(case)
        return {
            "reason": words, "reasons": words, "text": words, "message": words,
            "step": dice.choice(sorted(steps)) if verb == "reopen" else "",
            "outcome": dice.choice(outcomes * 4 + ["nonsense"]),
            "checked": dice.choice([[], *[CHECKED.get(case.code, [])] * 3]),
            "answers": answers if verb == "correct" else STAFF_ANSWERS,
            "fields": dice.choice([[], *[[bodies[case.code]]] * 2]),
            "unit": dice.choice(["roads", "citizens", "environment", "nowhere"]),
            "charge": dice.choice([*charges, "nonsense"]),
            "document": dice.choice([*issued, "nonsense"]),
            "timer_step": here.id if here else 0,
            **({"answers": {"day": day_for(answers, first=dice.randint(0, 3))}}
               if verb == "correct" and case.code == BULKY else {}),
        }  # fmt: skip

    def picture(self, case_id):
        case = procedures.Case.objects.get(id=case_id)
        return (
            case.revision,
            case.status,
            case.unit,
            [(one.seq, one.verb) for one in procedures.timeline(case)],
            list(case.steps.order_by("id").values_list("key", "state", "claimed_by", "outcome")),
            [(one.id, one.state) for one in payments.of_owner(case.owner)],
            sorted((str(one.slot_id), one.state) for one in Reservation.objects.filter(owner=case.owner)),
            [(one.number, one.state) for one in documents.documents_of(case.owner)],
        )

    @invariant()
    def every_case_is_sound(self):
        for case in procedures.Case.objects.filter(id__in=self.cases):
            open_now = list(case.steps.filter(state="active"))
            assert case.status in STATUSES
            assert case.revision == Command.objects.filter(case=case).count()
            assert len(open_now) == (1 if case.is_open else 0), (case.status, open_now)
            assert sum(step.type in HUMAN for step in open_now) <= 1
            waits = case.status == "awaiting_applicant"
            asked = any(step.type in ("ask_applicant", "pay") for step in open_now)
            assert waits == (asked and case.status != "decided")
            assert bool(case.paused_on) == waits
            assert bool(case.closed_at) == bool(case.retention_until) == bool(case.result) == (not case.is_open)
            assert list(case.answers.order_by("n").values_list("n", flat=True)) == [*range(1, case.answers.count() + 1)]
            if case.status in ("withdrawn", "void"):
                assert not Reservation.objects.filter(owner=case.owner, state__in=TAKING).exists()
                assert {one.state for one in payments.of_owner(case.owner)} <= {"cancelled", "refund_due"}
                assert not [one for one in documents.documents_of(case.owner) if one.state == "valid"]
            assert verify(case.owner) == []

    @invariant()
    def places_are_counted_right(self):
        taken = dict(
            Reservation.objects.filter(state__in=TAKING)
            .values_list("slot")
            .annotate(places=Sum("weight"))
            .values_list("slot", "places")
        )
        for slot in Slot.objects.filter(taken__gt=0):
            assert slot.taken == taken.get(slot.id, 0)


def test_whatever_people_press_no_case_gets_into_an_unknown_state(joso):
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=4,
            stateful_step_count=7,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
