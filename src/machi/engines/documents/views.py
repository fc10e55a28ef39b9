"""The public page that says whether a paper is genuine. Open to everyone; works without JavaScript."""

import datetime as dt
import hashlib

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from machi.engines.documents.limits import WINDOW, count_in_vain, is_limited
from machi.engines.documents.queries import find, find_by_digest
from machi.engines.documents.rules import USUAL_LABELS, grouped
from machi.ground.calendar import TOKYO
from machi.ground.daywords import date_words
from machi.ground.ids import check_reference
from machi.ground.languages import pick

LARGEST = 20 * 1024 * 1024  # bytes of a file to compare; ours have some 50,000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Ask for a code or for the PDF file itself; tell at once when it is a file."""
    if request.method != "POST":
        return _page(request)
    if upload := request.FILES.get("file"):
        return _by_file(request, upload)
    typed = request.POST.get("code", "").strip()
    code = check_reference(typed)
    if code is None:
        return _page(request, status=422, typed=typed[:100], code_error=_code_error(typed))
    return HttpResponseRedirect(reverse("documents:verify_code", args=[code]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_code(request, code):
    """What the house knows of the paper with this code; with a file, whether it is that very file."""
    if is_limited(request):
        return _too_often(request)
    document = find(code)
    if document is None:
        count_in_vain(request)
        return _page(request, "unknown", status=404, typed=code[:100])
    upload = request.FILES.get("file") if request.method == "POST" else None
    if document.destroyed_at and document.state == "valid":
        return _page(request, "destroyed", document)
    if upload is None:
        return _page(request, document.state, document)
    if upload.size > LARGEST:
        return _page(request, document.state, document, status=422, file_error=_file_error())
    same = _digest(upload) == document.sha256
    return _page(request, document.state, document, compared="same" if same else "different")


def _by_file(request, upload):
    if is_limited(request):
        return _too_often(request)
    if upload.size > LARGEST:
        return _page(request, status=422, file_error=_file_error())
    document = find_by_digest(_digest(upload))
    if document is None:
        count_in_vain(request)
        return _page(request, "unknown_file", status=404)
    return _page(request, document.state, document, compared="same")


def _digest(upload):
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _code_error(typed):
    if not typed:
        return _("確認番号を入力するか、PDFファイルを選んでください。")
    return _("この番号には打ちまちがいがあります。紙に書かれた12文字を、もう一度入力してください。")


def _file_error():
    return _("ファイルが大きすぎます。市から受け取ったPDFファイルをそのまま選んでください。")


def _too_often(request):
    response = _page(request, "too_often", status=429)
    response["Retry-After"] = str(WINDOW)
    return response


def _page(request, state="", document=None, status=200, **more):
    language = get_language()
    context = {
        "state": state,
        "document": document,
        "facts": _facts(document, language) if document else [],
        **more,
    }
    response = render(request, "documents/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _facts(document, language):
    """What everyone may know of the paper, as lines of {label, value}."""
    by = " ".join(filter(None, (pick(document.office.get(part), language) for part in ("city", "unit"))))
    facts = [
        {"label": _("書類の名前"), "value": pick(document.title, language)},
        {"label": _("番号"), "value": document.number},
        {"label": _("発行したところ"), "value": by},
        {"label": _("発行した日"), "value": date_words(_day(document.issued_at), language)},
        *(
            {"label": _label(line, language), "value": _words(line["value"], language)}
            for line in document.shown
        ),
    ]
    if document.sha256:
        facts.append({"label": _("ファイルの照合値（SHA-256）"), "value": grouped(document.sha256)})
    if document.ended_at:
        ended = date_words(_day(document.ended_at), language)
        facts.insert(0, {"label": _("効力がなくなった日"), "value": ended})
    return facts


def _day(moment):
    return moment.astimezone(TOKYO).date()


def _label(line, language):
    return pick(line["label"], language) or str(USUAL_LABELS.get(line["key"], line["key"]))


def _words(value, language):
    if isinstance(value, dict):
        return date_words(dt.date.fromisoformat(value["date"]), language)
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    return f"{value:,}" if isinstance(value, int) else value
