"""`manage demo [file]`: about 300 sample cases in all states (development only)."""

from pathlib import Path

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from machi.house.demo.actions import NotInDevelopment, make_cases
from machi.house.demo.define import read_cases
from machi.house.up import SAMPLES_WANTED


class Command(BaseCommand):
    """Make the sample cases of a city; go on where an earlier run was stopped. Does nothing when all are made."""

    help = "Make the sample cases of the city (development only; does nothing when there are some already)."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=settings.CITY / "demo" / "cases.yaml", type=Path)

    def handle(self, *, file, **_options):
        wanted = settings.DATA / SAMPLES_WANTED
        try:
            made = make_cases(read_cases(file), go_on=wanted.exists())
        except NotInDevelopment:
            raise CommandError("Sample cases are for development only (MACHI_MODE=development).") from None
        except (OSError, yaml.YAMLError, ValidationError) as fault:
            raise CommandError(f"{file}: {fault}") from fault
        wanted.unlink(missing_ok=True)
        self.stdout.write(f"{made} new sample cases" if made else "there are sample cases already")
