"""`manage load_terms FILE`: the terms of work of staff from a CSV file (mail, employment, hired_on …)."""

import csv
from datetime import date, time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from machi.engines.attendance.actions import set_terms
from machi.engines.attendance.define import EMPLOYMENTS
from machi.engines.attendance.jobs import open_months
from machi.engines.attendance.leave import grant
from machi.engines.audit.define import SYSTEM
from machi.engines.people.public import Account
from machi.ground.calendar import fiscal_year, today


class Command(BaseCommand):
    """Set the terms of work that a file tells. Safe to repeat."""

    help = "Set terms of work from a CSV file; with --grant, open this year's leave as well (safe to repeat)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--grant", action="store_true")

    def handle(self, *, file, grant: bool, **_options):
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
        for number, row in enumerate(rows, 2):
            try:
                self._set(row)
            except (KeyError, ValueError, Account.DoesNotExist) as fault:
                raise CommandError(f"{file}:{number}: {fault!r}") from fault
        open_months()
        if grant:
            grant_leave()
        self.stdout.write(f"{len(rows)} terms of work")

    def _set(self, row):
        if row["employment"] not in EMPLOYMENTS:
            raise ValueError(row["employment"])
        set_terms(
            person=Account.objects.get(email=row["mail"]).person,
            from_day=date.fromisoformat(row["from_day"]),
            employment=row["employment"],
            hired_on=date.fromisoformat(row["hired_on"]),
            weekly_days=int(row["weekly_days"]),
            day_minutes=int(row["day_minutes"]),
            starts=time.fromisoformat(row["starts"]),
            ends=time.fromisoformat(row["ends"]),
            rest_minutes=int(row["rest_minutes"]),
            actor=SYSTEM,
        )


def grant_leave():
    """Open the leave of the fiscal year, by the terms that count today."""
    grant(year=fiscal_year(today()), day=today(), actor=SYSTEM)
