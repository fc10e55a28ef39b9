"""A case that ends is filed; when its retention is over, filing has its content destroyed here, and nowhere else."""


import pgtrigger
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from machi.engines.approvals import public as approvals
from machi.engines.audit import public as audit
from machi.engines.audit.define import SYSTEM
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.filing import public as filing
from machi.engines.filing.define import Filed, Source
from machi.engines.notices import public as notices
from machi.engines.procedures import scope
from machi.engines.procedures.models import ENDED, Case, Publication
from machi.ground.calendar import TOKYO, now
from machi.ground.languages import pick

AT_ONCE = 500
DISCLOSURES = ("open", "partial", "closed")


def file_case(case):
    """File a case that has just ended: its class, binder and disclosure as its procedure says. The Document, or None.

    Its subject names nobody: only an internal draft is filed under its own.
    """
    said = _said(case)
    decision = case.decisions.order_by("-at").first()
    filed = Filed(
        owner=case.owner,
        kind="draft" if case.drafter else "case",
        unit=case.unit,
        subject=(case.subject if case.drafter else "") or pick(case.definition.bundle["title"], "ja"),
        number=case.number or case.reference,
        drafter=(case.drafter or {}).get("name", ""),
        decided_on=decision and decision.at.astimezone(TOKYO).date(),
        ended_on=case.closed_at.astimezone(TOKYO).date(),
        keep_years=None if said["code"] else case.definition.bundle["retention"]["years"],
        **said,
    )
    return filing.file(filed, actor=SYSTEM)


def _said(case):
    """What the procedure's `file_as` gives over the answers; versions from before it was there have none."""
    wanted = case.definition.bundle.get("file_as") or {}
    seen = scope.values(case) if any(wanted.values()) else {}
    said = {name: scope.evaluate(case, text, seen) or "" for name, text in wanted.items() if text}
    disclosure = said.get("disclosure", "")
    return {
        "code": said.get("class", ""),
        "binder": said.get("binder", ""),
        "disclosure": disclosure if disclosure in DISCLOSURES else "",
    }


def file_ended():
    """File what ended before there was a file plan; the youngest first, some each night. Returns how many."""
    if filing.plan() is None:
        return 0
    ended = Case.objects.filter(status__in=ENDED, closed_at__isnull=False, destroyed_at=None)
    named = ended.annotate(name=Concat(Value("case:"), Cast("id", CharField())))
    waiting = named.exclude(name__in=filing.owners()).order_by("-closed_at").values_list("id", flat=True)
    return len([_file_late(case_id) for case_id in waiting[:AT_ONCE]])


@transaction.atomic
def _file_late(case_id):
    case = Case.objects.select_for_update(of=("self",)).get(id=case_id)
    if not case.is_open:
        case.retention_until = file_case(case).kept_until
        case.save()


def hold_still(owner):
    """Lock the case until the transaction ends; whether it is over."""
    case = Case.objects.select_for_update(of=("self",)).get(id=owner.removeprefix("case:"))
    return not case.is_open


@transaction.atomic
def destroy(*, owner, actor, reason):
    """Take the personal content of an ended case away for good: answers, files, papers, notices, and the key of its
    chain. What stays: that there was such a case, its number, days, result, and who decided in which post.
    """
    case = Case.objects.select_for_update(of=("self",)).get(id=owner.removeprefix("case:"))
    if case.is_open:
        message = f"{owner} is {case.status}"
        raise ValueError(message)
    kept = ("AnswerRevision:append_only", "Decision:decision_stands", "Party:answer_stands")
    with pgtrigger.ignore(*(f"procedures.{name}" for name in kept)):
        case.answers.all().delete()
        case.decisions.update(reasons="", conditions="")
        case.parties.update(name="", email="", account=None, reason="", code_hash="", link_round=F("link_round") + 1)
    case.groups.clear()
    case.steps.update(answers={}, fields=[], message="", claimed_by=None)
    Publication.objects.filter(case=case).delete()
    files.drop(owner=owner)
    documents.destroy(owner=owner, actor=actor, reason=reason)
    notices.forget(owner=owner)
    approvals.forget(owner=owner)
    _blank(case)
    audit.shred(stream=owner, actor=actor, reason=reason)


def _blank(case):
    """Nothing of the row says who applied for what; the mailed link and the account lead to it no more."""
    case.applicant = case.subject = case.email = ""
    case.account = case.place = None
    case.link_round += 1
    case.destroyed_at = now()
    if case.drafter:
        with pgtrigger.ignore("procedures.Case:pin_version"):
            case.drafter = {name: said for name, said in case.drafter.items() if name != "name"}
            case.save()
    case.save()


CASES = Source(name="case", hold_still=hold_still, destroy=destroy)
