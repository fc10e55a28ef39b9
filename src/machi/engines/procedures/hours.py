"""Things one has alone for some hours (a room, a car): what is free on a day, holding it, making it firm."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.engines.bookings import public as bookings
from machi.engines.definitions.public import office_days
from machi.engines.procedures import scope
from machi.engines.procedures.rules import Refused
from machi.ground.calendar import TOKYO, Calendar, UnreadableDate, now, parse_date, parse_duration, today
from machi.ground.daywords import date_words
from machi.ground.languages import pick


def free_hours(version, sheet, keys, *, owner=""):
    """What is free at the fields of hours among `keys`: {key: {"words", "seconds", "things": [{"title", "spans"}]}}.

    The day is the one chosen or typed so far, else the first that can be chosen.
    """
    form = scope.form_of(version)
    asked = [one for one in form.fields if one.field.type == "hours" and one.key in keys]
    return {question.key: _day(version, sheet, question, owner) for question in asked}


def hold_hours_chosen(version, question, chosen, owner):
    """Hold a thing for the chosen hours. Raises Refused, naming the field."""
    pool, key = version.bundle["pools"][question.field.pool], question.key
    wrong = _wrong(version, pool, chosen)
    if wrong:
        raise Refused(wrong, {key: wrong})
    try:
        bookings.hold_hours(
            pool_code=_code(version, question.field.pool),
            resource=chosen["thing"],
            starts=_moment(chosen["day"], chosen["starts"]),
            ends=_moment(chosen["day"], chosen["ends"]),
            owner=owner,
            minutes=_minutes(pool["hold"]),
            buffer=_minutes(pool["buffer"]),
        )
    except bookings.TimeTaken as taken:
        raise Refused(str(taken), {key: str(taken)}) from taken


def confirm_hours_chosen(case, pool_key):
    """Make the hours of a case firm; False where they were lost, or it is past their beginning."""
    found = bookings.confirm_hours(owner=case.owner, pool_code=_code(case.definition, pool_key))
    return found is not None and found.ends > now()


def _wrong(version, pool, chosen):
    """The sentence that says why these hours cannot be chosen, or ""."""
    row = scope.form_of(version).tables[pool["resources"]][chosen["thing"]]
    first, last = _window(version, pool)
    words = {"opens": row["opens"], "closes": row["closes"], "step": _minutes(pool["step"])}
    words |= {"first": date_words(first, get_language()), "last": date_words(last, get_language())}
    if not first <= chosen["day"] <= last:
        return _("%(first)sから%(last)sまでの日を選んでください。") % words
    if not _calendar(version, pool).is_open(chosen["day"]):
        return _("その日は使えません。別の日を選んでください。")
    if chosen["starts"] < row["opens"] or chosen["ends"] > row["closes"]:
        return _("使えるのは%(opens)sから%(closes)sまでです。") % words
    if any(int(chosen[end][3:]) % words["step"] for end in ("starts", "ends")):
        return _("時刻は%(step)s分刻みで入力してください。") % words
    if chosen["minutes"] > _minutes(pool["longest"]):
        return _("一度に使えるのは%(hours)s時間までです。") % {"hours": _minutes(pool["longest"]) // 60}
    return _("始まりの時刻を過ぎています。") if _moment(chosen["day"], chosen["starts"]) < now() else ""


def _day(version, sheet, question, owner):
    pool = version.bundle["pools"][question.field.pool]
    day = _asked_day(sheet, question) or _first_day(version, pool)
    taken = bookings.taken_hours(
        pool_code=_code(version, question.field.pool),
        first=_moment(day, "00:00"),
        last=_moment(day + timedelta(days=1), "00:00"),
        owner=owner,
    )
    is_open = _calendar(version, pool).is_open(day)
    table = scope.form_of(version).tables[pool["resources"]]
    return {
        "words": date_words(day, get_language()),
        "seconds": _minutes(pool["step"]) * 60,
        "things": [
            {
                "title": pick(option["label"], get_language()),
                "spans": spans(table[key]["opens"], table[key]["closes"], _of(taken, key, day)) if is_open else [],
            }
            for key, option in question.options.items()
        ],
    }


def spans(opens, closes, taken):
    """A day from `opens` to `closes` ("08:30"), cut where it is `taken` [(from, to)]: [{"from", "to", "taken"}]."""
    found, at = [], opens
    inside = [(max(start, opens), min(end, closes)) for start, end in sorted(taken)]
    for start, end in ((start, end) for start, end in inside if start < end):
        found += [{"from": at, "to": start, "taken": False}] if at < start else []
        found.append({"from": start, "to": end, "taken": True})
        at = max(at, end)
    return found + ([{"from": at, "to": closes, "taken": False}] if at < closes else [])


def _of(taken, key, day):
    """When a thing is taken on a day, with the time it stays empty afterwards, as ("09:00", "10:15")."""
    last = datetime.combine(day, time.max, tzinfo=TOKYO)
    return [
        (f"{one.blocks.lower.astimezone(TOKYO):%H:%M}", f"{min(one.blocks.upper, last).astimezone(TOKYO):%H:%M}")
        for one in taken
        if one.resource.code == key
    ]


def _asked_day(sheet, question):
    """The day of the answer, or of what was typed so far; None where there is none."""
    chosen = sheet.values.get(question.key)
    if chosen:
        return chosen["day"]
    typed = sheet.typed.get(question.key)
    if not isinstance(typed, dict):
        return None
    said = "-".join(next(iter(typed.get(part) or ()), "") for part in ("year", "month", "day"))
    try:
        found = parse_date(said)
    except UnreadableDate:
        return None
    return found if date(2000, 1, 1) < found < date(2100, 1, 1) else None


def _first_day(version, pool):
    first, last = _window(version, pool)
    calendar = _calendar(version, pool)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return next((day for day in days if calendar.is_open(day)), first)


def _window(version, pool):
    calendar = _calendar(version, pool)
    return tuple(parse_duration(pool["open"][end]).after(today(), calendar) for end in ("from", "to"))


def _calendar(version, pool):
    """The days on which the things can be had: all, where the pool names no calendar."""
    if pool["calendar"]:
        return office_days(version.bundle["used"][pool["calendar"]])
    return Calendar(weekdays=frozenset(), holidays=False, year_end=None)


def _code(version, pool_key):
    return f"{version.code}.{pool_key}"


def _moment(day, said):
    return datetime.combine(day, time.fromisoformat(said), tzinfo=TOKYO)


def _minutes(duration):
    return parse_duration(duration).seconds // 60
