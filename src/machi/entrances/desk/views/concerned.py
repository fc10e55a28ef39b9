"""Which documents a case concerns: a request for disclosure names them, found by words from the case's own page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.filing import public as filing
from machi.engines.people import public as people
from machi.entrances.desk import filed
from machi.entrances.desk.frame import page
from machi.entrances.desk.views.case import case_or_404
from machi.entrances.desk.views.filing import document_row, is_uuid
from machi.entrances.desk.words import title_of

PER_PAGE = 20


@people.staff_required
def concerned(request, case_id):
    """The documents the case concerns, and more of them to choose from."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    if not filed.may_connect(found, actor):
        raise Http404
    words = request.POST.get("q", request.GET.get("q", "")).strip()[:200]
    if request.method == "POST":
        _change(request, found, actor)
        return redirect(f"{request.path}?q={words}")
    shown = filed.found(found, actor, words) if words else filing.Document.objects.none()
    listed = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "case": found,
        "title": title_of(found),
        "q": words,
        "page": listed,
        "rows": [document_row(one, request) for one in listed],
        "concerned": filed.of_case(found, actor)["concerned"],
    }
    return page(request, "desk/filing/concerned.html", context, here="queue")


def _change(request, case, actor):
    """Connect or disconnect the document that the form names."""
    post = request.POST
    name = post.get("connect") or post.get("disconnect") or ""
    document = next((one for one in filing.documents(actor).filter(id__in=[name] if is_uuid(name) else [])), None)
    if document is None:
        raise Http404
    try:
        if post.get("connect"):
            filed.connect(case, actor, document)
            messages.success(request, _("対象の文書に加えました。"))
        else:
            filing.disconnect(document_id=document.id, owner=case.owner, actor=actor)
            messages.success(request, _("対象の文書から外しました。"))
    except filing.Refused as refused:
        messages.error(request, refused.message)


