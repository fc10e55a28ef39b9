"""Applications that another system took: every one's fate first, then filing those that are ready."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.engines.audit.public import saw
from machi.engines.files import public as files
from machi.entrances.desk.words import chip
from machi.entrances.exchange.actions import bring_applications, fates, file_applications
from machi.entrances.exchange.frame import NoFile, needs, page, sent_file
from machi.entrances.exchange.intake.reading import IntakeRefused
from machi.entrances.exchange.models import ApplicationFile, Filed
from machi.ground.languages import pick

STATES = {
    "ready": (gettext_lazy("取り込める"), "new"),
    "filed": (gettext_lazy("取り込み済み"), "done"),
    "faulty": (gettext_lazy("直すところがある"), "late"),
    "unknown": (gettext_lazy("読み方がわからない"), "stopped"),
    "others": (gettext_lazy("ほかの課が取り込む"), "plain"),
    "now": (gettext_lazy("取り込みました"), "done"),
}
SHOWN = 50


@needs("procedures.handle")
def home(request, actor):
    """Bringing a file in, and those that came."""
    if request.method != "POST":
        return _home(request)
    try:
        name, data = sent_file(request)
        came = bring_applications(data=data, name=name, actor=actor)
    except (NoFile, IntakeRefused) as refused:
        return _home(request, str(refused), 422)
    return redirect("exchange:application_file", came.id)


def _home(request, error="", status=200):
    context = {"error": error, "arrivals": ApplicationFile.objects.all()[:SHOWN]}
    return page(request, "exchange/applications.html", context, tab="applications", status=status)


@needs("procedures.handle")
def application_file(request, actor, file_id):
    """One file: what would become of each application, and filing."""
    came = _came(file_id)
    if request.method == "POST":
        done = file_applications(came=came, actor=actor)
        count = sum(fate.state == "now" for fate in done)
        messages.success(request, _("%(count)s件を案件にしました。") % {"count": count})
        return _shown(request, came, done)
    return _shown(request, came, fates(came))


def _shown(request, came, found):
    filed = Filed.objects.filter(reference__in=[fate.reference for fate in found])
    cases = {(one.source, one.reference): one.case for one in filed}
    labels = (_("受付番号"), _("どうなるか"), _("手続"), _("確かめること"))
    context = {
        "came": came,
        "columns": [{"label": label} for label in labels],
        "rows": [_row(fate, cases.get((fate.source, fate.reference))) for fate in found],
        "ready": sum(fate.state == "ready" for fate in found),
        "unconfirmed": any(fate.definition and not fate.definition.bundle["confirmed"] for fate in found),
    }
    return page(request, "exchange/application_file.html", context, tab="applications")


def _row(fate, case):
    return {
        "reference": fate.reference,
        "procedure": pick(fate.procedure.title, "ja") if fate.procedure else "",
        "chip": chip(STATES[fate.state]),
        "notes": fate.notes,
        "case": case,
    }


@needs("procedures.handle")
@require_GET
def application_original(request, actor, file_id):
    """The file as it came; looking leaves a line."""
    came = _came(file_id)
    (kept,) = files.links(came.owner)
    saw(actor=actor, owner=came.owner, what="file")
    answer = HttpResponse(files.read(kept.blob), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="applications-{came.digest[:12]}{_suffix(came.name)}"'
    return answer


def _suffix(name):
    return next((one for one in (".zip", ".xml", ".csv") if name.lower().endswith(one)), ".bin")


def _came(file_id):
    try:
        return ApplicationFile.objects.get(pk=file_id)
    except ApplicationFile.DoesNotExist:
        raise Http404 from None
