"""What a case has to do with documents: where it is filed, and which documents it concerns."""

from django.utils.translation import gettext as _

from machi.engines.filing import public as filing
from machi.engines.procedures import public as procedures
from machi.entrances.desk.filing_words import state_chip
from machi.entrances.desk.words import title_of


def of_case(case, actor):
    """{"document", "concerned", "may_connect"} of a case, as far as this member of staff may see documents."""
    seen = filing.documents(actor)
    document = filing.of_owner(case.owner)
    concerned = filing.connected(case.owner)
    visible = set(seen.filter(id__in=[one.id for one in concerned]).values_list("id", flat=True))
    return {
        "document": document if document and seen.filter(id=document.id).exists() else None,
        "concerned": [_row(one) for one in concerned if one.id in visible],
        "hidden": len(concerned) - len(visible),
        "may_connect": may_connect(case, actor),
    }


def may_connect(case, actor):
    """Whether this member of staff says which documents the case concerns: who works on it."""
    return procedures.may(actor, "note", case) and case.destroyed_at is None


def _row(one):
    return {"document": one, "label": one.number or one.subject, "chip": state_chip(one)}


def found(case, actor, words):
    """Documents that the case could concern: found by words, without itself and those it concerns already."""
    shown = filing.documents(actor).exclude(owner=case.owner).exclude(state="destroyed")
    shown = shown.exclude(id__in=[one.id for one in filing.connected(case.owner)])
    return filing.found(shown, words).select_related("binder").order_by("-registered_at")


def connect(case, actor, document):
    """The case concerns the document; while the case runs, the document is not destroyed."""
    said = _("%(title)s %(number)s の対象") % {"title": title_of(case), "number": case.number or case.reference}
    reason = said if case.is_open else ""
    filing.connect(document_id=document.id, owner=case.owner, reason=reason, actor=actor)
