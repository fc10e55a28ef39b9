"""Entering that somebody is away, and taking it back."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from machi.engines.audit.public import record
from machi.engines.people.models import Absence
from machi.ground.calendar import now, today


class AbsenceRefused(Exception):
    """The absence cannot be entered; the sentence says why and what to do."""


def enter_absence(*, person, kind, first, last, actor):
    """Enter that `person` is away from the day `first` to the day `last`. Returns the Absence.

    Raises AbsenceRefused where the days are wrong, or an absence is entered for one of them already.
    """
    if last < first:
        raise AbsenceRefused(_("終わりの日は、初めの日と同じか後の日にしてください。"))
    if last < today():
        raise AbsenceRefused(_("もう過ぎた日です。今日か後の日を入れてください。"))
    during = DateRange(first, last + timedelta(days=1))
    try:
        with transaction.atomic():
            entered = Absence.objects.create(
                person=person, kind=kind, during=during, by=actor.key, by_name=actor.name
            )
            _record(entered, "people.absence_entered", actor)
    except IntegrityError as error:
        raise AbsenceRefused(_("その期間には、もう不在の登録があります。先にそれを取り消してください。")) from error
    return entered


@transaction.atomic
def take_back_absence(*, absence_id, actor):
    """The absence does not happen, or ends today: from now on the person is there."""
    found = Absence.objects.select_for_update().get(pk=absence_id)
    if found.taken_back_at is None:
        found.taken_back_at = now()
        found.save(update_fields=["taken_back_at"])
        _record(found, "people.absence_taken_back", actor)
    return found


def _record(absence, verb, actor):
    record(
        stream=f"absences:{absence.person_id}",
        verb=verb,
        actor=actor,
        payload={"absence": str(absence.id), "from": absence.during.lower.isoformat()},
    )
