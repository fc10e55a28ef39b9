"""Who gets to the builder, and what every page of one manuscript has in common."""

from functools import wraps

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from machi.engines.definitions import public as definitions
from machi.engines.people import public as people
from machi.entrances.builder import rights
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused, japanese
from machi.entrances.builder.showing.tasks import tasks
from machi.entrances.desk.frame import page


def drafting(view):
    """Only for staff who may write something; with `manuscript_id`, the view gets that manuscript."""

    @people.staff_required
    @wraps(view)
    def guarded(request, manuscript_id=None, **more):
        actor = people.actor_of(request)
        if not any(people.can_anywhere(actor, verb) for verb in rights.LEVELS):
            raise Http404
        if manuscript_id is None:
            return view(request, actor, **more)
        try:
            manuscript = definitions.manuscript(manuscript_id)
        except definitions.Manuscript.DoesNotExist:
            raise Http404 from None
        if manuscript.closed_at or not rights.may_open(actor, manuscript.revision.source, manuscript.code):
            raise Http404
        return view(request, actor, manuscript, **more)

    return guarded


def bench(request, actor, manuscript, here, context, *, error="", status=200, tree=None):
    """A page of one manuscript: its head, its tabs, and `context` on the template of the page `here`."""
    tree = manuscript.revision.source if tree is None else tree
    found = tasks(manuscript, tree)
    undo, redo = definitions.may_step(manuscript)
    frame = {
        "manuscript": manuscript,
        "title": japanese(tree.get("title")),
        "tabs": _tabs(manuscript, here, found),
        "stops": sum(one["stops"] for one in found),
        "tasks": [{**one, "href": _at(manuscript, one["page"], one["query"])} for one in found],
        "no_undo": not undo,
        "no_redo": not redo,
        "open_to": rights.open_to(actor, tree, manuscript.code),
        "designs": rights.may(actor, rights.LEVELS[1], tree, manuscript.code),
        "who_forms": rights.who_may(rights.LEVELS[1]),
        "who_designs": rights.who_may(rights.LEVELS[2]),
        "here_page": here,
        "error": error,
        "meanwhile": definitions.meanwhile(manuscript),
    }
    return page(request, f"builder/{here}.html", {**frame, **context}, here="builder", status=status)


def _at(manuscript, name, query):
    return f"{reverse(f'builder:{name}', args=[manuscript.id])}?{query}"


def _tabs(manuscript, here, found):
    names = {
        "edit": _("質問"), "flow": _("流れ"), "about": _("名前と決まり"), "letters": _("文書"), "told": _("お知らせ"),
        "languages": _("ことば"), "trials": _("試す"), "publishing": pgettext("tab", "公開"),
    }  # fmt: skip
    stops = sum(one["stops"] for one in found)
    return [
        {
            "href": reverse(f"builder:{name}", args=[manuscript.id]),
            "label": label,
            "current": name == here,
            "count": stops if name == "publishing" and stops else None,
        }
        for name, label in names.items()
    ]


def clock(request):
    """The clock that the page was made with."""
    said = request.POST.get("clock", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def done_already(request, manuscript, actor):
    """Whether the last change was this very one, by the same person, just now: a button pressed twice."""
    last = manuscript.revision
    if (last.author, last.did, manuscript.clock) != (actor.key, request.POST.get("do"), clock(request) + 1):
        return False
    before = manuscript.revisions.filter(number=last.parent).first()
    try:
        return before is not None and apply(last.did, before.source, request.POST) == last.source
    except Refused:
        return False


def overtaken(late):
    """What is said to the second of two who write at once."""
    return _(
        "%(name)sさんが先に変えました。打ったものは下に残っています。今の内容を確かめて、もう一度保存してください。"
    ) % {"name": late.revision.author_name}
