"""Approvals that wait: the holder is reminded, then the post above is told; each morning everybody has their sum."""

from django.conf import settings

from machi.engines.approvals import public as approvals
from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.people import public as people
from machi.engines.procedures.models import Case
from machi.ground.calendar import OFFICE, TOKYO, today

DUE, LATE, DAILY = "office.approval_due", "office.approval_late", "office.approval_daily"
ASKED = {"agree": "office.approval_asked", "acknowledge": "office.approval_to_read"}


def remind():
    """Every day on which the office works. What was told once is not told again: the key of a notice is its place."""
    if not OFFICE.is_open(today()):
        return
    for slot in approvals.overdue():
        _tell_about(slot, DUE, approvals.who_may_mark(slot))
    for slot in approvals.overdue(twice=True):
        _tell_about(slot, LATE, approvals.who_is_above(slot))
    for account, slots in approvals.inboxes().items():
        _tell_sum(account, slots)


def tell_asked(found):
    """Tell those whom people added to a round that their turn has come; once each."""
    for slot in approvals.added_and_open(found):
        if slot.kind in ASKED:
            _tell_about(slot, ASKED[slot.kind], approvals.who_may_mark(slot), words=slot.note)


def _tell_about(slot, notice, accounts, **more):
    case = Case.objects.filter(pk=slot.round.owner.partition(":")[2]).first()
    if case is None or case.sample:
        return
    data = {
        "subject": case.subject or case.number,
        "number": case.number,
        "post": approvals.title(slot.post),
        "since": slot.opened_at.astimezone(TOKYO).date(),
        "link": f"{settings.PUBLIC_URL}/desk/cases/{case.id}/",
        **more,
    }
    for account in accounts:
        tell(notice=notice, to=_recipient(account), data=data, owner=case.owner, key=f"{notice}:{slot.id}:{account}")


def _tell_sum(account, slots):
    waiting = [slot for slot in slots if approvals.blocking(slot)]
    if not waiting:
        return
    data = {
        "waiting": str(sum(slot.state == "open" for slot in waiting)),
        "late": str(sum(approvals.is_late(slot) for slot in waiting)),
        "held": str(sum(slot.state == "held" for slot in waiting)),
        "read": str(len(slots) - len(waiting)),
        "link": f"{settings.PUBLIC_URL}/desk/approvals/",
    }
    key = f"{DAILY}:{account}:{today()}"
    tell(notice=DAILY, to=_recipient(account), data=data, owner=f"account:{account}", key=key)


def _recipient(account):
    found = people.account(account)
    return Recipient(account_id=account, email=found.email, language=found.language)
