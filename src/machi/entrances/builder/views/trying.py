"""Trying a procedure as a resident would, and keeping what was tried as a test."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from machi.engines.definitions import public as definitions
from machi.engines.files import public as files
from machi.engines.questions import public as questions
from machi.entrances.builder import rights
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused, japanese
from machi.entrances.builder.showing.trials import Trial, kept
from machi.entrances.builder.views.access import bench, clock, drafting, overtaken


@drafting
@require_GET
def trials(request, actor, manuscript):
    """The tests that were kept, and the trial that is going on: page by page, then step by step."""
    return _trials(request, actor, manuscript, request.GET.get("page", ""))


def _trials(request, actor, manuscript, wanted, *, error="", status=200):
    if manuscript.bundle is None:
        return bench(request, actor, manuscript, "trials", {"trial": None, "kept": []}, error=error, status=status)
    trial = Trial(request.session, manuscript, actor.account)
    pages = trial.pages()
    shown = wanted if wanted in pages else "" if wanted == "end" else next(iter(pages), "")
    context = {
        "kept": kept(manuscript),
        "trial": trial,
        "begun": bool(wanted),
        "day": request.POST.get("on") or trial.day.isoformat(),
        "pages": [{"key": key, "title": trial.form.page(key, "ja").title, "current": key == shown} for key in pages],
        "shown": shown,
        "fields": _fields(manuscript, trial, shown) if shown else [],
        "page": trial.form.page(shown, "ja") if shown else None,
        **(_walked(trial) if not shown else {}),
    }
    return bench(request, actor, manuscript, "trials", context, error=error, status=status)


def _fields(manuscript, trial, shown):
    return questions.fields_for(
        trial.form,
        shown,
        trial.sheet,
        language="ja",
        owner=trial.owner,
        file_url=lambda link: reverse("builder:trial_file", args=[manuscript.id, link.id]),
    )


@drafting
@require_GET
def trial_file(_request, actor, manuscript, link_id):
    """A file that this clerk put into a trial."""
    owner = Trial.owned(manuscript, actor.account)
    if found := next((one for one in files.links(owner) if one.id == link_id), None):
        return files.response(found)
    raise Http404


def _walked(trial):
    steps = trial.bundle["flow"]["steps"]
    return {
        "walked": [{"key": key, "title": japanese(steps[key]["title"])} for key in trial.path()],
        "choices": trial.choices(),
        "faults": trial.faults(),
    }


@require_POST
@drafting
def try_on(request, actor, manuscript):
    """One page of a trial, one choice of it, the end of it, or keeping it."""
    if manuscript.bundle is None:
        return redirect("builder:trials", manuscript.id)
    trial, did = Trial(request.session, manuscript, actor.account), request.POST.get("do", "")
    if did == "keep":
        return _keep(request, actor, manuscript, trial)
    if did == "again":
        trial.forget()
        return redirect(_at(manuscript, _first(trial)))
    if did == "day":
        return _play_on(request, actor, manuscript, trial)
    if did == "take":
        trial.take[trial.path()[-1]] = request.POST.get("outcome", "")
        trial.keep()
        return redirect(_at(manuscript, "end"))
    return redirect(_at(manuscript, _answer(request, trial)))


def _play_on(request, actor, manuscript, trial):
    """Play the trial on another day; the answers stay."""
    shown = request.POST.get("page", "end")
    try:
        trial.play_on(request.POST.get("on", ""))
    except Refused as refused:
        return _trials(request, actor, manuscript, shown, error=str(refused), status=422)
    return redirect(_at(manuscript, shown))


def _first(trial):
    return next(iter(trial.pages()), "end")


def _answer(request, trial):
    """Take in the answers of one page; which page comes next."""
    pages, shown = trial.pages(), request.POST.get("page", "")
    if shown not in pages:
        return _first(trial)
    reading = questions.read_page(trial.form, shown, request.POST, request.FILES, trial.answers, owner=trial.owner)
    for said in reading.refused.values():
        messages.error(request, said)
    trial.answers, trial.take = reading.answers, {}
    trial.keep()
    after = trial.pages()
    if reading.did != "next" or reading.refused or shown not in after:
        return shown
    return (*after, "end")[after.index(shown) + 1]


def _keep(request, actor, manuscript, trial):
    """What was tried becomes a test of the procedure."""
    before = manuscript.revision.source
    try:
        after = apply("keep_trial", before, {"name": request.POST.get("name", ""), "scenario": trial.scenario()})
        rights.check(actor, before, after, manuscript.code)
        definitions.save_manuscript(
            manuscript_id=manuscript.id, tree=after, clock=clock(request), did="keep_trial", actor=actor
        )
    except (Refused, definitions.Overtaken) as refused:
        words = str(refused) if isinstance(refused, Refused) else overtaken(refused)
        return _trials(request, actor, manuscript, "end", error=words, status=422)
    trial.forget()
    return redirect("builder:trials", manuscript.id)


def _at(manuscript, place):
    return f"{reverse('builder:trials', args=[manuscript.id])}?page={place}#trial"


@require_POST
@drafting
def forget_test(request, actor, manuscript):
    """Take a test away."""
    before = manuscript.revision.source
    try:
        after = apply("remove_trial", before, request.POST)
        rights.check(actor, before, after, manuscript.code)
        definitions.save_manuscript(
            manuscript_id=manuscript.id, tree=after, clock=clock(request), did="remove_trial", actor=actor
        )
    except Refused as refused:
        return _trials(request, actor, manuscript, "", error=str(refused), status=422)
    except definitions.Overtaken as late:
        return _trials(request, actor, manuscript, "", error=overtaken(late), status=409)
    return redirect("builder:trials", manuscript.id)
