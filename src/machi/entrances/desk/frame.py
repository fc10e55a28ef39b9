"""What every page of the desk has: who works here, and the way round."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from machi.engines.effects import public as effects
from machi.engines.notices import public as notices
from machi.engines.people import public as people
from machi.ground.languages import pick

PLACES = (
    ("today", "/desk/", "home"),
    ("queue", "/desk/queue/", "inbox"),
    ("approvals", "/desk/approvals/", "pen"),
    ("cases", "/desk/cases/", "list"),
    ("drafting", "/desk/start/", "edit"),
    ("attendance", "/desk/attendance/", "clock"),
    ("books", "/desk/books/", "yen"),
    ("absence", "/desk/absence/", "clock"),
    ("guides", "/desk/guides/", "book"),
    ("counter", "/counter/", "users"),
    ("filing", "/desk/filing/", "book"),
    ("definitions", "/desk/definitions/", "pen"),
    ("builder", "/builder/", "edit"),
    ("exchange", "/exchange/", "upload"),
    ("outside", "/desk/outside/", "mail"),
)
NEEDS = {
    "books": ("ledger.see",),
    "guides": ("procedures.handle",),
    "counter": ("procedures.receive",),
    "filing": ("filing.see",),
    "definitions": ("definitions.see",),
    "builder": ("definitions.settings", "definitions.form", "definitions.draft"),
    "exchange": ("definitions.draft", "procedures.handle"),
    "outside": ("effects.manage",),
}


def page(request, template, context, *, here, status=200):
    """Render a page of the desk with its navigation."""
    actor, labels = people.actor_of(request), _labels()
    open_places = [place for place in PLACES if _is_open(actor, place[0])]
    nav = [
        {"href": href, "label": labels[key], "icon": icon, "current": key == here, "count": _count(key)}
        for key, href, icon in open_places
    ]
    units = people.units_of(actor)
    unit_name = pick(units[0].title, "ja") if units else ""
    frame = {"nav": nav, "actor": actor, "unit_name": unit_name, **context}
    return render(request, template, frame, status=status)


def unit_titles(request):
    """The names of all units by code, asked for once in a request."""
    if not hasattr(request, "desk_units"):
        request.desk_units = {unit.code: pick(unit.title, "ja") for unit in people.Unit.objects.all()}
    return request.desk_units


def stuck_outside():
    """(mails in trouble, other calls that are stuck), both querysets."""
    return notices.troubled(), effects.stuck().exclude(port="mail")


def _labels():
    return {
        "today": _("今日"),
        "queue": _("受け持ち"),
        "approvals": _("決裁"),
        "cases": _("すべての案件"),
        "drafting": _("申請・起案"),
        "attendance": _("勤怠"),
        "books": _("帳簿"),
        "absence": _("不在の登録"),
        "guides": _("手続ガイド"),
        "counter": _("窓口"),
        "filing": _("文書管理"),
        "definitions": _("手続の定義"),
        "builder": _("手続を作る"),
        "exchange": _("持ち込み・持ち出し"),
        "outside": _("届かないもの"),
    }


def _is_open(actor, key):
    return key not in NEEDS or any(people.can_anywhere(actor, verb) for verb in NEEDS[key])


def _count(key):
    return sum(found.count() for found in stuck_outside()) if key == "outside" else None
