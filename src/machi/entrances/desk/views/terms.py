"""Terms of work at the desk (勤務条件): who works how, one by one or from a file; and leave that is given besides."""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.attendance import public as attendance
from machi.engines.audit.public import saw
from machi.engines.ledger import public as ledger
from machi.engines.people import public as people
from machi.engines.procedures.public import new_command_id
from machi.entrances.desk import export
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.views.attendance import hours
from machi.entrances.desk.words import EMPLOYMENTS
from machi.ground.calendar import era_date, fiscal_year, fiscal_year_name, today

SALT, SIGNED_FOR, LARGEST = "desk.attendance.terms", 60 * 60, 2_000_000
LEAVE = "office.leave"


@people.staff_required
def terms(request):
    """Everybody of the city hall with their terms and what is left of their leave; a file is read here too."""
    actor = _personnel(request)
    if request.POST.get("signed"):
        return _carry_out(request, actor)
    context, status = _planned(request) if request.method == "POST" else ({}, 200)
    rows = _everybody(request)
    if request.GET.get("file") in ("csv", "xlsx"):
        return export.as_file(_table(rows), "terms-of-work", request.GET["file"])
    labels = (_("氏名"), _("任用"), _("週の日数"), _("1日の時間"), _("時刻"), _("年休の残り"))
    context |= {
        "rows": rows,
        "columns": [{"label": label, "end": number in (2, 3, 5)} for number, label in enumerate(labels)],
        "without": sum(row["terms"] is None for row in rows),
        "wanted": "、".join(attendance.HEADINGS.values()),
        "heads": [{"label": one} for one in (_("氏名"), *labels[1:5], _("適用日"))],
    }
    return page(request, "desk/attendance_terms.html", context, here="attendance", status=status)


@people.staff_required
def person(request, account_id):
    """One member of staff: a form for terms from a day on, what counted before, and leave given besides."""
    actor = _personnel(request)
    whose = people.Account.objects.filter(pk=account_id, person__isnull=False).first()
    if whose is None:
        raise Http404
    typed, errors = request.POST.dict(), {}
    if request.method == "POST":
        errors = (_give if request.POST.get("do") == "leave" else _set)(request, whose, actor)
        if not errors:
            return redirect("desk:attendance_person", account_id)
    saw(actor=actor, owner=f"attendance:{whose.person_id}", what=_("勤務条件"))
    known = attendance.terms_of(whose.person)
    context = {
        "name": whose.person.name,
        "typed": typed or _typed(known[0] if known else None),
        "errors": errors,
        "error_lines": [{"href": f"#{name}", "text": text} for name, text in errors.items()],
        "employments": [{"value": key, "label": label} for key, label in EMPLOYMENTS.items()],
        "rows": [_row(one) for one in known],
        "columns": [{"label": one} for one in (_("適用日"), _("任用"), _("週の日数"), _("1日の時間"), _("時刻"))],
        "leave": _left(whose.pk),
        "year": fiscal_year_name(today()),
        "command_id": request.POST.get("command_id") or new_command_id(),
    }
    return page(request, "desk/attendance_person.html", context, here="attendance", status=422 if errors else 200)


def _personnel(request):
    actor = people.actor_of(request)
    if not people.can_anywhere(actor, "attendance.manage"):
        raise Http404
    return actor


def _everybody(request):
    """[{"id", "name", "unit", "terms", "leave", …}] of everybody who holds a post, by unit."""
    titles, counting, found = unit_titles(request), attendance.terms_on(today()), {}
    held = people.people_in(list(titles))
    left = _all_left()
    for one, posts in held.items():
        account = getattr(one, "account", None)
        if account:
            now = counting.get(one.pk)
            words = _words(now) if now else {}
            unit = titles.get(posts[0].unit_id, "")
            found[one.pk] = {
                "id": account.pk, "name": one.name, "mail": account.email, "unit": unit, "terms": now,
                "leave": left.get(f"staff:{account.pk}", ""), **words,
            }  # fmt: skip
    return list(found.values())


def _all_left():
    """What is left of everybody's leave this year: owner → words."""
    accounts = list(ledger.Account.objects.filter(book=LEAVE, period=str(fiscal_year(today()))))
    stand = ledger.balances(accounts)
    return {one.owner: ledger.amount_words("minutes", stand[one.pk].get("free", 0), one.about) for one in accounts}


