"""What every page of the desk has: who works here, and the way round."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from machi.engines.effects.public import stuck
from machi.engines.people import public as people
from machi.ground.languages import pick

PLACES = (
    ("today", "/desk/", "home"),
    ("queue", "/desk/queue/", "inbox"),
    ("cases", "/desk/cases/", "list"),
    ("definitions", "/desk/definitions/", "pen"),
    ("outside", "/desk/outside/", "send"),
)


def _labels():
    return {
        "today": _("今日"),
        "queue": _("受け持ち"),
        "cases": _("すべての案件"),
        "definitions": _("手続の定義"),
        "outside": _("届かないもの"),
    }


def page(request, template, context, *, here, status=200):
    """Render a page of the desk with its navigation."""
    actor, labels = people.actor_of(request), _labels()
    places = [(key, href, icon) for key, href, icon in PLACES if _open_to(actor, key)]
    nav = [
        {"href": href, "label": labels[key], "icon": icon, "current": key == here, "count": _count(key)}
        for key, href, icon in places
    ]
    units = people.units_of(actor)
    frame = {"nav": nav, "actor": actor, "unit_name": pick(units[0].title, "ja") if units else "", **context}
    return render(request, template, frame, status=status)


def _open_to(actor, key):
    needs = {"definitions": "definitions.see", "outside": "effects.manage"}
    return key not in needs or people.can_anywhere(actor, needs[key])


def _count(key):
    return len(stuck()) if key == "outside" else None
