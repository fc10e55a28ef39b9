"""Sample documents: received, answered and filed this year, and binders of years past that are due to go."""

from datetime import timedelta

from machi.engines.filing import public as filing
from machi.ground.calendar import OFFICE, now, today
from machi.ground.ids import new_id

OF_A_BINDER = 3


class PaperScene:
    """One document (or one binder of them) and its clerk; `what` is what the script says of it."""

    def __init__(self, stage, what):
        self.stage, self.what = stage, what
        self.clerk = stage.cast.holders(what.unit, "clerk")[0]
        self.document = None
        self.binders = set()

    def receive(self, part=""):
        """It arrives and is registered in its binder of the year, which is made if it is not there."""
        mark = self.stage.script.paper_words
        self.document = filing.register(
            document_id=new_id(),
            kind="received",
            into=f"{self.what.unit}/{self.what.code}",
            given={
                "subject": f"{self.what.subject}{part}{mark.sample}",
                "correspondent": self.what.sender,
                "their_number": self.what.number,
                "received_on": today(),
                "sensitivity": "internal",
                "handling": "ordinary",
            },
            actor=self.clerk,
        )
        self.binders.add(self.document.binder_id)

    def answer(self):
        """The answer goes out."""
        words = self.stage.script.paper_words
        given = {
            "issued_on": today(), "addressee": self.what.sender, "sender": words.sender, "seal": "omitted",
            "way": "mail", "proofread_by": words.proofread_by,
        }  # fmt: skip
        filing.issue(document_id=self.document.id, issue_id=new_id(), given=given, actor=self.clerk)

    def complete(self):
        """Nothing more is to be done."""
        filing.complete(document_id=self.document.id, on=today(), actor=self.clerk)

    def office(self, first, last):
        """Some office days from now, in office hours."""
        return self.stage.at(OFFICE.add_business_days(now().date(), self.stage.dice.randint(first, last)))


def arrived(scene):
    scene.receive()
    yield from ()


def answered(scene):
    scene.receive()
    yield scene.office(2, 6)
    scene.answer()
    yield scene.office(1, 2)
    scene.complete()


def past(scene):
    """A binder of a year that is over: three documents, dealt with, and the binder closed."""
    for number in range(1, OF_A_BINDER + 1):
        scene.receive(scene.stage.script.paper_words.part.format(n=number))
        yield scene.office(2, 5)
        scene.complete()
        yield scene.office(5, 9)
    for binder in scene.binders:
        filing.close_binder(binder_id=binder, actor=scene.clerk)
        if scene.what.hold:
            chief = scene.stage.cast.holders(scene.what.unit, "chief")[0]
            filing.hold(binder_id=binder, reason=scene.what.hold, actor=chief)


COURSES = {course.__name__: course for course in (arrived, answered, past)}


def cast_papers(stage, courses):
    """(moment, course generator) of each document or binder of the script."""
    for course in courses:
        kinds = [one for one in stage.script.papers if course.course in one.courses]
        for number in range(course.count):
            day = OFFICE.on_or_before(stage.today - timedelta(days=stage.dice.randint(*course.ago)))
            yield stage.at(day), COURSES[course.course](PaperScene(stage, kinds[number % len(kinds)]))