def _left(account_id):
    return _all_left().get(f"staff:{account_id}", "")


def _words(one):
    return {
        "employment": EMPLOYMENTS[one.employment],
        "days": one.weekly_days,
        "hours": hours(one.day_minutes),
        "times": f"{one.starts:%H:%M}–{one.ends:%H:%M}",
    }


def _row(one):
    return {"from_day": era_date(one.from_day), **_words(one)}


def _typed(one):
    """The terms as they are typed, to go on from; those of a whole day of the city hall where there are none."""
    if one is None:
        return {"employment": "regular", "weekly_days": 5, "day_minutes": "7:45", "starts": "8:30", "ends": "17:15",
                "rest_minutes": 60, "hired_on": "", "from_day": today().isoformat()}  # fmt: skip
    return {
        "employment": one.employment, "hired_on": one.hired_on.isoformat(), "weekly_days": one.weekly_days,
        "day_minutes": hours(one.day_minutes), "starts": f"{one.starts:%H:%M}", "ends": f"{one.ends:%H:%M}",
        "rest_minutes": one.rest_minutes, "from_day": today().isoformat(),
    }  # fmt: skip


def _set(request, whose, actor):
    """Set the terms that were typed. Returns what is wrong, by field."""
    given, errors = attendance.read_terms(request.POST)
    if given:
        attendance.set_terms(person=whose.person, actor=actor, **asdict(given))
        messages.success(request, _("勤務条件を記録しました。"))
    return errors


def _give(request, whose, actor):
    """Give leave besides, or take back what was given by mistake. Returns what is wrong, by field."""
    reason = request.POST.get("reason", "").strip()
    try:
        days = int(request.POST.get("days", ""))
    except ValueError:
        return {"days": _("日数を、1や-1のように整数で入力してください。")}
    if not reason or not days or abs(days) > 40:
        return {"reason": _("0でない40日までの日数と、理由を入力してください。")}
    try:
        attendance.give_leave(
            account=whose, days=days, reason=reason, command_id=request.POST.get("command_id", ""), actor=actor
        )
    except ledger.Short:
        return {"days": _("残りより多くは減らせません。")}
    messages.success(request, _("年次有給休暇を記録しました。"))
    return {}


def _planned(request):
    """What a file would change, and the status of the page."""
    upload = request.FILES.get("file")
    if upload is None or upload.size > LARGEST:
        return {"error": _("2MBまでのCSVかExcelのファイルを選んでください。")}, 422
    try:
        rows = ledger.read_sheet(upload.read())
    except ledger.UnreadableSheet as fault:
        return {"error": str(fault)}, 422
    missing = [heading for heading in attendance.HEADINGS.values() if heading not in rows[0]]
    if missing:
        said = _("見出しがありません: %(words)s。1行目に見出しを書いてください。")
        return {"error": said % {"words": "、".join(missing)}}, 422
    plan = attendance.plan_terms(rows)
    faults = [_("%(row)s行目: %(fault)s") % {"row": row, "fault": fault} for row, fault in plan.faults]
    return {
        "read": True,
        "faults": [{"text": one} for one in faults],
        "lines": [{"name": one.name, **_row(given)} for one, given in plan.lines],
        "count": plan.count,
        "changed": len(plan.lines),
        "signed": "" if faults else signing.dumps(rows, salt=SALT, compress=True),
    }, 422 if faults else 200


def _carry_out(request, actor):
    """Set the terms of a file as they were shown."""
    try:
        plan = attendance.plan_terms(signing.loads(request.POST["signed"], salt=SALT, max_age=SIGNED_FOR))
    except signing.BadSignature:
        messages.error(request, _("確かめてから時間がたちました。もう一度ファイルを選んでください。"))
        return redirect("desk:attendance_terms")
    count = attendance.carry_out_terms(plan=plan, actor=actor)
    messages.success(request, _("%(count)s人の勤務条件を記録しました。") % {"count": count})
    return redirect("desk:attendance_terms")


def _table(rows):
    """The list as a file that can be read in again."""
    table = [list(attendance.HEADINGS.values())]
    for row in rows:
        one = row["terms"]
        if one:
            table.append([
                row["mail"], str(row["employment"]), one.hired_on.isoformat(), str(one.weekly_days), row["hours"],
                f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", str(one.rest_minutes), one.from_day.isoformat(),
            ])  # fmt: skip
    return table
