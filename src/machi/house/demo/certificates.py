"""Sample requests for certificates of residence, by the course they take."""

from datetime import timedelta

from machi.ground.calendar import OFFICE
from machi.house.demo.stage import Scene

CHECKED = ["same_person", "no_hold"]
SINCE = ("1998-04-01", "2006-10-15", "2013-03-28", "2019-07-01", "2023-04-03")


class CertificateScene(Scene):
    """One request; `ask` is what the script says is wanted."""

    code = "residents.residence_certificate"

    def __init__(self, stage, number, ask):
        super().__init__(stage, number, None)
        self.ask = ask

    def arrive(self, *, wrong_line=False):
        """Send the request: by those with a card themselves, for all others at the counter."""
        self.applicant = self._who()
        self.origin = "web" if self.applicant.has_card else "counter"
        who = self.applicant
        address = who.address | ({"line": "9999番地"} if wrong_line else {})
        you = {"name": who.name, "kana": who.kana, "birth": who.birth, "phone": who.phone, "email": who.mail}
        self.send({**you, "address": address, **self.ask})

    def _who(self):
        cast = self.stage.cast
        with_card = [one for one in cast.residents if one.has_card]
        foreign = "nationality" in self.ask["contents"]
        everybody = [one for one in (*with_card * 3, *cast.neighbours) if one.is_foreign == foreign]
        chosen = self.dice.choice(everybody)
        while chosen.busy(self.code):
            chosen = self.dice.choice(everybody)
        return chosen

    def agrees(self):
        """The clerk has found the person in the register."""
        who = self.applicant
        self.by_clerk(
            "complete",
            outcome="ok",
            checked=CHECKED,
            answers={
                "rows": [self._row()],
                "household_head": who.name,
                "registered_address": "".join(who.address[part] for part in ("town", "line", "building")),
            },
        )

    def _row(self):
        who = self.applicant
        women = self.stage.script.certificates.women
        row = {"_id": "p1", "name": who.name, "kana": who.kana, "birth": who.birth, "since": self._since()}
        row["sex"] = "female" if who.mail in women else "male"
        if "relation" in self.ask["contents"]:
            row["relation"] = "世帯主"
        if "domicile" in self.ask["contents"]:
            row["note"] = f"本籍 {who.address['town']}"
        return row

    def _since(self):
        return max(self.dice.choice(SINCE), self.applicant.birth)

    def to_decision(self):
        """From arrival to the chief's desk."""
        self.arrive()
        yield self.stage.at(OFFICE.on_or_after(self.next_day()))
        self.by_clerk("claim")
        yield self.soon()
        self.agrees()

    def next_day(self):
        """The day after it was sent."""
        return self.case.submitted_at.date() + timedelta(days=1)

    def to_fee(self):
        """From arrival to the decision: the fee is waited for."""
        yield from self.to_decision()
        yield self.soon()
        self.by_chief("decide", outcome="granted")

    def to_paper(self):
        """From arrival to the certificate, which is made when the fee is paid."""
        yield from self.to_fee()
        yield self.office(1, 3)
        self.pay()


def to_check(scene):
    scene.arrive()
    yield from ()


def check_late(scene):
    scene.arrive()
    yield from ()


def check_claimed(scene):
    scene.arrive()
    yield scene.office(1, 1)
    scene.by_clerk("claim")


def correction(scene):
    scene.arrive(wrong_line=True)
    yield scene.office(1, 1)
    scene.by_clerk("claim")
    yield scene.soon()
    message = scene.stage.script.certificates.wrong
    scene.by_clerk("ask_correction", fields=["address"], message=message)


def to_decide(scene):
    yield from scene.to_decision()


def to_pay(scene):
    yield from scene.to_fee()


def issued(scene):
    yield from scene.to_paper()


def handed(scene):
    yield from scene.to_paper()
    yield scene.soon()
    scene.by_clerk("complete", outcome="handed")


def handed_after_correction(scene):
    yield from correction(scene)
    yield scene.evening(1, 3)
    scene.by_applicant("correct", answers={"address": scene.applicant.address})
    yield scene.office(1, 1)
    scene.by_clerk("claim")
    scene.agrees()
    yield scene.soon()
    scene.by_chief("decide", outcome="granted")
    yield scene.office(1, 3)
    scene.pay()
    scene.by_clerk("complete", outcome="handed")


def refused(scene):
    scene.arrive()
    yield scene.office(1, 1)
    scene.by_clerk("complete", outcome="refuse")
    yield scene.office(1, 1)
    scene.by_chief("decide", outcome="refused", reasons=scene.stage.script.certificates.refusal)


def unclaimed(scene):
    yield from scene.to_paper()
    yield scene.office(15, 18)
    scene.by_clerk("complete", outcome="unclaimed")


def withdrawn(scene):
    scene.arrive()
    yield scene.soon()
    scene.by_applicant("withdraw")


COURSES = {
    course.__name__: course
    for course in (
        to_check, check_late, check_claimed, correction, to_decide, to_pay, issued, handed, handed_after_correction,
        refused, unclaimed, withdrawn,
    )
}  # fmt: skip


def cast_certificates(stage, courses):
    """(moment, course generator) of each request of the script."""
    asks = stage.script.certificates.asks
    wanted = [course for course in courses for _case in range(course.count)]
    for number, course in enumerate(wanted):
        scene = CertificateScene(stage, f"certificate-{number}", asks[number % len(asks)])
        day = stage.today - timedelta(days=stage.dice.randint(*course.ago))
        yield stage.sent_at(day), COURSES[course.course](scene)
