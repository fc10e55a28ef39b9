"""Files and issued documents of a case: only for who may see the case, and each look leaves a line."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.audit.public import saw
from machi.engines.documents import public as documents
from machi.engines.files import public as files
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.entrances.desk.views.case import case_or_404
from machi.entrances.filling.views.printing import pdf


@people.staff_required
def case_file(request, case_id, link_id):
    """A file of the case, if its sensitivity allows."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    link = files.link(link_id)
    if link is None or link.owner != found.owner or link.field.split(".")[0] in procedures.sealed_fields(found):
        raise Http404
    _readable_or_404(actor, found, link.sensitivity)
    saw(actor=actor, owner=found.owner, what=f"file {link.field}")
    return files.response(link)


@people.staff_required
def case_form(request, case_id):
    """The form on paper with all answers as they stand, for who may read all of them."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    asked = procedures.form_of(found.definition).questions.values()
    _readable_or_404(actor, found, max((one.sensitivity for one in asked), key=SENSITIVITIES.index))
    saw(actor=actor, owner=found.owner, what="form")
    answers, reference = procedures.answers_of(found), found.reference
    made = procedures.form_pdf(found.definition, language=found.language, answers=answers, code=reference)
    return pdf(made, reference)


@people.staff_required
def case_document(request, case_id, document_id):
    """A document issued in the case."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    issued = next((one for one in documents.documents_of(found.owner) if one.id == document_id), None)
    if issued is None:
        raise Http404
    _readable_or_404(actor, found, "personal")
    saw(actor=actor, owner=found.owner, what=f"document {issued.number}")
    try:
        paper = documents.pdf(issued)
    except documents.DocumentFault as fault:
        words = _("この文書を作れませんでした。文書のひな形を直してください: %(fault)s")
        messages.error(request, words % {"fault": str(fault)[:300]})
        return redirect("desk:case", case_id=found.id)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{issued.verify_code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _readable_or_404(actor, case, sensitivity):
    if not is_at_least(procedures.ceiling(actor, case), sensitivity, SENSITIVITIES):
        raise Http404
