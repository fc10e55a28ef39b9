"""Which cases are likely the same: a pure rule over a few traits of each, and the search for them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.gis.geos import Polygon
from django.db.models import Q

from machi.engines.procedures import scope
from machi.engines.procedures.queries import visible_cases
from machi.ground.calendar import TOKYO
from machi.ground.places import Point
from machi.ground.text import search_key

MOST_LOOKED_AT, MOST_SHOWN = 40, 5
DEGREE = 111_000  # metres of latitude


@dataclass(frozen=True)
class Traits:
    """What a case is compared by; what is not known is blank."""

    day: date
    name: str = ""
    birth: str = ""
    phone: str = ""
    email: str = ""
    place: tuple | None = None  # (lat, lng)
    same: tuple = ()


def likeness(one, other, *, days, metres):
    """Why two cases are likely the same, as names of traits; () when they are not.

    The same place is enough where nobody is named, or where what must be equal is; a name needs something beside it,
    for many people share one.
    """
    if abs((one.day - other.day).days) > days or one.same != other.same:
        return ()
    near = one.place and other.place and Point(*one.place).distance_to(Point(*other.place)) <= metres
    place = ("place",) if near else ()
    if one.name and one.name == other.name:
        pairs = {key: (getattr(one, key), getattr(other, key)) for key in ("birth", "phone", "email")}
        beside = tuple(key for key, (ours, theirs) in pairs.items() if ours and ours == theirs)
        return ("name", *beside, *place) if beside or place else ()
    unnamed = not (one.name and other.name)
    return place if unnamed or any(one.same) else ()


def likely_same(case, actor):
    """Cases that are likely the same as this one, that `actor` may see, newest first: [(Case, traits)]."""
    rule = case.definition.bundle.get("duplicates") or {"days": 30, "metres": 50, "same": []}
    own, found = traits_of(case), []
    for other in _candidates(case, actor, rule):
        why = likeness(own, traits_of(other), days=rule["days"], metres=rule["metres"])
        if why:
            found.append((other, why))
    return found[:MOST_SHOWN]


def traits_of(case):
    """The Traits of a case, from its answers as they stand."""
    answers, bundle = scope.answers_of(case), case.definition.bundle
    named, wanted = bundle["contact_fields"], (bundle.get("duplicates") or {}).get("same", ())
    birth = next((f["key"] for f in bundle["form"]["fields"] if f.get("prefill") == "birth"), "")
    return Traits(
        day=case.submitted_at.astimezone(TOKYO).date(),
        name=search_key(case.applicant),
        birth=str(answers.get(birth) or ""),
        phone="".join(filter(str.isdecimal, str(answers.get(named.get("phone")) or ""))),
        email=case.email.lower(),
        place=(case.place.y, case.place.x) if case.place else None,
        same=tuple(answers.get(key) for key in wanted),
    )


def _candidates(case, actor, rule):
    """The cases close in time that share the name or lie near: what the database can tell quickly."""
    near = Q(place__within=_around(case.place, rule["metres"])) if case.place else Q(pk__in=[])
    named = Q(words__contains=search_key(case.applicant)) if case.applicant else Q(pk__in=[])
    span = timedelta(days=rule["days"] + 1)
    lately = (case.submitted_at - span, case.submitted_at + span)
    linked = {*case.links.filter(undone_at=None).values_list("other", flat=True)}
    linked |= {*case.linked_from.filter(undone_at=None).values_list("case", flat=True)}
    found = visible_cases(actor).filter(near | named, code=case.code, submitted_at__range=lately)
    others = found.exclude(id__in={case.id, *linked}).exclude(status="void").exclude(result="merged")
    return others.order_by("-submitted_at")[:MOST_LOOKED_AT]


def _around(point, metres):
    """A box with the point in its middle, a little larger than the distance."""
    tall, wide = metres / DEGREE, metres / DEGREE * 1.5
    box = Polygon.from_bbox((point.x - wide, point.y - tall, point.x + wide, point.y + tall))
    box.srid = point.srid
    return box
