"""Sample cases of bulky-waste pickup, by the course they take."""

from datetime import timedelta

from machi.engines.definitions.public import current
from machi.engines.procedures import public as procedures
from machi.ground.calendar import today
from machi.house.demo.stage import Scene

CHECKED = ["readable", "entitled"]


class BulkyScene(Scene):
    """One application; `day` becomes the day of collection."""

    code = "waste.bulky_pickup"

    def __init__(self, stage, number, applicant, load):
        super().__init__(stage, number, applicant)
        self.load, self.day, self.answers = load, None, {}

    def arrive(self, *, exempt=False, after=None):
        """Send the application for the first free day, or for the first one after the day `after`.

        Who asks for an exemption chooses a later day: the papers are checked before the place becomes firm.
        """
        who = self.applicant
        after = after or (today() + timedelta(days=14) if exempt else None)
        self.answers = {
            "name": who.name, "phone": who.phone, "email": who.mail, "town": who.town, "line": who.line,
            "spot": self.dice.choice(self.stage.script.bulky.spots), "exempt": exempt,
            "lines": [{"_id": f"r{row}", "item": one.item, "qty": one.qty} for row, one in enumerate(self.load)],
        }  # fmt: skip
        if self.load[0].item.startswith("sofa"):
            self.answers["lines"][0]["photo"] = self.attach("sofa", "lines.r0.photo")
        if exempt:
            self.answers["proof"] = self.attach("card", "proof")
        self.answers["day"] = self.choose(current("procedure", self.code), after)
        self.send(self.answers)

    def choose(self, version, after=None):
        """The answer that names a day with room."""
        sheet = procedures.form_of(version).evaluate(self.answers, today=today())
        days = procedures.free_days(version, sheet, "pickup")
        chosen = next(one for one in days if after is None or one.day > after)
        self.day = chosen.day
        return {"id": str(chosen.slot_id), "day": chosen.day.isoformat(), "label": ""}

    def morning(self, days=0):
        """The day of collection."""
        return self.stage.at(self.day + timedelta(days=days))

    def choose_again(self):
        """The applicant chooses another day."""
        self.answers["day"] = self.choose(self.case.definition)
        self.by_applicant("correct", answers={"day": self.answers["day"]})

    def collect(self):
        """The crew takes the things and the fee."""
        self.pay()
        self.by_clerk("complete", outcome="taken")

    def ask_proof(self):
        """The clerk asks for a better photo of the proof."""
        self.by_clerk("claim")
        message = self.dice.choice(self.stage.script.bulky.proofs_wrong)
        self.by_clerk("ask_correction", fields=["proof"], message=message)

    def refuse_proposed(self):
        """The clerk proposes not to grant the exemption."""
        self.by_clerk("complete", outcome="refuse")


def collected(scene):
    scene.arrive()
    yield scene.morning()
    scene.collect()


def booked(scene):
    scene.arrive(after=scene.stage.today)
    yield scene.morning()
    scene.collect()


def uncollected(scene):
    scene.arrive()
    yield from ()


def exempted(scene):
    scene.arrive(exempt=True)
    yield scene.office(1, 1)
    scene.by_clerk("claim")
    yield scene.soon()
    scene.by_clerk("complete", outcome="ok", checked=CHECKED)
    yield scene.morning()
    scene.collect()


def absent_waiting(scene):
    scene.arrive()
    yield scene.morning()
    scene.by_clerk("complete", outcome="absent")


def absent_again(scene):
    yield from absent_waiting(scene)
    yield scene.evening(1, 4)
    scene.choose_again()
    yield scene.morning()
    scene.collect()


def absent_lapsed(scene):
    yield from absent_waiting(scene)
    yield scene.stage.at(today() + timedelta(days=15))
    scene.time_is_up()


def mismatch(scene):
    scene.arrive()
    yield scene.morning()
    scene.pay()
    scene.by_clerk("complete", outcome="mismatch")
    yield scene.office(1, 1)
    agreed = scene.dice.choice(scene.stage.script.bulky.mismatches)
    scene.by_clerk("complete", outcome="close", answers={"agreed": agreed})


def withdrawn(scene):
    scene.arrive()
    yield scene.evening(1, 2)
    scene.by_applicant("withdraw")


def void(scene):
    scene.arrive()
    yield scene.office(1, 1)
    scene.by_chief("void", reason="電話での申込みと二重になっていたため。本人に確認済み。")


def to_check(scene):
    scene.arrive(exempt=True)
    yield from ()


def check_late(scene):
    scene.arrive(exempt=True)
    yield from ()


def check_claimed(scene):
    scene.arrive(exempt=True)
    yield scene.office(1, 1)
    scene.by_clerk("claim")


def correction(scene):
    scene.arrive(exempt=True)
    yield scene.office(1, 1)
    scene.ask_proof()


def corrected(scene):
    yield from correction(scene)
    yield scene.evening(0, 1)
    scene.by_applicant("correct", answers={"proof": scene.attach("card", "proof")})


def to_refuse(scene):
    scene.arrive(exempt=True)
    yield scene.office(1, 1)
    scene.refuse_proposed()


def refused(scene):
    yield from to_refuse(scene)
    yield scene.office(1, 2)
    scene.by_chief("decide", outcome="refused", reasons=scene.dice.choice(scene.stage.script.bulky.refusals))


COURSES = {
    course.__name__: course
    for course in (
        collected, booked, uncollected, exempted, absent_waiting, absent_again, absent_lapsed, mismatch,
        withdrawn, void,
        to_check, check_late, check_claimed, correction, corrected, to_refuse, refused,
    )
}  # fmt: skip


def cast_bulky(stage, courses):
    """(moment, course generator) of each application of the script."""
    loads = stage.script.bulky.loads
    wanted = [course for course in courses for _case in range(course.count)]
    for number, course in enumerate(wanted):
        ago = stage.dice.randint(*course.ago)
        scene = BulkyScene(stage, f"bulky-{number}", None, loads[number % len(loads)])
        yield stage.sent_at(stage.today - timedelta(days=ago)), _with_applicant(scene, COURSES[course.course])


def _with_applicant(scene, course):
    """Whoever has room for another case when it is sent; where an answer is awaited, somebody to sign in as."""
    cast = scene.stage.cast
    others = [] if course in (correction, absent_waiting) else cast.neighbours
    everybody = [one for one in (*cast.residents, *others) if one.town]
    scene.applicant = scene.dice.choice(everybody)
    while scene.applicant.busy(scene.code):
        scene.applicant = scene.dice.choice(everybody)
    yield from course(scene)
