"""How it looks to others: a page as a resident sees it, a paper as it will be issued."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET

from machi.engines.definitions import public as definitions
from machi.engines.documents import public as documents
from machi.engines.questions import public as questions
from machi.entrances.builder.views.access import drafting
from machi.ground.calendar import today
from machi.ground.languages import BY_CODE, LANGUAGES, pick

KEPT = "builder.language"


@drafting
def preview(request, _actor, manuscript):
    """One page as a resident sees it, from the last sound state. What is typed here is not kept."""
    language = _language(request)
    if manuscript.bundle is None:
        return render(request, "builder/preview.html", {})
    form = questions.Form(manuscript.bundle["form"])
    keys = [one.key for one in form.pages]
    shown = request.GET.get("page") if request.GET.get("page") in keys else keys[0]
    answers = {}
    if request.method == "POST":
        answers = questions.read_page(form, shown, request.POST, MultiValueDict(), {}, owner="").answers
    request.LANGUAGE_CODE = language
    with translation.override(language):
        context = {
            "title": pick(manuscript.bundle["title"], language),
            "page": form.page(shown, language),
            "fields": questions.fields_for(form, shown, form.evaluate(answers, today=today()), language=language),
            "languages": LANGUAGES,
            "language": language,
            "here": request.get_full_path(),
            "number": keys.index(shown) + 1,
            "count": len(keys),
            **_around(keys, shown),
        }
        return render(request, "builder/preview.html", context)


def _language(request):
    """The language that was chosen for looking, remembered from page to page."""
    wanted = request.GET.get("in", "")
    if wanted in BY_CODE:
        request.session[KEPT] = wanted
    return request.session.get(KEPT, "ja")


def _around(keys, shown):
    place = keys.index(shown)
    return {
        "before": keys[place - 1] if place else None,
        "after": keys[place + 1] if place + 1 < len(keys) else None,
    }


@drafting
@require_GET
def letter(_request, _actor, manuscript, key):
    """A letter of the procedure as it will be printed, with the names of the answers in their places."""
    bundle = (manuscript.bundle or {}).get("used", {}).get(f"letter/{key}")
    if bundle is None:
        raise Http404
    return _pdf(bundle, manuscript.bundle["owner"])


def _pdf(bundle, unit):
    pdf = documents.preview(bundle, documents.sample_data(bundle), unit=unit)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})


@drafting
@require_GET
def paper(_request, _actor, _manuscript, code):
    """A document with sample data, as a PDF."""
    version = definitions.current("document", code)
    if version is None:
        raise Http404
    return _pdf(version.bundle, version.bundle["owner"])
