"""Files and issued documents of a case: only for who may see the case, and each look leaves a line."""

from django.http import Http404, HttpResponse

from machi.engines.audit.public import saw
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.entrances.desk.views.case import case_or_404


@people.staff_required
def case_file(request, case_id, link_id):
    """A file of the case, if its sensitivity allows."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    link = files.link(link_id)
    if link is None or link.owner != found.owner:
        raise Http404
    _readable_or_404(actor, found, link.sensitivity)
    saw(actor=actor, owner=found.owner, what=f"file {link.field}")
    return files.response(link)


@people.staff_required
def case_document(request, case_id, document_id):
    """A document issued in the case."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    issued = next((one for one in documents.documents_of(found.owner) if one.id == document_id), None)
    if issued is None:
        raise Http404
    _readable_or_404(actor, found, "personal")
    saw(actor=actor, owner=found.owner, what=f"document {issued.number}")
    response = HttpResponse(documents.pdf(issued), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{issued.verify_code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _readable_or_404(actor, case, sensitivity):
    if not is_at_least(procedures.ceiling(actor, case), sensitivity, SENSITIVITIES):
        raise Http404
