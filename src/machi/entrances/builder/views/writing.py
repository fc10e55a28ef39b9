"""The pages on which a procedure is written, and the one door through which it is changed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from machi.engines.definitions import public as definitions
from machi.entrances.builder import rights
from machi.entrances.builder.operations.table import PLACE_OF, apply
from machi.entrances.builder.operations.words import Refused
from machi.entrances.builder.showing import about, flow, form, letters
from machi.entrances.builder.views.access import bench, clock, done_already, drafting, overtaken
from machi.entrances.desk.frame import page

PAGES = {
    "edit": form.show,
    "flow": flow.show,
    "about": about.show,
    "letters": letters.show,
    "told": about.told,
    "languages": about.languages,
}
HOME = {**{name: name for name in PAGES}, "form": "edit", "bookings": "flow"}


@drafting
@require_GET
def edit(request, actor, manuscript):
    """The questions: pages left, the resident's view in the middle, what is chosen right."""
    return _page(request, actor, manuscript, "edit")


@drafting
@require_GET
def flow_page(request, actor, manuscript):
    """The flow and its picture."""
    return _page(request, actor, manuscript, "flow")


@drafting
@require_GET
def about_page(request, actor, manuscript):
    """Name, unit, facts, rules, settings."""
    return _page(request, actor, manuscript, "about")


@drafting
@require_GET
def letters_page(request, actor, manuscript):
    """The letters that go out, and how they will look."""
    return _page(request, actor, manuscript, "letters")


@drafting
@require_GET
def told(request, actor, manuscript):
    """Which words the applicant is told at each moment."""
    return _page(request, actor, manuscript, "told")


@drafting
@require_GET
def languages(request, actor, manuscript):
    """The texts beside another language."""
    return _page(request, actor, manuscript, "languages")


def _page(request, actor, manuscript, here, *, error="", status=200):
    tree = manuscript.revision.source
    context = PAGES[here](manuscript, tree, request.GET, request.POST)
    return bench(request, actor, manuscript, here, context, error=error, status=status)


@require_POST
@drafting
def change(request, actor, manuscript):
    """One operation, an undo or a redo; then the page it was done on."""
    did, before = request.POST.get("do", ""), manuscript.revision.source
    here = request.POST.get("here") if request.POST.get("here") in PAGES else HOME.get(PLACE_OF.get(did), "edit")
    way = {"manuscript_id": manuscript.id, "clock": clock(request), "actor": actor}
    if done_already(request, manuscript, actor):
        return _back(request, manuscript, here)
    try:
        if did in ("undo", "redo"):
            _step(way, did, manuscript, actor)
        else:
            after = apply(did, before, request.POST)
            rights.check(actor, before, after, manuscript.code)
            definitions.save_manuscript(tree=after, did=did, **way)
    except Refused as refused:
        return _page(request, actor, manuscript, here, error=str(refused), status=422)
    except definitions.Overtaken as late:
        manuscript.refresh_from_db()
        if done_already(request, manuscript, actor):
            return _back(request, manuscript, here)
        return _page(request, actor, manuscript, here, error=overtaken(late), status=409)
    return _back(request, manuscript, here)


def _back(request, manuscript, here):
    return redirect(f"{reverse(f'builder:{here}', args=[manuscript.id])}?{_chosen(request.POST)}")


def _step(way, did, manuscript, actor):
    """One change back or on, unless it changes more than this clerk may."""
    target = definitions.step_target(manuscript, back=did == "undo")
    if target is not None:
        rights.check(actor, manuscript.revision.source, target, manuscript.code)
        definitions.step_manuscript(back=did == "undo", **way)


def _chosen(said):
    """The query that chooses what was changed: it stays open."""
    did, where, home = said.get("do", ""), said.get("where", ""), said.get("home", "")
    if where:
        sort, _colon, rest = where.partition(":")
        name = {"field": "field", "rule": "field", "page": "page"}.get(sort, "step")
        return f"{name}={rest.partition(':')[0]}&where={where}"
    if did.startswith("remove_") and did not in ("remove_rule", "remove_outcome", "remove_branch"):
        return _query("page", said)
    if did == "add_field" and home:
        return f"step={home[:-1]}" if home.endswith("/") else f"field={home}"
    named = {"set_translations": "tag", "set_pool": "pool", "set_letter": "letter"}.get(did)
    named = named or {"flow": "step", "form": "field"}.get(PLACE_OF.get(did), "page")
    source = "key" if named in ("pool", "step", "field", "letter") else named
    return _query(named, said, source) or _query("page", said)


def _query(name, said, source=""):
    value = said.get(source or name, "")
    return f"{name}={value}" if value else ""


@drafting
def text(request, actor, manuscript):
    """The same as text: read it, change it, paste it. A text that cannot be read stays as it was typed."""
    if request.method != "POST":
        return _text(request, manuscript, definitions.write(manuscript.revision.source))
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    tree, faults = definitions.read_manuscript(typed, manuscript)
    if tree is None:
        return _text(request, manuscript, typed, faults=faults, status=422)
    try:
        rights.check(actor, manuscript.revision.source, tree, manuscript.code)
        definitions.save_manuscript(
            manuscript_id=manuscript.id, tree=tree, clock=clock(request), did="text", actor=actor
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return _text(request, manuscript, typed, status=422)
    except definitions.Overtaken as late:
        messages.error(request, overtaken(late))
        return _text(request, manuscript, typed, status=409)
    messages.success(request, _("保存しました。"))
    return redirect("builder:text", manuscript.id)


def _text(request, manuscript, typed, *, faults=None, status=200):
    if faults is None:
        faults = definitions.examine(manuscript.revision.source, manuscript.assets).errors
    context = {"manuscript": manuscript, "typed": typed, "faults": faults}
    return page(request, "builder/text.html", context, here="builder", status=status)


@drafting
@require_GET
def download(_request, _actor, manuscript):
    """The definition file, as `./machi check` reads it."""
    answer = HttpResponse(definitions.write(manuscript.revision.source), content_type="application/yaml")
    answer["Content-Disposition"] = f'attachment; filename="{manuscript.code.rpartition(".")[2]}.yaml"'
    return answer
