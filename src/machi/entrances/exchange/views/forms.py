"""XLSForm: a form that was written as a spreadsheet becomes a manuscript; what has no place in it is listed."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.engines.definitions import public as definitions
from machi.entrances.exchange.actions import bring_form
from machi.entrances.exchange.frame import NoFile, needs, page, sent_file
from machi.entrances.exchange.models import FormArrival
from machi.entrances.exchange.xlsform.workbook import FormRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50


@needs("definitions.draft")
def home(request, actor):
    """Bringing a form in, and those that came."""
    if request.method != "POST":
        return _home(request)
    code = request.POST.get("code", "").strip()
    if code and not definitions.is_code(code):
        words = _("短い名前は、英小文字・数字・「_」を「.」でつないで書いてください（例: parks.bench）。")
        return _home(request, words, 422)
    try:
        name, data = sent_file(request)
        came = bring_form(data=data, name=name, code=code, actor=actor)
    except (NoFile, FormRefused) as refused:
        return _home(request, str(refused), 422)
    except definitions.CodeTaken as taken:
        words = _("「%(code)s」という短い名前は、もう使われています。別の短い名前を書いてください。") % {"code": taken}
        return _home(request, words, 422)
    return redirect("exchange:form", came.id)


def _home(request, error="", status=200):
    arrivals = FormArrival.objects.defer("data")[:SHOWN]
    context = {"error": error, "typed": request.POST, "arrivals": arrivals}
    return page(request, "exchange/forms.html", context, tab="forms", status=status)


@needs("definitions.draft")
@require_GET
def form(request, _actor, arrival_id):
    """What became of one form, and what could not be carried over."""
    came = _arrival(arrival_id)
    labels = (_("シート"), _("行"), _("引き継げなかったもの"))
    context = {"came": came, "columns": [{"label": label} for label in labels]}
    return page(request, "exchange/form.html", context, tab="forms")


@needs("definitions.draft")
@require_GET
def form_file(request, _actor, arrival_id):
    """The file as it came."""
    came = _arrival(arrival_id)
    answer = HttpResponse(bytes(came.data), content_type=XLSX)
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", came.code)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _arrival(arrival_id):
    try:
        return FormArrival.objects.get(pk=arrival_id)
    except FormArrival.DoesNotExist:
        raise Http404 from None
