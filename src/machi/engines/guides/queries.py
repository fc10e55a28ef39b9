"""Reading guides and plans. Whether somebody may open a plan, the entrances decide: by account, session or code."""

from uuid import UUID

from machi.engines.definitions.public import current, current_all
from machi.engines.guides import rules
from machi.engines.guides.models import Plan
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.ground.calendar import today
from machi.ground.ids import check_reference


def guides():
    """The published guides for residents, in their order."""
    found = [version for version in current_all("guide") if version.bundle["audience"] == "public"]
    return sorted(found, key=lambda version: (version.bundle["rank"], version.code))


def guide(code):
    """The published version of a guide for residents, or None."""
    version = current("guide", code)
    return version if version and version.bundle["audience"] == "public" else None


def plan_of(draft):
    """The Plan made from these answers, or None."""
    return Plan.objects.filter(draft=draft).select_related("draft__version__definition").first()


def plan_of_code(text):
    """The Plan that a code opens, however it was typed; None when there is none or it has waited too long."""
    code = check_reference(text)
    plans = Plan.objects.filter(code=code, draft__expires_on__gte=today()) if code else Plan.objects.none()
    return plans.select_related("draft__version__definition").first()


def todos_of(plan, version):
    """The rules.Todos of a plan today, by the guide's `version`."""
    sheet = questions.form_of(version).evaluate(plan.draft.answers, today=today())
    return rules.todos(version.bundle, sheet, today())


def begun(plan, *, account_id=None, cases=()):
    """What became of the tasks: {task: Draft or Case}. `cases` are the ids of those this visitor may open."""
    codes = {task["procedure"]: task["key"] for task in plan.draft.version.bundle["tasks"] if task["procedure"]}
    found = {}
    for case in _sent_since(plan, account_id, cases).filter(code__in=codes).order_by("submitted_at"):
        found[codes[case.code]] = case
    for task, owner in plan.begun.items():
        thing = _draft_or_case(owner)
        if thing:
            found[task] = thing
    return found


def _sent_since(plan, account_id, cases):
    known = procedures.Case.objects.filter(id__in=cases)
    if account_id:
        known = known | procedures.Case.objects.filter(account_id=account_id)
    return known.filter(submitted_at__gte=plan.created_at)


def _draft_or_case(owner):
    return questions.draft_of(UUID(owner.removeprefix("draft:"))) or procedures.case_sent_from(owner)
