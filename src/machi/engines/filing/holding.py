"""Holds: a document, or all of a binder, is not destroyed while one is in force. And cases that concern documents."""

from django.db import transaction
from django.utils.translation import gettext as _

from machi.engines.audit import public as audit
from machi.engines.filing import actions, binders
from machi.engines.filing.models import Connection, Hold
from machi.engines.filing.queries import may
from machi.engines.filing.rules import NotAllowed, Refused
from machi.ground.calendar import now


@transaction.atomic
def hold(*, reason, actor, document_id=None, binder_id=None, owner=""):
    """Hold a document or a binder. The row is locked first: it is held before it goes, or gone already."""
    reason = reason.strip()[:300]
    if not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("あとで読む人のために書いてください。")})
    if document_id:
        thing = actions.locked(document_id, actor, "filing.see" if owner else "filing.hold")
        where = {"document": thing}
    else:
        thing = binders.locked(binder_id, actor, "filing.hold")
        where = {"binder": thing}
    kept = Hold.objects.create(**where, reason=reason, by=actor.key, by_name=actor.name, owner=owner)
    _tell(kept, "filing.held", actor, {"hold": str(kept.id), "for": owner}, {"reason": reason})
    return kept


@transaction.atomic
def lift(*, hold_id, reason, actor):
    """Lift a hold; why is kept beside it."""
    found = Hold.objects.select_for_update(of=("self",)).get(id=hold_id)
    if not may(actor, "filing.hold", found.document or found.binder):
        raise NotAllowed("filing.hold")
    reason = reason.strip()[:300]
    if found.lifted_at or not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("あとで読む人のために書いてください。")})
    _lift(found, actor, reason)
    return found


def _lift(found, actor, reason):
    found.lifted_at, found.lifted_by, found.lifted_name, found.lifted_reason = now(), actor.key, actor.name, reason
    found.save()
    _tell(found, "filing.lifted", actor, {"hold": str(found.id)}, {"reason": reason})


def _tell(found, verb, actor, payload, personal):
    stream = found.document.stream if found.document else f"binder:{found.binder_id}"
    audit.record(stream=stream, verb=verb, actor=actor, payload=payload, personal=personal)


@transaction.atomic
def connect(*, document_id, owner, reason, actor):
    """Say that the case `owner` concerns a document; with a `reason`, the document is held until the case is over."""
    document = actions.locked(document_id, actor, "filing.see")
    _made, new = Connection.objects.get_or_create(owner=owner, document=document, defaults={"by": actor.key})
    if new and reason:
        hold(document_id=document.id, reason=reason, actor=actor, owner=owner)
    if new:
        actions.tell(document, "filing.connected", actor, {"owner": owner})
    return document


@transaction.atomic
def disconnect(*, document_id, owner, actor):
    """The case does not concern the document after all."""
    document = actions.locked(document_id, actor, "filing.see")
    if Connection.objects.filter(owner=owner, document=document).delete()[0]:
        for found in _in_force(owner).filter(document=document):
            _lift(found, actor, "disconnected")
        actions.tell(document, "filing.disconnected", actor, {"owner": owner})
    return document


def lift_for(owner, actor):
    """A case is over: what it held is held no longer by it."""
    for found in _in_force(owner):
        _lift(found, actor, "ended")


def _in_force(owner):
    return Hold.objects.select_for_update(of=("self",)).filter(owner=owner, lifted_at=None)
