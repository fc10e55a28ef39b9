"""Drawing numbers, issuing, making the paper, withdrawing. Every change is one transaction."""

import hashlib
import json

import pgtrigger
from django.db import connection, transaction

from machi.engines.audit import public as audit
from machi.engines.audit.define import SYSTEM
from machi.engines.documents import queries
from machi.engines.documents.models import IssuedDocument, Manuscript
from machi.engines.documents.rules import filled, number_names, shown_values
from machi.engines.documents.typesetting import check_letters, typeset
from machi.engines.effects import public as effects
from machi.engines.files import public as files
from machi.ground.calendar import now, today
from machi.ground.ids import new_id, reference_code

PRINT = "documents.print"  # the port that makes papers; see `jobs`
_DRAW = """
INSERT INTO documents_sequence (code, last) VALUES (%s, 1)
ON CONFLICT (code) DO UPDATE SET last = documents_sequence.last + 1
RETURNING last
"""


class NotValid(ValueError):
    """The document is no longer valid, so it can be neither withdrawn again nor superseded."""


@transaction.atomic
def next_number(*, sequence, format, values=None):  # noqa: A002 (the word of the definitions)
    """The next number of `sequence`, written as `format`: 粗{fy}-{seq:6} → 粗2026-000012.

    Both are filled from `values` and from the fiscal year of today. The sequence stays locked until the
    transaction
    of the caller ends: when that rolls back, the number is drawn again, so there are no gaps.
    """
    names = number_names(day=today()) | dict(values or {})
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [filled(sequence, names)])
        drawn = cursor.fetchone()[0]
    return filled(format, names | {"seq": drawn, "n": drawn})


@transaction.atomic
def issue(*, bundle, values, owner, actor, unit, language="ja", tables=None, supersedes=None):
    """Issue the document for ever and return the IssuedDocument. Its paper is made after the commit (`make`).

    bundle: the compiled definition, as the caller pinned it. values: what the definition's expressions read;
    tables: their lookup tables. unit: code of the issuing unit. supersedes: an IssuedDocument this one
    replaces.
    Raises MissingGlyph; then nothing is issued and no number is used up.
    """
    at, code, office = now(), reference_code(), queries.office_of(unit)
    data = queries.evaluated(bundle, values, day=at.date(), tables=tables)
    names = number_names(day=at.date(), unit=unit, sign=office["sign"])
    sequence = filled(bundle["number"]["sequence"], names)
    number = next_number(sequence=sequence, format=bundle["number"]["format"], values=names)
    issued = queries.issued_words(bundle, at=at, number=number, code=code, office=office, language=language)
    manuscript = queries.to_be_set(bundle, data, issued)
    check_letters(**manuscript, at=at)
    document = IssuedDocument.objects.create(
        id=new_id(),
        owner=owner,
        code=bundle["code"],
        title=bundle["title"],
        template_digest=_digest(bundle),
        sequence=sequence,
        number=number,
        verify_code=code,
        shown=shown_values(bundle, data),
        issued_at=at,
        issued_by=actor.key,
        unit=unit,
        office={"unit": office["title"], "city": office["city"]},
        language=language,
    )
    Manuscript.objects.create(document=document, **manuscript)
    effects.enqueue(port=PRINT, key=f"{PRINT}:{document.id}", payload={"document": str(document.id)})
    _record(document, "documents.issued", actor, {"number": number})
    if supersedes is not None:
        _supersede(supersedes, document, actor)
    return document


def _digest(bundle):
    """The digest of the definition the document was made from."""
    return hashlib.sha256(json.dumps(bundle, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def pdf(document):
    """The PDF (bytes) as it was issued. Who asks before the worker has made it, makes it: the bytes are the same.

    Raises NotValid when it was destroyed at the end of its retention.
    """
    if document.destroyed_at:
        raise NotValid(f"document {document.number} was destroyed")
    if document.blob is None:
        make(document_id=document.id)
        document.refresh_from_db(fields=["blob"])
    return files.read(document.blob)


def make(*, document_id):
    """Typeset the paper of an issued document unless it is made. No number and no row is held meanwhile.

    Raises DocumentFault when the template fails.
    """
    manuscript = Manuscript.objects.select_related("document").filter(document=document_id).first()
    if manuscript is not None:
        paper = typeset(
            manuscript.template,
            data=manuscript.data,
            issued=manuscript.issued,
            at=manuscript.document.issued_at,
        )
        _seal(document_id, paper)


@transaction.atomic
def _seal(document_id, paper):
    """Keep the paper, whoever made it first, and forget what it was made from."""
    document = IssuedDocument.objects.select_for_update().get(id=document_id)
    if document.blob is None:
        document.blob = files.store(paper, mime="application/pdf", name=f"{document.number}.pdf")
        document.save(update_fields=["blob"])
        Manuscript.objects.filter(document=document).delete()
        _record(document, "documents.made", SYSTEM, {"number": document.number, "sha256": document.sha256})


def _supersede(old, new, actor):
    old = _locked_valid(old.id)
    old.state, old.superseded_by, old.ended_at = "superseded", new, new.issued_at
    old.save(update_fields=["state", "superseded_by", "ended_at"])
    _record(old, "documents.superseded", actor, {"by": str(new.id), "number": new.number})


@transaction.atomic
def withdraw(*, document_id, actor, reason):
    """Declare a document void and return it; `reason` is for the record, the public page does not show it."""
    if not reason.strip():
        raise ValueError("a withdrawal needs a reason")
    document = _locked_valid(document_id)
    document.state, document.reason, document.ended_at = "withdrawn", reason.strip()[:500], now()
    document.save(update_fields=["state", "reason", "ended_at"])
    _record(document, "documents.withdrawn", actor, {"number": document.number, "reason": document.reason})
    return document


@transaction.atomic
def destroy(*, owner, actor, reason):
    """Take the papers of an owner away for good (lawful disposal): that there were such papers stays on record."""
    for document in IssuedDocument.objects.select_for_update().filter(owner=owner, destroyed_at=None):
        Manuscript.objects.filter(document=document).delete()
        sealed = ("document_never_changes", "document_is_made_once", "document_ends_once")
        with pgtrigger.ignore(*(f"documents.IssuedDocument:{name}" for name in sealed)):
            document.blob, document.shown, document.destroyed_at = None, [], now()
            document.reason = "-" if document.reason else ""
            document.save(update_fields=["blob", "shown", "destroyed_at", "reason"])
        _record(document, "documents.destroyed", actor, {"number": document.number, "reason": reason})


def _locked_valid(document_id):
    document = IssuedDocument.objects.select_for_update().get(id=document_id)
    if document.state != "valid" or document.destroyed_at:
        raise NotValid(f"document {document.number} is {document.state}")
    return document


def _record(document, verb, actor, payload):
    audit.record(stream=f"document:{document.id}", verb=verb, actor=actor, payload={"owner": document.owner, **payload})
