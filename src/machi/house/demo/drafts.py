"""Sample drafts (起案) of the city hall, by how far they have come on their way."""

from datetime import timedelta

from machi.engines.approvals import public as approvals
from machi.engines.definitions.public import current
from machi.engines.procedures import public as procedures
from machi.ground.calendar import OFFICE, now, today
from machi.house.demo.stage import Scene

ACTS_IN = timedelta(days=7)
CONSULTED = ("reform.chief", "general.chief")


class DraftScene(Scene):
    """One draft; `what` is what the script says of it."""

    code = "office.draft"

    def __init__(self, stage, number, what):
        super().__init__(stage, number, None)
        self.what = what
        self.answers = {}
        self.drafter = stage.cast.holders(what.unit, "clerk")[0]

    def begin(self):
        """The clerk drafts it and sends it on its way."""
        answers = {"grave": False, "has_paper": False, "acts": False, **self.what.answers}
        if answers["acts"]:
            answers |= {"act_on": str(today() + ACTS_IN), "sender": "chief", "stamp": "none"}
        sender = procedures.Sender(actor=self.drafter, post=f"{self.what.unit}.clerk", assurance="account")
        self.answers = answers
        self.case = procedures.submit(
            version=current("procedure", self.code),
            answers=answers,
            sender=sender,
            command_id=procedures.new_command_id(),
            sample=True,
        )

    def mark(self, verb, **more):
        """Whoever has the turn marks it."""
        found = approvals.round_open(self.case.owner)
        slot = found.slots.filter(state__in=("open", "held")).order_by("level", "post").first()
        unit, _dot, post = slot.post.rpartition(".")
        actor = self.stage.cast.holders(unit, post)[0]
        self.do(actor, verb, slot=str(slot.id), digest=found.digest, **more)

    def consult(self):
        """The drafter asks one more office, before whoever decides."""
        places = list(approvals.round_open(self.case.owner).slots.order_by("level"))
        post = next(code for code in CONSULTED if code not in {one.post for one in places})
        asked = {"kind": "agree", "post": post, "before": str(places[-1].id)}
        self.do(self.drafter, "add_place", comment=self.stage.script.draft_words.consult, **asked)

    def decide(self):
        """All whose turn comes mark it, a day of work after the other."""
        while approvals.round_open(self.case.owner):
            yield self.office(0, 1)
            self.mark("approve")


def waiting(scene):
    scene.begin()
    yield from ()


def late(scene):
    scene.begin()
    yield from ()


def held(scene):
    scene.begin()
    yield scene.office(0, 1)
    scene.mark("hold", comment=scene.stage.script.draft_words.hold)


def returned(scene):
    scene.begin()
    yield scene.office(0, 1)
    scene.mark("send_back", comment=scene.stage.script.draft_words.send_back)


def again(scene):
    yield from returned(scene)
    yield scene.office(1, 1)
    body = f"{scene.what.answers['body']}\n{scene.stage.script.draft_words.corrected}"
    scene.do(scene.drafter, "correct", answers={**scene.answers, "body": body})


def consulted(scene):
    scene.begin()
    scene.consult()
    if approvals.slots_of(scene.stage.cast.holders(scene.what.unit, "chief")[0], scene.case.owner):
        yield scene.office(0, 1)
        scene.mark("approve")


def to_act(scene):
    scene.what = scene.what.model_copy(update={"answers": {**scene.what.answers, "acts": True}})
    scene.begin()
    yield from scene.decide()


def acted(scene):
    yield from to_act(scene)
    yield scene.stage.at(OFFICE.on_or_after(now().date() + ACTS_IN))
    answers = {"acted_on": str(today()), "way": "mail"}
    scene.do(scene.drafter, "complete", step="act", outcome="acted", answers=answers)


def decided(scene):
    scene.begin()
    yield from scene.decide()


def rejected(scene):
    scene.begin()
    yield scene.office(0, 1)
    scene.mark("reject", comment=scene.stage.script.draft_words.reject)


COURSES = {
    course.__name__: course
    for course in (
        waiting, late, held, returned, again, consulted, to_act, acted, decided, rejected,
    )
}  # fmt: skip


def cast_drafts(stage, courses):
    """(moment, course generator) of each draft of the script."""
    wanted = [course for course in courses for _case in range(course.count)]
    for number, course in enumerate(wanted):
        scene = DraftScene(stage, f"draft-{number}", stage.script.drafts[number % len(stage.script.drafts)])
        day = OFFICE.on_or_before(stage.today - timedelta(days=stage.dice.randint(*course.ago)))
        yield stage.at(day), COURSES[course.course](scene)
