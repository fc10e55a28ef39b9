"""What is being written, and how something new is begun."""

from functools import cache
from pathlib import Path

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.entrances.builder import rights
from machi.entrances.builder.operations.about import named
from machi.entrances.builder.operations.words import Refused, japanese
from machi.entrances.builder.showing.known import units
from machi.entrances.builder.views.access import clock, drafting, overtaken
from machi.entrances.desk.frame import page
from machi.ground.languages import pick

ARCHETYPES = Path(__file__).parent.parent / "archetypes"


@cache
def archetypes():
    """{name: tree} of every kind of procedure that one can begin from."""
    found = {path.stem: definitions.read_definition(path.read_text("utf-8"))[0] for path in ARCHETYPES.glob("*.yaml")}
    return {name.partition("-")[2]: found[name] for name in sorted(found)}


@drafting
@require_GET
def home(request, actor):
    """What is being written, and how to begin something new."""
    return _home(request, actor)


def _home(request, actor, error="", status=200):
    context = {
        "written": [
            (one, japanese(one.revision.source.get("title")), one.revision.author_name)
            for one in definitions.manuscripts()
            if rights.may_open(actor, one.revision.source, one.code)
        ],
        "starts": _starts(actor),
        "units": [one for one in units() if rights.may(actor, "definitions.draft", {"owner": one[0]}, "")],
        "own_unit": next((unit.code for unit in people.units_of(actor)), ""),
        "designs": people.can_anywhere(actor, "definitions.draft"),
        "typed": request.POST,
        "error": error,
    }
    context["units"] = [{"value": code, "label": label} for code, label in context["units"]]
    return page(request, "builder/home.html", context, here="builder", status=status)


def _starts(actor):
    """What one can begin from, in groups."""
    in_force = [(one, pick(one.title, "ja")) for one in definitions.current_all("procedure")]
    new = [
        {"value": f"new/{name}", "label": japanese(tree["title"]), "group": _("ひな形から")}
        for name, tree in archetypes().items()
    ]
    copies = [{"value": f"copy/{one.code}", "label": title, "group": _("写して新しく")} for one, title in in_force]
    edits = [
        {"value": f"edit/{one.code}", "label": title, "group": _("今の手続を直す")}
        for one, title in in_force
        if rights.may_open(actor, one.source, one.code)
    ]
    designs = people.can_anywhere(actor, "definitions.draft")
    return [*(new + copies if designs else []), *edits]


@require_POST
@drafting
def start(request, actor):
    """Begin from an archetype, from a copy, or go on with a procedure that is in force."""
    try:
        tree, base, assets = _origin(request.POST)
        if base is None:
            rights.check(actor, {"owner": tree["owner"]}, tree, tree["code"])
        elif not rights.may_open(actor, base.source, base.code):
            raise Http404
        begun = definitions.begin_manuscript(tree=tree, actor=actor, assets=assets, base=base)
    except Refused as refused:
        return _home(request, actor, str(refused), 422)
    except definitions.CodeTaken:
        if begun := _begun(tree, actor):
            return redirect("builder:edit", begun.id)
        words = _("その短い名前は、もう使われています。別の名前にするか、下の一覧から続けてください。")
        return _home(request, actor, words, 422)
    return redirect("builder:edit", begun.id)


def _begun(tree, actor):
    """What the same person has begun just so, and not touched since: a button pressed twice."""
    same = (one for one in definitions.manuscripts() if (one.kind, one.code) == (tree["kind"], tree["code"]))
    fresh = (one for one in same if one.at == 1 and one.revision.author == actor.key and one.revision.source == tree)
    return next(fresh, None)


def _origin(said):
    """(tree, the version it goes on from or None, files beside it) of what was chosen."""
    sort, _slash, name = said.get("from", "").partition("/")
    published = definitions.current("procedure", name) if sort in ("copy", "edit") else None
    source = published.source if published else archetypes().get(name) if sort == "new" else None
    if source is None:
        raise Refused(_("何から作るかを選んでください。"))
    if sort == "edit":
        return source, published, published.assets
    code = said.get("code", "").strip()
    if not definitions.is_code(code):
        raise Refused(_("短い名前は、英小文字・数字・「_」を「.」でつないで書いてください（例: parks.bench）。"))
    tree = named(source, code, said)
    return {**tree, "owner": said.get("owner") or tree["owner"]}, None, published.assets if published else {}


@require_POST
@drafting
def close(request, actor, manuscript):
    """Nobody goes on with it."""
    try:
        definitions.close_manuscript(manuscript_id=manuscript.id, clock=clock(request), actor=actor)
    except definitions.Overtaken as late:
        messages.error(request, overtaken(late))
        return redirect("builder:publishing", manuscript.id)
    return redirect("builder:home")
