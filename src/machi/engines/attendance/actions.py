"""Coming and going, marking days, terms of work, and leave for a year."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.engines.audit.public import record
from machi.engines.people import public as people
from machi.ground.calendar import now, today

from .models import Clock, Mark, Terms
from .rules import next_kind


class ClockRefused(Exception):
    """The clock cannot be pressed like this; the sentence says why and what to do."""


@transaction.atomic
def clock(*, kind, actor):
    """The actor comes ("in") or goes ("out") now, by the server's clock. Returns the Clock.

    Pressed twice within a minute it is once. Raises ClockRefused where it is the other's turn.
    """
    person = _person(actor)
    _one_at_a_time(person)
    pressed = list(Clock.objects.filter(person=person, day=today()).order_by("at", "id"))
    last = pressed[-1] if pressed else None
    if last and last.kind == kind and (now() - last.at).total_seconds() < 60:
        return last
    if next_kind([one.kind for one in pressed]) != kind:
        late = _("まだ出勤していません。打刻を忘れたときは、打刻の訂正を申請してください。")
        raise ClockRefused(_("もう出勤しています。") if kind == "in" else late)
    made = Clock.objects.create(person=person, day=today(), kind=kind, by=actor.key)
    _note(person, f"clocked_{kind}", actor)
    return made


@transaction.atomic
def mark(*, person, kind, days, title, source, actor, times=(None, None)):
    """Mark days of somebody, from the first of `days` to the last, whole or from the first of `times` to the last.

    For the same source and kind again, the first mark.
    """
    (first, last), (starts, ends) = days, times
    made, new = Mark.objects.get_or_create(
        source=source, kind=kind, cancels=None,
        defaults={
            "person": person, "first": first, "last": last, "starts": starts, "ends": ends, "title": title[:200],
            "by": actor.key,
        },
    )  # fmt: skip
    if new:
        _note(person, "marked", actor, kind=kind, first=first.isoformat(), last=last.isoformat(), source=source)
    return made


@transaction.atomic
def cancel_marks(*, source, actor):
    """Take back what a source marked, and return those marks; what is taken back already stays so."""
    standing = list(Mark.objects.filter(source=source, cancels=None, cancelled_by=None).select_related("person"))
    for one in standing:
        Mark.objects.create(
            person=one.person, kind=one.kind, first=one.first, last=one.last, title=one.title, source=source,
            cancels=one, by=actor.key,
        )  # fmt: skip
        _note(one.person, "mark_cancelled", actor, kind=one.kind, source=source)
    return standing


@transaction.atomic
def set_terms(*, person, from_day, actor, **terms):
    """How somebody works from a day on; set again for the same day, the new ones count."""
    made, _new = Terms.objects.update_or_create(
        person=person, from_day=from_day, defaults={**terms, "by": actor.key}
    )
    _note(person, "terms_set", actor, from_day=from_day.isoformat())
    return made


def _person(actor):
    if actor.account is None or actor.kind != "staff":
        raise ClockRefused(_("職員として入ってから打刻してください。"))
    return people.account(actor.account).person


def _one_at_a_time(person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"attendance:{person.pk}"])


def _note(person, verb, actor, **payload):
    record(stream=f"attendance:{person.pk}", verb=f"attendance.{verb}", actor=actor, payload=payload)
