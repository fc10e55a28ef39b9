"""My absence: when I am away, and who of my office is; deputies see what waits for who is away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.people import public as people
from machi.engines.people.define import ABSENCES, Scope
from machi.entrances.desk.frame import page
from machi.entrances.desk.words import ABSENCE_KINDS
from machi.ground.calendar import UnreadableDate, era_date, parse_date

PARTS = ("year", "month", "day")


@people.staff_required
def absence(request):
    """Who is away when, and a form to enter it for oneself or for somebody of one's office."""
    if request.method == "POST":
        return _enter(request)
    return _show(request)


def _show(request, typed=None, errors=None, status=200):
    actor, known = people.actor_of(request), _people(request)
    entered = people.absences_from_today(known)
    context = {
        "mine": [_line(one) for one in entered if str(one.person_id) == actor.person],
        "others": [_line(one) for one in entered if str(one.person_id) != actor.person],
        "people": [{"value": str(one.pk), "label": _named(one, posts)} for one, posts in known.items()],
        "kinds": [{"value": kind, "label": ABSENCE_KINDS[kind]} for kind in ABSENCES],
        "deputies": _deputies(actor),
        "typed": {"person": actor.person, "kind": "leave", **(typed or {})},
        "errors": errors or {},
        "error_lines": [{"href": f"#{name}", "text": text} for name, text in (errors or {}).items()],
    }
    return page(request, "desk/absence.html", context, here="absence", status=status)


def _people(request):
    """Whose absence this actor may enter: their own, and that of the people of their offices."""
    actor = people.actor_of(request)
    units = [one.code for one in people.units() if people.can(actor, "people.absences", Scope(one.code, "absences"))]
    posts = people.posts_held(actor)
    found = people.people_in({*units, *(post.unit_id for post in posts)})
    office = people.people_in(units)
    return {one: held for one, held in found.items() if one in office or str(one.pk) == actor.person}


def _named(person, posts):
    return f"{person.name}（{people.title_in(posts[0])}）"


def _line(absence):
    return {
        "id": absence.id,
        "name": absence.person.name,
        "kind": ABSENCE_KINDS[absence.kind],
        "first": era_date(absence.during.lower),
        "last": era_date(people.last_day(absence)),
        "by": absence.by_name,
    }


def _deputies(actor):
    """Who acts for each of my posts while I am away, in order."""
    return [
        {"post": people.title_in(post), "deputies": list(people.post_titles(post.deputies).values())}
        for post in people.posts_held(actor)
        if post.deputies
    ]


def _enter(request):
    typed, errors, days = _read(request)
    person = next((one for one in _people(request) if str(one.pk) == typed["person"]), None)
    if person is None:
        errors["person"] = _("だれの不在かを選んでください。")
    if typed["kind"] not in ABSENCES:
        errors["kind"] = _("理由を選んでください。")
    if errors:
        return _show(request, typed, errors, 422)
    try:
        people.enter_absence(person=person, kind=typed["kind"], **days, actor=people.actor_of(request))
    except people.AbsenceRefused as refused:
        return _show(request, typed, {"first": str(refused)}, 422)
    messages.success(request, _("不在を登録しました。"))
    return redirect("desk:absence")


def _read(request):
    """(what was typed, what is wrong with the days, the days)."""
    typed, errors, days = {name: request.POST.get(name, "") for name in ("person", "kind")}, {}, {}
    for name in ("first", "last"):
        parts = {part: request.POST.get(f"{name}-{part}", "").strip() for part in PARTS}
        typed[name] = parts
        try:
            days[name] = parse_date("-".join(parts.values()))
        except UnreadableDate:
            errors[name] = _("年、月、日を入力してください。")
    return typed, errors, days


@require_POST
@people.staff_required
def take_back(request, absence_id):
    """The absence does not happen, or has ended."""
    mine = {str(one.id): one for one in people.absences_from_today(_people(request))}
    if str(absence_id) not in mine:
        raise Http404
    people.take_back_absence(absence_id=absence_id, actor=people.actor_of(request))
    messages.success(request, _("不在の登録を取り消しました。"))
    return redirect("desk:absence")
