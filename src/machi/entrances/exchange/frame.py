"""What every page of the exchange has: its tabs, its guard, and reading a file that was sent."""

from functools import wraps

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.entrances.desk.frame import page as desk_page

MOST_BYTES = 20 * 1024 * 1024


class NoFile(Exception):
    """No file was chosen, or one that is too large; its words say what to do."""


def needs(*verbs):
    """Only for staff who may do one of `verbs` somewhere; the view gets the actor after the request."""

    def guard(view):
        @people.staff_required
        @wraps(view)
        def guarded(request, **captured):
            actor = people.actor_of(request)
            if not any(people.can_anywhere(actor, verb) for verb in verbs):
                raise Http404
            return view(request, actor, **captured)

        return guarded

    return guard


def page(request, template, context, *, tab, status=200):
    """Render a page of the exchange."""
    labels = {
        "packages": _("パッケージ"), "overlays": _("上書き"), "forms": _("XLSForm"), "applications": _("申請データ"),
    }  # fmt: skip
    verbs = {"applications": "procedures.handle", "overlays": "definitions.see"}
    actor = people.actor_of(request)
    tabs = [
        {"href": reverse(f"exchange:{name}"), "label": label, "current": name == tab} for name, label in labels.items()
        if people.can_anywhere(actor, verbs.get(name, "definitions.draft"))
    ]
    return desk_page(request, template, {"tabs": tabs, **context}, here="exchange", status=status)


def sent_file(request, name="file"):
    """(name, bytes) of the file that was sent. Raises NoFile."""
    file = request.FILES.get(name)
    if file is None:
        raise NoFile(_("ファイルを選んでください。"))
    if file.size > MOST_BYTES:
        raise NoFile(_("ファイルが大きすぎます（20MBまで）。"))
    return file.name, file.read()
