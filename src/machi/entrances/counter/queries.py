"""Reading what happens at the counter."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from machi.engines.definitions.public import current, current_all
from machi.engines.guides import public as guides
from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.counter.models import Errand, Scan, Screen, Sitting, Stack
from machi.entrances.counter.rules import IDLE, LOST, stage
from machi.ground.calendar import now
from machi.ground.ids import token_digest
from machi.ground.languages import pick
from machi.ground.text import search_key

RIGHT = "procedures.receive"
REASONS = {
    "unread": gettext_lazy("読み取れるコードがありません。"),
    "blank": gettext_lazy("手書きのための紙です。だれのものか、見て決めてください。"),
    "gone": gettext_lazy("このコードの案件も書きかけもありません。"),
    "mixed": gettext_lazy("紙の手続と、コードの手続が違います。"),
    "elsewhere": gettext_lazy("ほかの課の手続です。その課の人が入れます。"),
    "twice": gettext_lazy("同じページがもうあります。"),
}


def may_receive(actor, version):
    """Whether this clerk may take applications for a procedure at the counter."""
    return people.can(actor, RIGHT, Scope(unit=version.bundle["owner"], code=version.code))


def case_address(actor, case):
    """Where this clerk sees a case at the desk, "" where they may take it in but not see what becomes of it."""
    sees = procedures.visible_cases(actor).filter(id=case.id).exists()
    return f"/desk/cases/{case.id}/" if sees else ""


def sitting_of(account_id):
    """The sitting that a clerk has open, or None."""
    return Sitting.objects.filter(clerk_id=account_id, closed_at=None).first()


def errand_of(sitting, draft_id):
    """The errand of a sitting whose unsent form this is (or was), or None."""
    return Errand.objects.filter(sitting=sitting, draft_id=draft_id).first() if sitting else None


def served_by(draft_id, *, apart_from):
    """The name of another clerk in whose sitting a form is open now, "" when there is none."""
    errands = Errand.objects.filter(draft_id=draft_id, sitting__closed_at=None, sitting__touched_at__gt=now() - IDLE)
    found = errands.exclude(sitting__clerk=apart_from).select_related("sitting__clerk__person").first()
    return str(found.sitting.clerk.person or found.sitting.clerk) if found else ""


def errands(sitting):
    """The errands of a sitting in order: [(Errand, Draft or None, Case or None)], those thrown away left out."""
    found = [(one, *draft_and_case(one)) for one in sitting.errands.order_by("begun_at")]
    return [line for line in found if line[1] or line[2]]


def draft_and_case(errand):
    """(Draft, None) of what is not sent yet, (None, Case) of what is, (None, None) of what was thrown away."""
    draft = questions.draft_of(errand.draft_id)
    return draft, None if draft else procedures.case_sent_from(errand.owner)


def stage_of(errand, draft, case):
    """How far an errand is: typing, asking, agreed or sent."""
    told = errand.digest or errand.asked_digest
    digest = procedures.digest_of(draft.version, draft.answers) if draft and told else ""
    return stage(errand, sent=case is not None, digest=digest)


def known_for(sitting, version):
    """What was answered before in this sitting and in its guide, for a new form."""
    asked, told = questions.form_of(version), {}
    sources = [(_plan_answers(sitting), "guide"), *((one, "visit") for one in _answered(sitting))]
    for (form, answers), source in (one for one in sources if one[0]):
        found = questions.known_from(form, answers, asked, source=source)
        came = told.get("_from", {}) | found.get("_from", {})
        told = {**told, **found, **({"_from": came} if came else {})}
    return told


def _plan_answers(sitting):
    plan = guides.plan_of_code(sitting.plan_code) if sitting.plan_code else None
    return plan and (questions.form_of(plan.draft.version), plan.draft.answers)


def _answered(sitting):
    for _errand, draft, case in errands(sitting):
        if draft:
            yield questions.form_of(draft.version), draft.answers
        else:
            yield procedures.form_of(case.definition), procedures.answers_of(case)


def offered(actor, wish="", *, everywhere=False):
    """Public procedures that this clerk may take in, in the order of their names; those that hold every word."""
    words = search_key(wish).split()
    found = [
        version
        for version in current_all("procedure")
        if version.bundle["audience"] == "public" and (everywhere or may_receive(actor, version))
    ]
    return sorted(
        (version for version in found if all(word in _text(version) for word in words)),
        key=lambda version: search_key(pick(version.bundle["title"], "ja")),
    )


def _text(version):
    bundle = version.bundle
    return " ".join(search_key(one) for one in (pick(bundle["title"], "ja"), *bundle["words"].get("ja", [])))


def todos(plan, done_codes):
    """The tasks of a guide's list that are done with a procedure of the city and not begun yet: [TaskView]."""
    version = plan.draft.version
    views = guides.task_views(version.bundle, guides.todos_of(plan, version), "ja", done=plan.done)
    return [view for view in views if view.online and view.procedure not in done_codes and not view.done]


def begun_for(plan):
    """The ids of the unsent forms that were begun from a guide's list."""
    drafts = (UUID(owner.removeprefix("draft:")) for owner in plan.begun.values())
    return [found for found in map(questions.draft_of, drafts) if found]


def owner_unit(code):
    """The unit that takes in a procedure, in Japanese."""
    version = current("procedure", code)
    found = people.unit(version.bundle["owner"]) if version else None
    return pick(found.title, "ja") if found else ""


# The screen that faces people


def screen_of(token):
    """The Screen that holds this secret, or None."""
    screens = Screen.objects.select_related("sitting")
    return screens.filter(token_digest=token_digest(token)).first() if token else None


def is_there(screen):
    """Whether a screen has asked lately."""
    return screen is not None and now() - screen.seen_at < LOST


def served_at(screen):
    """The sitting that a screen faces; None before and after, and when the clerk has been away too long."""
    sitting = screen.sitting
    idle = sitting and (sitting.closed_at or now() - sitting.touched_at > IDLE)
    return None if idle else sitting


# Paper that comes back


def stacks_of(account_id, *, most=8):
    """What a clerk put in lately, the newest first."""
    return list(Stack.objects.filter(clerk_id=account_id).order_by("-put_in_at")[:most])


def scans_seen(actor):
    """The scanned pages that a clerk may see: of the forms and units they take in."""
    return Scan.objects.filter(people.visible_to(actor, RIGHT, unit="unit", code="form"))


def tray(actor):
    """The pages that found no place and that this clerk may give one, the oldest first."""
    left = scans_seen(actor).exclude(reason__in=("", "dropped"))
    return left.select_related("stack").order_by("stack__put_in_at", "number")


def pages_there(code):
    """Which pages of a draft or case are there, in order."""
    return sorted(Scan.objects.filter(code=code, reason="").values_list("page", flat=True))


def title_of(code):
    """The name of a procedure in Japanese, "" when there is none."""
    version = current("procedure", code) if code else None
    return pick(version.bundle["title"], "ja") if version else ""
