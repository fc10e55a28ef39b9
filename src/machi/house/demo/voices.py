"""Sample voices of citizens, by the course they take."""

from datetime import timedelta

from machi.ground.calendar import OFFICE, now
from machi.house.demo.stage import Scene

JITTER = 0.004  # degrees, about 400 m
UNTOUCHED = {"waiting", "late", "due_today", "withdrawn"}  # nobody needs to have worked on these


class VoiceScene(Scene):
    """One voice; `voice` is what the script says (define.Voice) and `town` the town it speaks of."""

    code = "voice.citizen_voice"

    def __init__(self, stage, number, applicant, voice, town):
        super().__init__(stage, number, applicant)
        self.voice, self.town = voice, town

    def arrive(self):
        """Send the voice."""
        voice, who = self.voice, self.applicant
        answers = {
            "topic": voice.topic,
            "heading": voice.heading,
            "body": voice.body.format(town=self.town),
            "wants_answer": not voice.anonymous and not voice.thanks,
            "may_publish": voice.public is not None,
        }
        if not voice.anonymous:
            answers |= {"name": who.name, "email": who.mail}
        if voice.photo:
            answers["photo"] = self.attach(voice.photo, "photo")
        if voice.near:
            answers["place"] = self._place()
        self.send(answers)

    def _place(self):
        lat, lng = (round(one + self.dice.uniform(-JITTER, JITTER), 5) for one in self.voice.near)
        return {"lat": lat, "lng": lng, "text": self.town}

    def propose(self):
        """The clerk proposes the answer."""
        self.by_clerk("complete", outcome="propose", answers={"answer": self.voice.answer})

    def settle(self, outcome):
        """The clerk writes the words for the public, and publishes or keeps them."""
        public = self.voice.public
        self.by_clerk("complete", outcome=outcome, answers={"question": public.question, "reply": public.reply})

    def to_approval(self):
        """From arrival to the chief's desk."""
        self.arrive()
        yield self.office(1, 3)
        self.by_clerk("claim")
        yield self.office(1, 3)
        self.propose()

    def to_answer(self):
        """From arrival to the answer."""
        yield from self.to_approval()
        yield self.office(1, 2)
        self.by_chief("decide", outcome="approved")


def waiting(scene):
    scene.arrive()
    yield from ()


def late(scene):
    scene.arrive()
    yield from ()


def due_today(scene):
    scene.arrive()
    yield from ()


def claimed(scene):
    scene.arrive()
    yield scene.office(1, 1)
    scene.by_clerk("claim")
    if scene.dice.random() < 0.4:
        yield scene.soon()
        scene.by_clerk("note", text="現地を確認する日を調整中。写真では場所がはっきりしない。")


def to_approve(scene):
    scene.arrive()
    yield scene.office(1, 1)
    scene.by_clerk("claim")
    yield scene.soon()
    scene.propose()


def answered(scene):
    yield from scene.to_answer()
    if scene.voice.public:
        yield scene.office(1, 3)
        scene.settle("keep")


def published(scene):
    yield from scene.to_answer()
    yield scene.office(1, 4)
    public = scene.voice.public
    scene.by_clerk("complete", outcome="publish", answers={"question": public.question, "reply": public.reply})


def to_publish(scene):
    yield from scene.to_answer()


def sent_back(scene):
    yield from scene.to_approval()
    yield scene.office(1, 2)
    scene.by_chief("decide", outcome="back", reasons="いつまでに直すかを書いてください。")
    yield scene.office(1, 2)
    scene.propose()
    yield scene.office(1, 1)
    scene.by_chief("decide", outcome="approved")
    if scene.voice.public:
        yield scene.office(1, 3)
        scene.settle("keep")


def noted(scene):
    scene.arrive()
    yield scene.office(1, 3)
    scene.by_clerk("complete", outcome="no_answer")


def transferred(scene):
    scene.arrive()
    yield scene.office(1, 2)
    other = "environment" if scene.case.unit == "roads" else "roads"
    scene.by_clerk("transfer", unit=other, reason="場所を確かめたところ、そちらの課の受け持ちでした。")
    yield scene.office(1, 3)
    scene.by_clerk("claim")
    yield scene.office(1, 3)
    scene.propose()
    yield scene.office(1, 2)
    scene.by_chief("decide", outcome="approved")
    if scene.voice.public:
        yield scene.office(1, 3)
        scene.settle("keep")


def taken_back(scene):
    yield from published(scene)
    yield scene.office(10, 20)
    scene.by_chief("take_back")


def reopened(scene):
    yield from answered(scene)
    yield scene.office(5, 9)
    scene.by_chief("reopen", step="answer", reason="その後の雨で、また同じ場所が傷んだと連絡があったため。")


def withdrawn(scene):
    scene.arrive()
    yield now() + timedelta(hours=scene.dice.randint(2, 20))
    scene.by_applicant("withdraw")


def void(scene):
    scene.arrive()
    yield scene.office(1, 2)
    scene.by_chief("void", reason="同じ内容が続けて2回送られたため、1件にまとめた。")


COURSES = {
    course.__name__: course
    for course in (
        waiting, late, due_today, claimed, to_approve, answered, published, to_publish, sent_back, noted, transferred,
        taken_back, reopened, withdrawn, void,
    )
}  # fmt: skip


def cast_voices(stage, courses):
    """(moment, course generator) of each voice of the script."""
    offers = [(voice, town) for voice in stage.script.voices for town in voice.towns]
    stage.dice.shuffle(offers)
    wanted = [course for course in courses for _case in range(course.count)]
    wanted.sort(key=lambda course: course.course not in ("published", "to_publish", "taken_back", "noted"))
    left = list(offers)
    for number, course in enumerate(wanted):
        left = left or list(offers)
        fitting = [offer for offer in left if _fits(stage, course.course, offer[0])]
        voice, town = (fitting or [offer for offer in offers if _fits(stage, course.course, offer[0])])[0]
        if fitting:
            left.remove((voice, town))
        scene = VoiceScene(stage, f"voice-{number}", _speaker(stage, voice), voice, town)
        yield _sent(stage, course), COURSES[course.course](scene)


def _fits(stage, course, voice):
    """Whether a voice can go this way: who answers, what may be published, whose thanks need no answer."""
    if course in UNTOUCHED:
        return not voice.thanks and not (course == "withdrawn" and voice.anonymous)
    if not voice.answer:
        return False
    if course in ("published", "to_publish", "taken_back"):
        return voice.public is not None
    if course == "transferred":
        return voice.topic in ("roads", "garbage")
    return voice.thanks == (course == "noted")


def _speaker(stage, voice):
    tag = voice.language.lower()
    everybody = [one for one in (*stage.cast.residents, *stage.cast.neighbours) if one.language == tag]
    return stage.dice.choice(everybody)


def _sent(stage, course):
    if course.course == "due_today":
        due = OFFICE.on_or_after(stage.today)
        return stage.at(OFFICE.add_business_days(due, -7))
    return stage.sent_at(stage.today - timedelta(days=stage.dice.randint(*course.ago)))
