"""`manage demo_people [file]`: sample people to try things out as (development only)."""

from pathlib import Path

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from machi.engines.people.demo import DemoPeople, NotInDevelopment, load_demo_people


class Command(BaseCommand):
    """Make the sample people of a city. Safe to repeat."""

    help = "Make the sample people of the city (development only; safe to repeat)."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=settings.CITY / "demo" / "people.yaml", type=Path)

    def handle(self, *, file, **_options):
        try:
            people = DemoPeople.model_validate(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)).people
            made, waiting = load_demo_people(people)
        except NotInDevelopment:
            raise CommandError("Sample people are for development only (MACHI_MODE=development).") from None
        except (OSError, yaml.YAMLError, ValidationError) as fault:
            raise CommandError(f"{file}: {fault}") from fault
        self.stdout.write(f"{made} new sample people, {len(people)} in {file.name}")
        for person in waiting:
            self.stderr.write(
                f"{person.mail} waits for {', '.join(person.posts)}: have the organisation published "
                "at /desk/definitions/, then run ./machi manage demo_people."
            )
