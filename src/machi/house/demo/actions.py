"""Making the sample cases of a city."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max

from machi.engines.procedures.public import Case
from machi.ground.calendar import now, today
from machi.house.demo.bulky import cast_bulky
from machi.house.demo.cast import Cast
from machi.house.demo.certificates import cast_certificates
from machi.house.demo.drafts import cast_drafts
from machi.house.demo.papers import cast_papers
from machi.house.demo.stage import Stage
from machi.house.demo.voices import cast_voices

CASTING = {
    "voice.citizen_voice": cast_voices,
    "waste.bulky_pickup": cast_bulky,
    "residents.residence_certificate": cast_certificates,
    "office.draft": cast_drafts,
    "filing": cast_papers,
}


class NotInDevelopment(Exception):
    """Sample cases were asked for on an installation that serves real people."""


def make_cases(script, *, go_on=False):
    """Make the cases of `script` (define.DemoCases) unless there are sample cases; returns how many it made.

    go_on: an earlier run was stopped on its way through time; what would have begun later is made now, what had
    begun stays where it is.

    What happens is the same every time (the dice are seeded); ids and receipt numbers are not. Raises
    NotInDevelopment.
    """
    if not settings.DEVELOPMENT:
        raise NotInDevelopment
    before = Case.objects.filter(sample=True).count()
    if before and not go_on:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")  # sample cases need not survive a power cut
    stage = Stage(script, Cast(script.neighbours), today())
    reached, latest = _reached(), now() - timedelta(minutes=1)
    for code, courses in script.courses.items():
        for moment, course in CASTING[code](stage, courses):
            begins = min(moment, latest - timedelta(minutes=stage.dice.randint(1, 90)))
            if reached is None or begins > reached:
                stage.enter(course, begins)
    stage.play(until=latest)
    return Case.objects.filter(sample=True).count() - before


def _reached():
    """When the latest sample case began; None where there is none."""
    return Case.objects.filter(sample=True).aggregate(latest=Max("submitted_at"))["latest"]
