"""Packages: giving a procedure to other cities, and looking at what they gave us before taking it in."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.engines.definitions import public as definitions
from machi.engines.packages import public as packages
from machi.engines.people import public as people
from machi.entrances.desk.words import KINDS, chip
from machi.entrances.exchange.frame import NoFile, needs, page, sent_file
from machi.ground.languages import pick

STATES = {
    "new": (gettext_lazy("この市にはない"), "new"),
    "same": (gettext_lazy("同じものがある"), "done"),
    "different": (gettext_lazy("違うものがある"), "asked"),
}
OUTCOMES = {
    "kept": gettext_lazy("今あるものを残した"),
    "manuscript": gettext_lazy("原稿にした"),
    "draft": gettext_lazy("下書きにした"),
    "refused": gettext_lazy("取り込めなかった"),
}


@needs("procedures.handle", "definitions.draft")
@require_GET
def door(_request, actor):
    """To the first page that this member of staff may open."""
    draft = people.can_anywhere(actor, "definitions.draft")
    return redirect("exchange:packages" if draft else "exchange:applications")


@needs("definitions.draft")
def home(request, actor):
    """What came in, bringing something in, and giving something away."""
    if request.method != "POST":
        return _home(request)
    try:
        name, data = sent_file(request)
        came = packages.receive(data=data, name=name, actor=actor)
    except (NoFile, packages.PackageRefused) as refused:
        return _home(request, error=str(refused), status=422)
    return redirect("exchange:arrival", came.id)


def _home(request, error="", status=200):
    procedures = definitions.current_all("procedure")
    own = packages.own_key()
    context = {
        "error": error,
        "procedures": [{"value": one.code, "label": pick(one.title, "ja")} for one in procedures],
        "arrivals": packages.arrivals(),
        "own": {"key": own, "fingerprint": packages.fingerprint(own)},
        "known": [(one.name, packages.fingerprint(one.key)) for one in packages.known_keys()],
        "licence": settings.PACKAGE_LICENCE,
    }
    return page(request, "exchange/packages.html", context, tab="packages", status=status)


@needs("definitions.see")
@require_GET
def export(request, _actor):
    """The signed package of a procedure in force."""
    try:
        name, data = packages.export("procedure", request.GET.get("code", ""), settings.PACKAGE_LICENCE)
    except packages.PackageRefused as refused:
        return _home(request, error=str(refused), status=422)
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs("definitions.draft")
def arrival(request, actor, arrival_id):
    """One package that came in: who signed it, what is in it, and taking it in."""
    try:
        came = packages.arrival(arrival_id)
    except packages.Arrival.DoesNotExist:
        raise Http404 from None
    try:
        return _take_in(request, actor, came) if request.method == "POST" else _arrival(request, actor, came)
    except packages.PackageRefused as refused:  # kept under an older program, which read it otherwise
        return _home(request, error=str(refused), status=422)


def _take_in(request, actor, came):
    try:
        packages.land(
            arrival_id=came.id,
            replace=set(request.POST.getlist("replace")),
            accept_signer=bool(request.POST.get("accept")),
            remember=bool(request.POST.get("remember")),
            actor=actor,
        )
    except packages.PackageRefused as refused:
        return _arrival(request, actor, came, error=str(refused), status=422)
    messages.success(request, _("取り込みました。公開は、ほかの職員が確かめてからです。"))
    return redirect("exchange:arrival", came.id)


def _arrival(request, actor, came, error="", status=200):
    report = packages.report_of(came)
    context = {
        "came": came,
        "report": report,
        "error": error,
        "typed": request.POST,
        "items": [_shown(item, request.POST.getlist("replace")) for item in _to_decide(report.items)],
        "same": [item for item in report.items if item.state == "same" and not item.errors],
        "landed": _landed(came),
        "may_accept": people.can_anywhere(actor, "definitions.publish"),
    }
    return page(request, "exchange/arrival.html", context, tab="packages", status=status)


def _to_decide(items):
    """What is not here as it is, procedures first."""
    found = [item for item in items if item.state != "same" or item.errors]
    return sorted(found, key=lambda item: (item.kind != "procedure", item.state, item.reference))


def _shown(item, chosen):
    return {
        "item": item,
        "kind": KINDS.get(item.kind, item.kind),
        "chip": chip(STATES[item.state]),
        "replace_id": f"replace-{item.kind}-{item.code}",
        "replaced": item.reference in chosen,
    }


def _landed(came):
    """[(reference, what became of it, why)] of a package that was taken in."""
    return [(reference, OUTCOMES[how], words) for reference, how, words in came.landed or ()]
