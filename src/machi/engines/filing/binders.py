"""Binders (簿冊): opened under a class, closed at the end of the year, handed over."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.engines.audit import public as audit
from machi.engines.filing import rules
from machi.engines.filing.models import Binder, Document
from machi.engines.filing.queries import may, may_file, plan
from machi.engines.filing.rules import NotAllowed, Refused
from machi.engines.people import public as people
from machi.ground.calendar import fiscal_year, today
from machi.ground.text import UncleanText, clean_line


@transaction.atomic
def open_binder(*, unit, code, title, actor, year=None, listed=True, place=""):
    """Make a binder of a unit under a class, for this fiscal year. Its retention is that of the class, for good."""
    if not may_file(actor, unit, code):
        raise NotAllowed("filing.handle")
    in_force = plan()
    one = rules.class_of(in_force, code) if in_force else None
    if one is None or (one["units"] and unit not in one["units"]):
        raise Refused(_("分類を選んでください。"), {"code": _("分類を選んでください。")})
    this = fiscal_year(today())
    if year not in (None, this, this + 1):
        raise Refused(_("今年度か次の年度の簿冊を作れます。"), {"year": _("今年度か次の年度を選んでください。")})
    binder = Binder(
        unit=unit,
        holder=unit,
        year=year or this,
        code=code,
        title=_clean("title", title) or one["label"]["ja"],
        keep=one["keep"],
        then=one["then"],
        disclosure=one["disclosure"],
        listed=listed,
        place=_clean("place", place),
        opened_by=actor.key,
    )
    try:
        with transaction.atomic():
            binder.save(force_insert=True)
    except IntegrityError as clash:
        said = _("同じ年度・分類に、同じ名前の簿冊があります。別の名前にしてください。")
        raise Refused(said, {"title": said}) from clash
    tell(binder, "filing.binder_opened", actor, {"code": code, "title": binder.title})
    return binder


def _clean(name, words):
    try:
        return clean_line(words or "", longest=120)
    except UncleanText as fault:
        raise Refused(fault.message, {name: fault.message}) from fault


def tell(binder, verb, actor, payload):
    """One line in the chain of a binder. Its title names no person: it stands in the public catalogue."""
    audit.record(stream=f"binder:{binder.id}", verb=verb, actor=actor, payload=payload)


def locked(binder_id, actor, verb="filing.handle"):
    """The binder, locked until the transaction ends, if this actor may do `verb` to it."""
    binder = Binder.objects.select_for_update().get(id=binder_id)
    if not may(actor, verb, binder):
        raise NotAllowed(verb)
    return binder


@transaction.atomic
def change(*, binder_id, title, listed, place, actor):
    """Another title or place, or in and out of the public catalogue."""
    binder = locked(binder_id, actor)
    before = {name: getattr(binder, name) for name in ("title", "listed", "place")}
    binder.title = _clean("title", title) or binder.title
    binder.listed, binder.place = listed, _clean("place", place)
    try:
        with transaction.atomic():
            binder.save()
    except IntegrityError as clash:
        said = _("同じ年度・分類に、同じ名前の簿冊があります。別の名前にしてください。")
        raise Refused(said, {"title": said}) from clash
    changes = {name: [old, getattr(binder, name)] for name, old in before.items() if old != getattr(binder, name)}
    if changes:
        tell(binder, "filing.binder_changed", actor, {"changes": changes})
    return binder


@transaction.atomic
def close_binder(*, binder_id, actor):
    """Close a binder: nothing more is filed in it. What is open in it may still be completed."""
    binder = locked(binder_id, actor)
    if binder.closed_on is None:
        binder.closed_on = today()
        binder.save(update_fields=["closed_on"])
        tell(binder, "filing.binder_closed", actor, {"on": binder.closed_on.isoformat()})
    return binder


def close_year(*, unit, year, actor):
    """Close all binders of a unit of a fiscal year that is over; returns how many."""
    if year >= fiscal_year(today()):
        raise Refused(_("終わった年度の簿冊だけを、まとめて閉じられます。"))
    ids = list(Binder.objects.filter(holder=unit, year=year, closed_on=None).values_list("id", flat=True))
    return len([close_binder(binder_id=one, actor=actor) for one in ids])


@transaction.atomic
def hand_over(*, binder_id, to, place, actor):
    """引継: a closed binder goes to another unit or place (the archive room), with all that is in it."""
    binder = locked(binder_id, actor)
    new = people.unit(to)
    if binder.closed_on is None:
        raise Refused(_("先に簿冊を閉じてください。"))
    if new is None or new.closed_on:
        raise Refused(_("引き継ぐ課を選んでください。"), {"to": _("引き継ぐ課を選んでください。")})
    before, binder.holder, binder.place = binder.holder, new.code, _clean("place", place)
    binder.save(update_fields=["holder", "place"])
    Document.objects.filter(binder=binder).exclude(state="destroyed").update(holder=new.code)
    tell(binder, "filing.binder_handed_over", actor, {"from": before, "to": new.code, "place": binder.place})
    return binder


def binder_open(into, actor):
    """The binder `into`, locked against closing, if this actor may file into it today.

    `into` is the id of a binder, or "unit/class" for the class's own binder of this fiscal year, made if it is not
    there.
    """
    if isinstance(into, str) and "/" in into:
        into = _own_binder(*into.split("/", 1), actor).id
    binder = Binder.objects.select_for_update(no_key=True).filter(id=into).first() if into else None
    if binder is None:
        raise Refused(_("簿冊を選んでください。"), {"binder": _("簿冊を選んでください。")})
    if not may(actor, "filing.handle", binder):
        raise NotAllowed("filing.handle")
    if binder.closed_on:
        said = _("この簿冊は閉じてあります。今年度の簿冊を選ぶか、新しく作ってください。")
        raise Refused(said, {"binder": said})
    return binder


def _own_binder(unit, code, actor):
    if not may_file(actor, unit, code):
        raise NotAllowed("filing.handle")
    one = rules.class_of(plan(), code) if plan() else None
    if one is None or (one["units"] and unit not in one["units"]):
        raise Refused(_("簿冊を選んでください。"), {"binder": _("簿冊を選んでください。")})
    return binder_for(unit=unit, code=code)


def binder_for(*, unit, code, title=""):
    """The binder of this fiscal year for a thing that files itself: the one named, else the class's own; made if it
    is not there, and found again by all who come at once.
    """
    one = rules.class_of(plan(), code)
    key = {"unit": unit, "year": fiscal_year(today()), "code": code, "title": (title or one["label"]["ja"])[:120]}
    rest = {"keep": one["keep"], "then": one["then"], "disclosure": one["disclosure"], "opened_by": "system"}
    Binder.objects.bulk_create([Binder(**key, **rest, holder=unit)], ignore_conflicts=True)
    return Binder.objects.get(**key)
