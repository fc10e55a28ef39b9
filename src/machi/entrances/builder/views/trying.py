"""Trying a procedure as a resident would, and keeping what was tried as a test."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET, require_POST

from machi.engines.definitions import public as definitions
from machi.engines.questions import public as questions
from machi.entrances.builder import rights
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused, japanese
from machi.entrances.builder.showing.trials import Trial, kept
from machi.entrances.builder.views.access import bench, clock, drafting, overtaken


@drafting
@require_GET
def trials(request, _actor, manuscript):
    """The tests that were kept, and the trial that is going on: page by page, then step by step."""
    return _trials(request, manuscript, request.GET.get("page", ""))


def _trials(request, manuscript, wanted, *, error="", status=200):
    if manuscript.bundle is None:
        return bench(request, manuscript, "trials", {"trial": None, "kept": []}, error=error, status=status)
    trial = Trial(request.session, manuscript)
    pages = trial.pages()
    shown = wanted if wanted in pages else "" if wanted == "end" else next(iter(pages), "")
    context = {
        "kept": kept(manuscript),
        "trial": trial,
        "begun": bool(wanted),
        "pages": [{"key": key, "title": trial.form.page(key, "ja").title, "current": key == shown} for key in pages],
        "shown": shown,
        "fields": questions.fields_for(trial.form, shown, trial.sheet, language="ja") if shown else [],
        "page": trial.form.page(shown, "ja") if shown else None,
        **(_walked(trial) if not shown else {}),
    }
    return bench(request, manuscript, "trials", context, error=error, status=status)


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
    trial, did = Trial(request.session, manuscript), request.POST.get("do", "")
    if did == "keep":
        return _keep(request, actor, manuscript, trial)
    if did == "again":
        trial.forget()
        return redirect(_at(manuscript, _first(trial)))
    if did == "take":
        trial.take[trial.path()[-1]] = request.POST.get("outcome", "")
        trial.keep()
        return redirect(_at(manuscript, "end"))
    return redirect(_at(manuscript, _answer(request, trial)))


def _first(trial):
    return next(iter(trial.pages()), "end")


def _answer(request, trial):
    """Take in the answers of one page; which page comes next."""
    pages, shown = trial.pages(), request.POST.get("page", "")
    if shown not in pages:
        return _first(trial)
    reading = questions.read_page(trial.form, shown, request.POST, MultiValueDict(), trial.answers, owner="")
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
        return _trials(request, manuscript, "end", error=words, status=422)
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
        return _trials(request, manuscript, "", error=str(refused), status=422)
    except definitions.Overtaken as late:
        return _trials(request, manuscript, "", error=overtaken(late), status=409)
    return redirect("builder:trials", manuscript.id)
