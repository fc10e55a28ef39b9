"""Playing many cases at once, in the order of time.

A scene is one case; its course is a generator that does something and yields the moment at which it goes on.
What would happen after today has not happened yet: there the case stands. Each step is a transaction of its
own, for the house is open while its sample cases are made, and nobody should wait for them.
"""

import heapq
from datetime import datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from machi.engines.audit.define import SYSTEM, Actor
from machi.engines.definitions.public import current
from machi.engines.effects.public import Effect
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.ground.calendar import OFFICE, TOKYO, clock, now
from machi.house.demo.pictures import picture

TIMERS_AFTER = timedelta(minutes=10)  # far longer than the play takes


class Stage:
    """What all scenes share: the script, the people, the dice, and the day on which it ends (today)."""

    def __init__(self, script, cast, today):
        self.script, self.cast, self.today = script, cast, today
        self.dice = Random(script.seed)  # noqa: S311 — the same cases every time, no secrets
        self._waiting, self._entered = [], 0
        self._pictures = {}
        self.timers_from = now() + TIMERS_AFTER

    def enter(self, course, moment):
        """Let a course (a generator) begin at `moment`."""
        self._entered += 1
        heapq.heappush(self._waiting, (moment, self._entered, course))

    def play(self, until):
        """Play everything that happens before `until`."""
        while self._waiting and self._waiting[0][0] < until:
            moment, number, course = heapq.heappop(self._waiting)
            with clock(moment), transaction.atomic():
                following = next(course, None)
            if following is not None:
                heapq.heappush(self._waiting, (following, number, course))

    def at(self, day, first=time(8, 45), last=time(16, 45)):
        """A moment of `day` between two hours."""
        start, end = (datetime.combine(day, hour, tzinfo=TOKYO) for hour in (first, last))
        return start + timedelta(seconds=self.dice.randrange(int((end - start).total_seconds())))

    def sent_at(self, day):
        """When somebody sends an application on `day`: mostly in the evening."""
        first = self.dice.choice([time(7), time(11, 30), time(18), time(19)])
        return self.at(day, first, time(22, 30))

    def picture(self, kind):
        """A drawn photo as it comes out of the files engine (each drawing is taken in once)."""
        key = (kind, self.dice.randrange(3))
        if key not in self._pictures:
            self._pictures[key] = files.receive(picture(*key), accept=["image"], max_mb=10)
        return self._pictures[key]


class Scene:
    """One case on the stage, and the hands that move it."""

    code = ""  # the procedure

    def __init__(self, stage, number, applicant):
        self.stage, self.number, self.applicant = stage, number, applicant
        self.dice, self.case = stage.dice, None
        self.clerk_here = None
        self.origin = "web"

    # --- time

    def office(self, first, last):
        """Some office days from now, in office hours."""
        day = OFFICE.add_business_days(now().date(), self.dice.randint(first, last))
        return self.stage.at(day)

    def soon(self):
        """A little later in the same sitting."""
        return now() + timedelta(minutes=self.dice.randint(4, 40))

    def evening(self, first, last):
        """Some days from now, when people are at home."""
        return self.stage.sent_at(now().date() + timedelta(days=self.dice.randint(first, last)))

    # --- hands

    def send(self, answers):
        """Send the application."""
        assurance = "none"
        if self.applicant.account or self.origin == "counter":
            assurance = "card" if self.applicant.has_card or self.origin == "counter" else "account"
        account = self.applicant.account
        sender = procedures.Sender(
            actor=self.applicant.actor if self.origin == "web" else self.clerk(),
            account_id=account.pk if account else None,
            assurance=assurance,
            email=account.email if account else "",
            language=self.applicant.language,
            origin=self.origin,
        )
        self.case = procedures.submit(
            version=current("procedure", self.code),
            answers=answers,
            sender=sender,
            command_id=procedures.new_command_id(),
            from_owner=self.draft,
            sample=True,
        )

    @property
    def draft(self):
        """The owner of files until the application is sent."""
        return f"draft:sample-{self.number}"

    def attach(self, kind, field):
        """Attach a drawn photo to a field; returns the answer."""
        taken = self.stage.picture(kind)
        owner = self.case.owner if self.case else self.draft
        link = files.attach(blob=taken.blob, owner=owner, field=field, name=taken.name)
        return [str(link.id)]

    def do(self, actor, verb, **payload):
        """One command on the case as it stands."""
        self.case = procedures.command(
            case_id=self.case.id,
            command_id=procedures.new_command_id(),
            expected_revision=self.case.revision,
            verb=verb,
            payload=payload,
            actor=actor,
        )
        if self.case.steps.filter(state="active", type__in=("ask_applicant", "pay")).exists():
            self._hold_timers()

    def _hold_timers(self):
        """Keep the worker, which lives today, from ending what was asked in sample time."""
        timers = Effect.objects.filter(owner=self.case.owner, port="procedures.timer")
        timers.filter(due_at__lt=self.stage.timers_from).update(due_at=self.stage.timers_from)

    def clerk(self):
        """The clerk who works on this case (the same one, as long as it stays in the unit)."""
        unit = self.case.unit if self.case else current("procedure", self.code).bundle["owner"]
        if self.clerk_here is None or self.clerk_here[0] != unit:
            self.clerk_here = (unit, self.dice.choice(self.stage.cast.holders(unit, "clerk")))
        return self.clerk_here[1]

    def by_clerk(self, verb, **payload):
        """The clerk does it."""
        self.do(self.clerk(), verb, **payload)

    def by_chief(self, verb, **payload):
        """The section chief does it."""
        self.do(self.stage.cast.holders(self.case.unit, "chief")[0], verb, **payload)

    def by_applicant(self, verb, **payload):
        """Whoever applied does it, signed in or through the mailed link."""
        mine = self.applicant.account and self.origin == "web"
        own = Actor(kind="resident", person=self.case.owner, name=self.case.applicant)
        self.do(self.applicant.actor if mine else own, verb, **payload)

    def time_is_up(self):
        """The applicant did not answer in time. The command is the one the timer itself would give."""
        step = procedures.asked_step(self.case)
        self.case = procedures.command(
            case_id=self.case.id,
            command_id=uuid5(NAMESPACE_URL, f"timer:{step.id}"),
            expected_revision=self.case.revision,
            verb="fire",
            payload={"timer_step": step.id},
            actor=SYSTEM,
        )

    def pay(self):
        """The clerk takes what is due, in cash."""
        for charge in procedures.what_it_holds(self.case)["charges"]:
            if charge.state == "due":
                self.by_clerk("take_payment", charge=str(charge.id), method="cash")
