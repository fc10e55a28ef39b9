"""Attendance at the desk: coming and going with one button, the month of each member of staff, leave for a year."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from machi.engines.attendance import public as attendance
from machi.engines.audit.public import saw
from machi.engines.ledger import public as ledger
from machi.engines.people import public as people
from machi.engines.people.define import Scope
from machi.entrances.desk import export
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.words import EMPLOYMENTS, MARKS
from machi.ground.calendar import fiscal_year, fiscal_year_name, now, today
from machi.ground.daywords import date_words

CODE = "office.attendance"


@people.staff_required
@never_cache
def sheet(request):
    """A month of mine, or of somebody whose sheet I may see; and the button of the clock."""
    actor = people.actor_of(request)
    whose = _whose(request, actor)
    month = _month(request.GET.get("month", ""))
    found = attendance.sheet_of(whose.person, month.year, month.month)
    if request.GET.get("file") in ("csv", "xlsx"):
        return export.as_file(_table(found), f"attendance-{whose.pk}-{month:%Y%m}", request.GET["file"])
    own = whose.pk == actor.account
    context = {
        "own": own,
        "name": whose.person.name,
        "account": whose.pk,
        "month": month,
        "query": f"month={month:%Y-%m}" + ("" if own else f"&person={whose.pk}"),
        "before": f"{month - timedelta(days=1):%Y-%m}",
        "after": f"{(month + timedelta(days=32)).replace(day=1):%Y-%m}",
        "clock": _clock(actor, request.LANGUAGE_CODE) if own else None,
        "rows": [_row(day) for day in found.days],
        "columns": [{"label": one} for one in _headings()],
        "sums": _sums(found),
        "terms": _terms(found.terms),
        "leave": _leave(whose) if own else "",
        "may_see": people.can_anywhere(actor, "attendance.see"),
        "may_manage": people.can_anywhere(actor, "attendance.manage"),
    }
    return page(request, "desk/attendance.html", context, here="attendance")


@require_POST
@people.staff_required
def clock(request):
    """Press the clock."""
    try:
        made = attendance.clock(kind=request.POST.get("kind", ""), actor=people.actor_of(request))
    except attendance.ClockRefused as refused:
        messages.error(request, str(refused))
    else:
        said = _("出勤しました。") if made.kind == "in" else _("退勤しました。おつかれさまでした。")
        messages.success(request, said)
    return redirect("desk:attendance")


@people.staff_required
def staff(request):
    """Those whose sheets I may see, by unit, with what is missing this month."""
    actor = people.actor_of(request)
    if not people.can_anywhere(actor, "attendance.see"):
        raise Http404
    titles = unit_titles(request)
    people_seen = [
        {
            "href": f"/desk/attendance/?person={person.account.pk}",
            "label": person.name,
            "text": titles.get(unit, unit),
            "meta": _("打刻のない日 %(n)s") % {"n": missing} if missing else "",
        }
        for unit, person in _seen(actor)
        for missing in [attendance.sheet_of(person, today().year, today().month).missing]
    ]
    return page(request, "desk/attendance_staff.html", {"people": people_seen}, here="attendance")


@people.staff_required
def leave(request):
    """What paid leave everybody gets for this fiscal year, shown before it is given."""
    actor = people.actor_of(request)
    if not people.can_anywhere(actor, "attendance.manage"):
        raise Http404
    year = fiscal_year(today())
    if request.method == "POST":
        made = attendance.grant(year=year, day=today(), actor=actor)
        messages.success(request, _("%(count)s人に付与しました。") % {"count": made})
        return redirect("desk:attendance_leave")
    grants = attendance.grants_for(year, today())
    columns = (_("氏名"), _("任用"), _("勤続"), _("週の日数"), _("付与"), _("繰越し"), _("失効"), _("状態"))
    context = {
        "year": fiscal_year_name(today()),
        "rows": [_grant(one) for one in sorted(grants, key=lambda one: one.terms.person.kana)],
        "columns": [{"label": label, "end": 2 <= number <= 6} for number, label in enumerate(columns)],
        "waiting": sum(one.waits for one in grants),
    }
    return page(request, "desk/attendance_leave.html", context, here="attendance")


def _whose(request, actor):
    """The account whose sheet is asked for. 404 for one that this member of staff may not see."""
    asked = request.GET.get("person", "")
    if not asked or asked == str(actor.account):
        return people.account(actor.account)
    found = next((person for _unit, person in _seen(actor) if str(person.account.pk) == asked), None)
    if found is None:
        raise Http404
    saw(actor=actor, owner=f"attendance:{found.pk}", what=_("勤怠"))
    return found.account


def _seen(actor):
    """(unit, person) of everybody whose sheet this member of staff may see."""
    found = {}
    for post in people.Post.objects.filter(closed_on=None).order_by("unit__order", "order"):
        if not people.can(actor, "attendance.see", Scope(unit=post.unit_id, code=CODE)):
            continue
        for person in people.holders(post.code):
            if getattr(person, "account", None):
                found.setdefault(person.pk, (post.unit_id, person))
    return list(found.values())


def _month(said):
    """The first day of the month "2026-11"; this month for anything else."""
    try:
        found = date.fromisoformat(f"{said}-01")
    except ValueError:
        found = today().replace(day=1)
    return found if 2000 <= found.year < 2100 else today().replace(day=1)


def _clock(actor, language):
    kind, at = attendance.state_today(actor)
    since = _("%(time)sに出勤") if kind == "out" else _("%(time)sに退勤")
    return {
        "kind": kind,
        "now": f"{now():%H:%M}",
        "day": date_words(today(), language),
        "said": since % {"time": f"{at:%H:%M}"} if at else _("今日はまだ出勤していません"),
        "label": _("出勤する") if kind == "in" else _("退勤する"),
    }


def _headings():
    return (_("日"), _("出勤"), _("退勤"), _("勤務"), _("時間外"), _("休暇・出張など"))


def _row(day):
    return {
        "day": day.day,
        "came": f"{day.came:%H:%M}" if day.came else "",
        "went": f"{day.went:%H:%M}" if day.went else "",
        "worked": hours(day.worked),
        "overtime": hours(day.overtime),
        "marks": "、".join(_mark(one) for one in day.marks),
        "missing": day.missing,
        "closed": not day.is_open,
        "today": day.day == today(),
    }


def _mark(one):
    times = f" {one.starts:%H:%M}–{one.ends:%H:%M}" if one.starts and one.ends else ""
    return f"{one.title if one.kind in ('leave', 'travel') and one.title else MARKS[one.kind]}{times}"


def _sums(found):
    return [
        {"term": _("出勤した日"), "text": _("%(n)s日") % {"n": found.came}, "icon": "calendar"},
        {"term": _("勤務した時間"), "text": hours(found.worked) or "0:00", "icon": "clock"},
        {"term": _("時間外"), "text": hours(found.overtime) or "0:00", "icon": "clock"},
        {"term": _("打刻のない日"), "text": _("%(n)s日") % {"n": found.missing}, "icon": "list"},
    ]


def _terms(terms):
    if terms is None:
        return ""
    words = {
        "employment": EMPLOYMENTS[terms.employment], "days": terms.weekly_days, "hours": hours(terms.day_minutes),
        "starts": f"{terms.starts:%H:%M}", "ends": f"{terms.ends:%H:%M}",
    }  # fmt: skip
    return _("%(employment)s　週%(days)s日・1日%(hours)s（%(starts)s–%(ends)s）") % words


def _leave(whose):
    """What is left of this year's paid leave, in words."""
    account = ledger.account("office.leave", f"staff:{whose.pk}-{fiscal_year(today())}")
    if account is None:
        return ""
    stand = ledger.balances([account])[account.pk]
    places = ("free", "asked", "taken")
    words = {name: ledger.amount_words("minutes", stand.get(name, 0), account.about) for name in places}
    return _("年次有給休暇の残り %(free)s（予定 %(asked)s・取得 %(taken)s）") % words


def _grant(one):
    about = {"day": one.terms.day_minutes}
    return {
        "name": one.terms.person.name,
        "employment": EMPLOYMENTS[one.terms.employment],
        "months": _("%(years)s年%(months)sか月") % {"years": one.months // 12, "months": one.months % 12},
        "days": one.terms.weekly_days,
        "granted": _("%(n)s日") % {"n": one.days},
        "over": ledger.amount_words("minutes", one.over, about),
        "lapsing": ledger.amount_words("minutes", one.lapsing, about),
        "done": one.done,
        "waits": one.waits,
    }


def _table(found):
    keys = ("day", "came", "went", "worked", "overtime", "marks")
    return [list(_headings()), *([str(row[key]) for key in keys] for row in map(_row, found.days))]


def hours(minutes):
    """Minutes as 7:45; "" for none."""
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""
