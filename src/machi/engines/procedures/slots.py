"""Days an applicant may choose: a pool of the definition, the resource of their answers, and what is still free."""

from datetime import timedelta

from machi.engines.bookings import public as bookings
from machi.engines.definitions.public import office_days
from machi.engines.procedures import scope
from machi.engines.procedures.rules import Refused
from machi.ground.calendar import Calendar, parse_duration, today

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def free_days(version, sheet, pool_key):
    """The days with room in the pool for these answers: a list of `bookings.Free`, or [] while answers are missing."""
    pool = version.bundle["pools"][pool_key]
    resource, weight = _asked(version, sheet, pool)
    if not resource:
        return []
    first, last = window(pool)
    _prepare(version, pool_key, pool, resource, first, last)
    return bookings.free(
        pool_code=_code(version, pool_key), resource=resource, weight=weight, first=first, last=last
    )


def hold_day(version, sheet, pool_key, *, slot_id, owner):
    """Hold a place for `owner` until they have sent the application. Raises `Refused` when it has just been taken."""
    pool = version.bundle["pools"][pool_key]
    _resource, weight = _asked(version, sheet, pool)
    try:
        return bookings.hold(
            slot_id=slot_id, weight=weight, owner=owner, minutes=parse_duration(pool["hold"]).seconds // 60
        )
    except bookings.SlotFull as full:
        raise Refused(str(full)) from full


def hold_chosen(version, sheet, *, owner):
    """Hold every day chosen in the answers. Raises `Refused`, naming the field, when one has just been taken."""
    for question in scope.form_of(version).fields:
        chosen = sheet.stored().get(question.key)
        if question.field.type == "slot" and chosen:
            try:
                hold_day(version, sheet, question.field.pool, slot_id=chosen["id"], owner=owner)
            except Refused as full:
                raise Refused(full.message, {question.key: full.message}) from full


def window(pool):
    """The first and the last day that can be chosen now."""
    return tuple(parse_duration(pool["open"][end]).after(today()) for end in ("from", "to"))


def _asked(version, sheet, pool):
    resource = scope.evaluate_with(version, pool["resource"], sheet.values)
    weight = scope.evaluate_with(version, pool["weight"], sheet.values) if pool.get("weight") else 1
    return resource, int(weight or 1)


def _code(version, pool_key):
    return f"{version.code}.{pool_key}"


def _prepare(version, pool_key, pool, resource, first, last):
    """Make sure that the days of the window exist as slots (idempotent)."""
    row = next(
        row
        for row in version.bundle["form"]["tables"][pool["resources"]]["options"]
        if row["key"] == resource
    )
    weekdays = {WEEKDAYS.index(day) for day in row["weekdays"].split()}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    calendar = office_days(version.bundle["used"][pool["calendar"]]) if pool["calendar"] else Calendar()
    wanted = [day for day in days if day.weekday() in weekdays and calendar.is_open(day)]
    bookings.ensure_slots(
        pool_code=_code(version, pool_key), resource=resource, days=wanted, capacity=int(row["capacity"])
    )
