"""Every internal procedure (起案, 伝票, 休暇 …), walked by every way as those of residents are, and besides: by whoever
has a turn in its approval, with what it draws on gone before it was reserved, and with its place taken by another.
"""

from contextlib import contextmanager, nullcontext
from datetime import date
from unittest.mock import patch

import pytest
from test_every_procedure_walks import Walker, codes, walk_every_way

from fixtures.answers import Unfillable, filled
from fixtures.cases import act
from machi.engines.approvals import public as approvals
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger
from machi.engines.people.models import Appointment
from machi.engines.people.public import actor_for, units_of
from machi.engines.procedures import actions, scope, slots
from machi.engines.procedures import public as procedures
from machi.engines.procedures.drafting import drafter_of
from machi.ground.ids import new_id

CLERK = "roads.clerk"
MUCH = 50_000_000
BUDGET, COMMITMENTS, LINE = "office.budget", "office.commitments", "2026-01-08-02-02-010-14"
MARKS = {"approved": "approve", "rejected": "reject", "returned": "send_back"}


@pytest.fixture(params=codes(internal=True))
def version(request, joso):
    Appointment.objects.update(during=(date(2020, 4, 1), None))  # the posts were filled when the city was loaded
    return current("procedure", request.param)


def test_it_says_what_staff_must_know(version):
    bundle = version.bundle

    assert bundle["legal"], "no law, ordinance or rule is named"
    assert scope.office(bundle["owner"]), f"there is no unit {bundle['owner']}"
    assert bundle["words"]["ja"], "no words to find it by"
    assert len(bundle["tests"]) >= 2, "a service carries at least two scenarios"


def test_every_way_leads_to_an_end(version):
    walk_every_way(StaffWalker(version))


class StaffWalker(Walker):
    """A walker that drafts in a post, and marks in the approvals as whoever has the turn."""

    def __init__(self, version):
        super().__init__(version)
        self.bare = False  # whether what is drawn on, or booked, goes between the look and the sending
        self.held = set()
        asked = procedures.form_of(version).fields
        self.drawn = {one.key: one for one in asked if one.field.type == "account"}
        self.booked = [one.key for one in asked if one.field.type == "hours"]

    def walk_all(self, scenario):
        """As for residents; and once, where something is reserved at once, with nothing left of it.

        What a scenario says to be wrong can be made right only where it is no more than one answer. A scenario that
        leads nowhere new is left: its rounds of approval take most of the time.
        """
        if self.passed >= self.leaving(scenario) and not self.left:
            return
        try:
            super().walk_all(scenario)
        except Unfillable:
            assert scenario["expect"]["errors"]
            return
        if (self.drawn or self.booked) and self.unwalked():
            self.bare = True
            super().walk_all(scenario)
            self.bare = False

    def leaving(self, scenario):
        """The steps of the scenario's own path that leave a trace."""
        return {key for key in scenario["expect"].get("path", ()) if self.steps[key]["type"] != "branch"} or {"?"}

    def send(self, scenario):
        draft, bundle = f"draft:{new_id()}", self.version.bundle
        post = (scenario.get("drafter") or {}).get("post") or CLERK
        actor = actor_for(Appointment.objects.filter(post=post).first().person.account)
        sender = procedures.Sender(
            actor=actor, post=post, assurance="account", email="mihon@joso.example", language=self.language
        )
        wrong = scenario["expect"].get("errors", [])
        given = {key: said for key, said in scenario["given"].items() if key not in wrong}
        if not given.keys() >= set(self.booked):
            raise Unfillable(wrong)
        chosen = {key: self.account(one, given.get(key), actor) for key, one in self.drawn.items()}
        given |= {key: account for key, account in chosen.items() if account}
        known = scope.context(bundle, scope.drafter_names(drafter_of(bundle, sender)))
        answers = filled(bundle["form"], given, owner=draft, context=known)
        with self.gone([answers.get(key) for key in self.drawn]) if self.bare else nullcontext():
            return procedures.submit(
                version=self.version, answers=answers, sender=sender, command_id=new_id(), from_owner=draft
            )

    def account(self, question, said, actor):
        """The answer that chooses an account: the one that is said, opened if need be, else the first; with enough.

        None where nothing is said, and there is none.
        """
        book = current("book", question.field.book).bundle
        offered = ledger.accounts_in(book) if question.field.any_unit else ledger.accounts_of(book, actor)
        chosen = offered.filter(code=said["code"]).first() if said else None
        if chosen is None:
            chosen = offered.first() if book["whose"] == "person" or not said else opened(book, said, actor)
        if chosen is None:
            return None
        provide(book, chosen, question.field.place)
        of = chosen.parent.code if chosen.parent else ""
        return {"code": chosen.code, "title": chosen.title, "of": of, "whole": int(chosen.about.get("day") or 0)}

    @contextmanager
    def gone(self, chosen):
        """Somebody is faster: nothing is left on the chosen accounts, and no place is held."""
        for question, account in zip(self.drawn.values(), chosen, strict=True):
            if account:
                drain(current("book", question.field.book).bundle, account["code"], question.field.place)
        with patch.object(actions, "account_errors", return_value={}), patch.object(slots, "hold_chosen"):
            yield
        ledger.undo(source="drain", title="戻し", actor=SYSTEM)

    def applicant(self, case):
        return actor_for(Appointment.objects.filter(post=case.drafter["post"]).first().person.account)

    def ways(self, step, case):
        if step.type == "approve":
            return [*(way for way in self.steps[step.key]["outcomes"] if way in MARKS), "returned", "recalled"]
        found = super().ways(step, case)
        return [way for way in found if way != "expired" or step.key in self.steps]

    def go(self, case, step, way):
        if step.type != "approve":
            return super().go(case, step, way)
        if way == "recalled":
            return act(case, "recall", self.applicant(case))
        return self.marked(case, step, way)

    def marked(self, case, step, way):
        """All consent (the first of them holds it first), or the first who can says otherwise."""
        while (opened := approvals.round_open(case.owner)) and case.steps.filter(pk=step.pk, state="active"):
            slot = next(one for one in opened.slots.order_by("turn", "level") if one.state in ("open", "held"))
            who = actor_for(Appointment.objects.filter(post=slot.post).first().person.account)
            said = {"slot": str(slot.id), "digest": opened.digest, "comment": "見本の理由です。"}
            if step.key not in self.held:
                self.held.add(step.key)
                case = act(case, "hold", who, **said)
            verb = "approve" if slot.kind == "agree" and way == "rejected" else MARKS[way]
            case = act(case, verb, who, **said)
        return procedures.Case.objects.get(pk=case.pk)


