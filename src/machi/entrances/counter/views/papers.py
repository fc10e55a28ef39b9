"""Paper that comes back: putting a scan in, what became of each page, and the tray of those that say nothing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from machi.engines.audit.public import saw
from machi.engines.files import public as files
from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.counter import queries, scans
from machi.entrances.counter.host import COUNTER, receiving
from machi.ground.ids import code_within
from machi.ground.languages import pick

FEW = 30


@receiving
@never_cache
def papers(request):
    """The place to put scans in, what came of the last ones, and the tray."""
    return _papers(request)


def _papers(request, *, errors=(), status=200):
    actor = people.actor_of(request)
    stacks = queries.stacks_of(actor.account)
    context = {
        "errors": [{"href": "#scan", "text": text} for text in errors],
        "stacks": [_stack(request, stack) for stack in stacks],
        "reading": any(stack.read_at is None for stack in stacks),
        "tray": [_page(scan) for scan in queries.tray(actor)[:FEW]],
    }
    if request.htmx and not context["reading"]:
        return HttpResponseClientRefresh()  # everything is read: the tray has changed, too
    part = "#stacks" if request.htmx else ""
    return COUNTER.render(request, f"counter/papers.html{part}", context, status=status)


def _stack(request, stack):
    """A stack with the things its pages went to: what is there of each, and what is missing."""
    pages = list(stack.scans.order_by("number"))
    groups = {}
    for scan in pages:
        if not scan.reason:
            groups.setdefault(scan.code, []).append(scan)
    return {
        "name": stack.name,
        "at": stack.put_in_at,
        "reading": stack.read_at is None,
        "read": len(pages),
        "pages": stack.pages,
        "broken": stack.pages - len(pages) if stack.read_at else 0,
        "left": sum(scan.reason not in ("", "dropped") for scan in pages),
        "things": [_thing(request, code, found) for code, found in groups.items()],
    }


def _thing(request, code, found):
    """One draft or case: which of its pages are there (from any stack), which are missing, and where to go on."""
    thing, version = scans.named(code)
    there = queries.pages_there(code)
    count = max(scan.pages for scan in found)
    is_case = isinstance(thing, procedures.Case)
    return {
        "code": code,
        "title": pick(version.bundle["title"], "ja") if version else "",
        "there": there,
        "count": count,
        "missing": [page for page in range(1, count + 1) if page not in there],
        "case_href": queries.case_address(people.actor_of(request), thing) if is_case else "",
        "draft": thing is not None and not is_case,
    }


def _page(scan):
    return {
        "scan": scan,
        "why": queries.REASONS[scan.reason],
        "title": queries.title_of(scan.form),
        "href": reverse("counter:scan", args=[scan.id]),
        "code": scan.code,
        "page": scan.page or "",
    }


@require_POST
@receiving
def put_in(request):
    """Take in what was scanned; a file that cannot be taken is said by its name, the others go on."""
    refused, uploads = [], request.FILES.getlist("scan")
    for upload in uploads:
        try:
            scans.put_in(upload=upload, actor=people.actor_of(request))
        except files.FileRefused as problem:
            refused.append(f"{upload.name}: {problem.message}")
    if refused or not uploads:
        return _papers(request, errors=refused or [_("読み取った紙のファイルを選んでください。")], status=422)
    return redirect("counter:papers")


def _scan_or_404(request, scan_id):
    found = queries.scans_seen(people.actor_of(request)).filter(id=scan_id).select_related("blob").first()
    if found is None:
        raise Http404
    return found


@receiving
def scan(request, scan_id):
    """The picture of a page."""
    found = _scan_or_404(request, scan_id)
    saw(actor=people.actor_of(request), owner=f"scan:{found.id}", what="page")
    answer = HttpResponse(files.read(found.blob), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@receiving
def assign(request, scan_id):
    """A clerk says whose page of the tray this is, or that it is nobody's."""
    found, actor = _scan_or_404(request, scan_id), people.actor_of(request)
    if request.POST.get("_do") == "drop":
        scans.drop(scan=found, actor=actor)
        return redirect("counter:papers")
    code, page = code_within(request.POST.get("code", "")), request.POST.get("page", "").strip()
    if code is None or not (page.isdecimal() and 0 < int(page) <= scans.MOST_PAGE):
        messages.warning(request, _("紙に書いてあるコードと、ページの数字を入力してください。"))
        return redirect("counter:papers")
    try:
        scans.assign(scan=found, code=code, page=int(page), actor=actor)
    except procedures.Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("コード %(code)s の%(page)sページに入れました。") % {"code": code, "page": page})
    return redirect("counter:papers")
