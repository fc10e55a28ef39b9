"""Days an applicant may choose: a pool of the definition, the resource of their answers, and what is still
free.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from machi.engines.bookings import public as bookings
from machi.engines.definitions.public import office_days
from machi.engines.procedures import scope
from machi.engines.procedures.hours import confirm_hours_chosen, hold_hours_chosen
from machi.engines.procedures.rules import Refused
from machi.ground.calendar import Calendar, parse_duration, today
from machi.ground.expr import names, parse

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def free_days(version, sheet, pool_key, *, owner=""):
    """The days with room in the pool for these answers: a list of `bookings.Free`, or [] while answers are
    missing.

    The place that `owner` holds itself counts as free.
    """
    pool = version.bundle["pools"][pool_key]
    resource, weight = _asked(version, sheet, pool)
    first, last = window(version.bundle, pool)
    if not _prepare(version, pool_key, resource, first, last):
        return []
    return bookings.free(
        pool_code=_code(version, pool_key),
        resource=resource,
        weight=weight,
        first=first,
        last=last,
        owner=owner,
    )


def deciding(version, keys):
    """The fields on which the days of the slot fields among `keys` rest: another answer there brings other days."""
    fields = {field["key"]: field for field in version.bundle["form"]["fields"]}
    pools = {fields[key]["pool"] for key in keys if fields.get(key, {}).get("type") == "slot"}
    said = [version.bundle["pools"][pool][name] for pool in pools for name in ("resource", "weight")]
    return frozenset().union(*(names(parse(text)) for text in said if text))


def hold_chosen(version, sheet, *, owner, only=None):
    """Hold every day and hour chosen in the answers (or in the fields `only`) until the application has been sent.

    Raises `Refused`, naming the field, when the day has just been taken, or cannot be chosen with these
    answers.
    """
    for question in scope.form_of(version).fields:
        chosen = sheet.values.get(question.key)
        if not chosen or (only is not None and question.key not in only):
            continue
        if question.field.type == "slot":
            _hold_day(version, sheet, question, chosen, owner)
        elif question.field.type == "hours":
            hold_hours_chosen(version, question, chosen, owner)


def _hold_day(version, sheet, question, chosen, owner):
    pool_key = question.field.pool
    pool = version.bundle["pools"][pool_key]
    offered = {str(one.slot_id): one.day for one in free_days(version, sheet, pool_key, owner=owner)}
    if offered.get(chosen["id"]) != chosen["day"]:
        message = _("選んだ日はいっぱいになりました。別の日を選んでください。")
        raise Refused(message, {question.key: message})
    _resource, weight = _asked(version, sheet, pool)
    minutes = parse_duration(pool["hold"]).seconds // 60
    try:
        bookings.hold(slot_id=chosen["id"], weight=weight, owner=owner, minutes=minutes)
    except bookings.SlotFull as full:
        raise Refused(str(full), {question.key: str(full)}) from full


def confirm_chosen(case, pool_key):
    """Make the place of a case firm; False when it was lost, its day has come, or it no longer fits the
    answers.
    """
    version, sheet = case.definition, scope.sheet_of(case)
    if version.bundle["pools"][pool_key]["mode"] == "exclusive":
        return confirm_hours_chosen(case, pool_key)
    resource, weight = _asked(version, sheet, version.bundle["pools"][pool_key])
    firm = [one for one in bookings.confirm(owner=case.owner) if one.pool == _code(version, pool_key)]
    stands = bool(firm) and all(one.slot.resource.code == resource and one.day > today() for one in firm)
    if stands and any(one.weight != weight for one in firm):
        stands = _grown(firm[0], weight)
    if firm and not stands:
        bookings.release(owner=case.owner)
    return stands


def _grown(reservation, weight):
    """Whether the same day has room for what is asked now."""
    try:
        bookings.hold(slot_id=reservation.slot_id, weight=weight, owner=reservation.owner, minutes=1)
    except bookings.SlotFull:
        return False
    return True


def window(bundle, pool):
    """The first and the last day that can be chosen now."""
    calendar = _calendar(bundle, pool)
    return tuple(parse_duration(pool["open"][end]).after(today(), calendar) for end in ("from", "to"))


def _calendar(bundle, pool):
    return office_days(bundle["used"][pool["calendar"]]) if pool["calendar"] else Calendar()


def _asked(version, sheet, pool):
    """The resource the answers lead to (None while they do not), and how many places they need."""
    resource = scope.evaluate_with(version, pool["resource"], sheet.values)
    weight = scope.evaluate_with(version, pool["weight"], sheet.values) if pool.get("weight") else 1
    return resource, int(weight or 1)


def _code(version, pool_key):
    return f"{version.code}.{pool_key}"


def _prepare(version, pool_key, resource, first, last):
    """Make sure that the days of the window exist as slots (idempotent). False when there is no such
    resource.
    """
    pool = version.bundle["pools"][pool_key]
    row = scope.form_of(version).tables[pool["resources"]].get(resource)
    if row is None:
        return False
    weekdays = {WEEKDAYS.index(day) for day in row["weekdays"].split()}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    calendar = _calendar(version.bundle, pool)
    wanted = [day for day in days if day.weekday() in weekdays and calendar.is_open(day)]
    bookings.ensure_slots(
        pool_code=_code(version, pool_key), resource=resource, days=wanted, capacity=row["capacity"]
    )
    return True
