"""Giving back what a case held: its place, what it entered, marked and charged, its approvals, and the papers on it."""

from machi.engines.approvals import public as approvals
from machi.engines.bookings import public as bookings
from machi.engines.documents import public as documents
from machi.engines.payments import public as payments
from machi.engines.procedures import attending, entering


def give_back(run, reason):
    """Nothing is held for the case any more."""
    bookings.release(owner=run.case.owner)
    entering.undo_all(run, reason)
    attending.take_back(run)
    approvals.void(owner=run.case.owner, actor=run.actor, why=reason)
    for charge in payments.of_owner(run.case.owner):
        if charge.state in ("due", "paid"):
            payments.cancel(charge_id=charge.id, actor=run.actor, reason=reason)
    for document in documents.documents_of(run.case.owner):
        if document.state == "valid":
            documents.withdraw(document_id=document.id, actor=run.actor, reason=reason)
