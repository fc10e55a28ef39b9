"""Things of other engines that file themselves: a case that ends, a draft that was decided."""

from django.db import transaction

from machi.engines.filing import rules
from machi.engines.filing.actions import completed, tell
from machi.engines.filing.binders import binder_for
from machi.engines.filing.holding import lift_for
from machi.engines.filing.models import Document
from machi.engines.filing.queries import plan
from machi.ground.calendar import fiscal_year, today


@transaction.atomic
def file(filed, *, actor):
    """File a thing that is over (a `define.Filed`) and return its Document; None while the city has no file plan.

    A class that is unknown, or another unit's, gives way to the class of the unit's cases: nothing stays unfiled.
    """
    in_force = plan()
    if in_force is None:
        return None
    one = _class(in_force, filed)
    document = Document.objects.select_for_update(of=("self",)).filter(owner=filed.owner).first()
    if document is not None and document.state in ("destroyed", "archived"):
        return document
    if document is None or document.code != one["key"]:
        binder = binder_for(unit=filed.unit, code=one["key"], title=filed.binder)
        document = document or _new(filed, actor)
        document.binder, document.code, document.holder = binder, binder.code, binder.holder
    document.subject = filed.subject[:300]
    document.disclosure = filed.disclosure or one["disclosure"]
    document.keep = str(filed.keep_years) if filed.keep_years else one["keep"]
    document.decided_on = filed.decided_on
    completed(document, filed.ended_on or today())
    chosen = one["key"] == filed.code
    tell(document, "filing.filed", actor, {"owner": filed.owner, "code": one["key"], "chosen": chosen})
    lift_for(filed.owner, actor)
    return document


def _class(in_force, filed):
    one = rules.class_of(in_force, filed.code)
    fits = one is not None and (not one["units"] or filed.unit in one["units"])
    return one if fits else rules.class_for_cases(in_force, filed.unit)


def _new(filed, actor):
    return Document(
        kind=filed.kind,
        unit=filed.unit,
        year=fiscal_year(today()),
        number=filed.number,
        owner=filed.owner,
        sensitivity=filed.sensitivity,
        drafter=filed.drafter[:120],
        registered_by=actor.key,
        registered_name=actor.name if actor.kind == "staff" else "",
    )


@transaction.atomic
def unfile(owner, *, actor):
    """The thing runs again: its document is open until it ends anew."""
    document = Document.objects.select_for_update(of=("self",)).filter(owner=owner, state="completed").first()
    if document is not None:
        document.state, document.completed_on, document.kept_until = "open", None, None
        document.revision += 1
        document.save()
        tell(document, "filing.reopened", actor, {})
    return document
