"""What every page of the desk has: who works here, and the way round."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from machi.engines.effects import public as effects
from machi.engines.notices import public as notices
from machi.engines.people import public as people
from machi.ground.languages import pick

PLACES = {
    "": (
        ("today", "/desk/", "home"),
        ("queue", "/desk/queue/", "inbox"),
        ("approvals", "/desk/approvals/", "stamp"),
        ("cases", "/desk/cases/", "list"),
    ),
    "front": (
        ("counter", "/counter/", "users"),
        ("guides", "/desk/guides/", "help"),
    ),
    "own": (
        ("drafting", "/desk/start/", "edit"),
        ("attendance", "/desk/attendance/", "clock"),
        ("absence", "/desk/absence/", "calendar"),
    ),
    "records": (
        ("filing", "/desk/filing/", "book"),
        ("books", "/desk/books/", "yen"),
    ),
    "works": (
        ("definitions", "/desk/definitions/", "file"),
        ("builder", "/builder/", "pen"),
        ("exchange", "/exchange/", "upload"),
        ("outside", "/desk/outside/", "mail"),
    ),
}
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
    actor = people.actor_of(request)
    units = people.units_of(actor)
    unit_name = pick(units[0].title, "ja") if units else ""
    frame = {"nav": _nav(actor, here), "actor": actor, "unit_name": unit_name, **context}
    return render(request, template, frame, status=status)


def unit_titles(request):
    """The names of all units by code, asked for once in a request."""
    if not hasattr(request, "desk_units"):
        request.desk_units = {unit.code: pick(unit.title, "ja") for unit in people.Unit.objects.all()}
    return request.desk_units


def stuck_outside():
    """(mails in trouble, other calls that are stuck), both querysets."""
    return notices.troubled(), effects.stuck().exclude(port="mail")


def _nav(actor, here):
    """The way round: what is open to this member of staff, group by group."""
    labels, groups, nav = _labels(), _groups(), []
    for group, places in PLACES.items():
        items = [
            {"href": href, "label": labels[key], "icon": icon, "current": key == here, "count": _count(key)}
            for key, href, icon in places
            if _is_open(actor, key)
        ]
        if items and group:
            items[0]["group"] = groups[group]
        nav += items
    return nav


def _groups():
    return {"front": _("窓口で"), "own": _("自分のこと"), "records": _("記録"), "works": _("仕組み")}


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
