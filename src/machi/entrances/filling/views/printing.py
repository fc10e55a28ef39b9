"""The form on paper, filled with what was typed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from machi.engines.documents import public as documents
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.access import own_draft
from machi.entrances.filling.views.pages import opened
from machi.ground.languages import pick


@own_draft
def draft_form(request, draft, *, host):
    """The filled form, with the code by which staff call the draft up."""
    one = opened(request, draft)
    try:
        made = procedures.form_pdf(
            one.version, language=host.spoken(request), answers=draft.answers, code=questions.recall_code(draft=draft)
        )
    except documents.MissingGlyph as missing:
        messages.warning(request, _("この文字は印刷できません: %(letters)s") % {"letters": missing.letters})
        return redirect(host.address("review", draft.id))
    return pdf(made, pick(one.version.bundle["title"], "ja"))


def pdf(made, name):
    """A PDF as an answer, to be shown and printed."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer
