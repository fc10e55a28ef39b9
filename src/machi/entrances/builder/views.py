"""Pages of the builder: what is being written, one procedure on the bench, its text, its preview."""

from functools import wraps
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.engines.questions import public as questions
from machi.entrances.builder import rules
from machi.entrances.builder.showing import bench, start_choices
from machi.entrances.desk.frame import page
from machi.ground.calendar import today
from machi.ground.languages import BY_CODE, LANGUAGES, pick

ARCHETYPES = Path(__file__).parent / "archetypes"
STARTS = ("application", "notification")


def _drafting(view):
    """Only for staff who may draft definitions; with `manuscript_id`, the view gets the manuscript."""

    @people.staff_required
    @wraps(view)
    def guarded(request, manuscript_id=None):
        actor = people.actor_of(request)
        if not people.can_anywhere(actor, "definitions.draft"):
            raise Http404
        if manuscript_id is None:
            return view(request, actor)
        try:
            return view(request, actor, definitions.manuscript(manuscript_id))
        except definitions.Manuscript.DoesNotExist:
            raise Http404 from None

    return guarded


@_drafting
@require_GET
def home(request, _actor):
    """What is being written, and how to begin something new."""
    return _home(request)


def _home(request, error="", status=200):
    written = [(one, rules.japanese(one.revision.source.get("title"))) for one in definitions.manuscripts()]
    context = {
        "written": written,
        "starts": start_choices(STARTS),
        "typed": request.POST,
        "error": error,
    }
    return page(request, "builder/home.html", context, here="builder", status=status)


@require_POST
@_drafting
def start(request, actor):
    """Begin from an archetype, from a copy, or go on with a procedure that is in force."""
    origin, code = request.POST.get("from", ""), request.POST.get("code", "").strip()
    sort, _slash, name = origin.partition("/")
    published = definitions.current("procedure", name) if sort in ("copy", "edit") else None
    if not (published or (sort == "new" and name in STARTS)):
        return _home(request, _("何から作るかを選んでください。"), 422)
    code = name if sort == "edit" else code
    if not definitions.is_code(code):
        return _home(
            request, _("短い名前は、英小文字・数字・「_」を「.」でつないで書いてください（例: parks.bench）。"), 422
        )
    tree = published.source if published else _archetype(name)
    if sort != "edit":
        try:
            tree = rules.named(tree, code, request.POST)
        except rules.Refused as refused:
            return _home(request, str(refused), 422)
    assets = published.assets if published else {}
    try:
        begun = definitions.begin_manuscript(tree=tree, actor=actor, assets=assets, fresh=sort != "edit")
    except definitions.CodeTaken:
        return _home(
            request, _("その短い名前は、もう使われています。別の名前にするか、下の一覧から続けてください。"), 422
        )
    return redirect("builder:edit", begun.id)


def _archetype(name):
    tree, _faults = definitions.read_definition((ARCHETYPES / f"{name}.yaml").read_text("utf-8"))
    return tree


@_drafting
@require_GET
def edit(request, _actor, manuscript):
    """The bench: pages left, the resident's view in the middle, what is chosen right, tasks below."""
    return _bench(request, manuscript, manuscript.revision.source)


def _bench(request, manuscript, tree, *, error="", status=200):
    context = {**bench(manuscript, tree, request.GET, request.POST), "error": error}
    return page(request, "builder/edit.html", context, here="builder", status=status)


@require_POST
@_drafting
def change(request, actor, manuscript):
    """One operation, an undo or redo, or handing over; then the bench again."""
    did, clock = request.POST.get("do", ""), _clock(request)
    way = {"manuscript_id": manuscript.id, "clock": clock, "actor": actor}
    try:
        if did in ("undo", "redo"):
            definitions.step_manuscript(back=did == "undo", **way)
        elif did == "propose":
            return _propose(request, way)
        else:
            tree = rules.apply(did, manuscript.revision.source, request.POST)
            definitions.save_manuscript(tree=tree, did=did, **way)
    except rules.Refused as refused:
        return _bench(request, manuscript, manuscript.revision.source, error=str(refused), status=422)
    except definitions.Overtaken as overtaken:
        tree = overtaken.revision.source
        return _bench(request, manuscript, tree, error=_overtaken(overtaken), status=409)
    except definitions.PublishRefused as refused:
        return _bench(request, manuscript, manuscript.revision.source, error=refused.message, status=422)
    return redirect(f"{reverse('builder:edit', args=[manuscript.id])}?{_chosen(request)}")


def _propose(request, way):
    definitions.propose(**way)
    messages.success(request, _("公開を頼みました。ほかの職員が「手続の定義」で確かめて公開します。"))
    return redirect("desk:definitions")


def _clock(request):
    said = request.POST.get("clock", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _overtaken(overtaken):
    return _(
        "%(name)sさんが先に変えました。打ったものは下に残っています。今の内容を確かめて、もう一度保存してください。"
    ) % {"name": overtaken.revision.author_name}


def _chosen(request):
    did, key = request.POST.get("do", ""), request.POST.get("key", "")
    if did in ("set_field", "move_field"):
        return f"field={key}"
    if did == "set_step":
        return f"step={key}"
    return f"page={request.POST.get('page', '')}" if request.POST.get("page") else ""


@_drafting
def text(request, actor, manuscript):
    """The same as text: read it, change it, paste it. A text that cannot be read stays as it was typed."""
    if request.method != "POST":
        return _text(request, manuscript, definitions.write(manuscript.revision.source))
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    tree, faults = definitions.read_manuscript(typed, manuscript)
    if tree is None:
        return _text(request, manuscript, typed, faults=faults, status=422)
    try:
        definitions.save_manuscript(
            manuscript_id=manuscript.id, tree=tree, clock=_clock(request), did="text", actor=actor
        )
    except definitions.Overtaken as overtaken:
        messages.error(request, _overtaken(overtaken))
        return _text(request, manuscript, typed, status=409)
    messages.success(request, _("保存しました。"))
    return redirect("builder:text", manuscript.id)


def _text(request, manuscript, typed, *, faults=None, status=200):
    if faults is None:
        faults = definitions.examine(manuscript.revision.source, manuscript.assets).errors
    context = {"manuscript": manuscript, "typed": typed, "faults": faults}
    return page(request, "builder/text.html", context, here="builder", status=status)


@_drafting
@require_GET
def download(_request, _actor, manuscript):
    """The definition file, as `./machi check` reads it."""
    answer = HttpResponse(definitions.write(manuscript.revision.source), content_type="application/yaml")
    answer["Content-Disposition"] = f'attachment; filename="{manuscript.code.rpartition(".")[2]}.yaml"'
    return answer


@_drafting
def preview(request, _actor, manuscript):
    """One page as a resident sees it, from the last sound state. What is typed here is not kept."""
    language = request.GET.get("in", "ja")
    if manuscript.bundle is None or language not in BY_CODE:
        return render(request, "builder/preview.html", {})
    form = questions.Form(manuscript.bundle["form"])
    shown = next((one.key for one in form.pages if one.key == request.GET.get("page")), form.pages[0].key)
    answers = {}
    if request.method == "POST":
        answers = questions.read_page(form, shown, request.POST, MultiValueDict(), {}, owner="").answers
    request.LANGUAGE_CODE = language
    with translation.override(language):
        sheet = form.evaluate(answers, today=today())
        context = {
            "title": pick(manuscript.bundle["title"], language),
            "page": form.page(shown, language),
            "fields": questions.fields_for(form, shown, sheet, language=language),
            "languages": LANGUAGES,
            "language": language,
            "here": request.get_full_path(),
        }
        return render(request, "builder/preview.html", context)