def opened(book, said, actor):
    """The account that a scenario names, held by the unit of its drafter, out of the account it came from."""
    parent = ledger.Account.objects.filter(code=said["of"]).first()
    if parent is None and said["of"]:
        commitment = {"code": said["of"], "title": "市道の舗装", "of": LINE}
        parent = opened(current("book", COMMITMENTS).bundle, commitment, actor)
    (unit, *_others) = units_of(actor)
    return ledger.open_account(
        book=book, code=said["code"], title=said["title"], actor=SYSTEM, parent=parent, unit=unit.code, period="2026"
    )


def provide(book, account, place):
    """Bring much to a place of an account; what stands on a commitment stands on its line of the budget as well."""
    add(book, account.code, place)
    if book["code"] == COMMITMENTS:
        add(current("book", BUDGET).bundle, account.parent.code, {"open": "committed", "paid": "spent"}[place])


def add(book, code, place):
    """Bring much to a place of an account, along the moves that lead there from outside."""
    postings, at = [], place
    while at != "outside":
        move = next(key for key, one in book["moves"].items() if one["to"] == at)
        postings.append(ledger.Posting(book, code, move, MUCH))
        at = book["moves"][move]["from"]
    ledger.enter(key=f"add:{new_id()}", postings=postings, title="見本", actor=SYSTEM)


def drain(book, code, place):
    """Somebody else takes all that stands at a place, if it leads anywhere."""
    move = next((key for key, one in book["moves"].items() if one["from"] == place), None)
    if move:
        amount = ledger.balance(book["code"], code)[place] - book["places"][place]["floor"]
        postings = [ledger.Posting(book, code, move, amount)]
        ledger.enter(key=f"drain:{new_id()}", postings=postings, title="見本", actor=SYSTEM, source="drain")
