"""Every change to plans. They are a person's own unsent papers, as drafts are: they leave no audit lines."""

from django.db import transaction

from machi.engines.definitions.public import current
from machi.engines.guides.models import Plan
from machi.engines.questions import public as questions
from machi.ground.calendar import parse_duration, today


@transaction.atomic
def start(*, version, language, account_id=None, profile=None):
    """Begin the interview of a guide, with what is known about the person. Returns the Plan."""
    draft = questions.start_draft(
        kind="guide",
        version=version,
        account_id=account_id,
        language=language,
        answers=questions.prefilled(version.bundle["form"], profile),
        expires_on=parse_duration(version.bundle["drafts"]["keep"]).after(today()),
    )
    return Plan.objects.create(draft=draft)


def renew(*, plan):
    """Bring the answers to the newest version of the guide. Returns that version, None when the guide is gone."""
    newest = current("guide", plan.draft.code)
    if newest and newest.id != plan.draft.version_id:
        questions.carry(draft=plan.draft, version=newest)
    return newest


@transaction.atomic
def mark(*, plan, task, done):
    """Note that a task is done, or that it is not."""
    locked = Plan.objects.select_for_update().get(id=plan.id)
    others = [key for key in locked.done if key != task]
    locked.done = plan.done = [*others, task] if done else others
    locked.save(update_fields=["done"])


@transaction.atomic
def note_begun(*, plan, task, owner):
    """Note which unsent application ("draft:<id>") was begun for a task."""
    locked = Plan.objects.select_for_update().get(id=plan.id)
    locked.begun = plan.begun = {**locked.begun, task: owner}
    locked.save(update_fields=["begun"])
