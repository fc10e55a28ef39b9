"""`manage api_key NAME [--procedure CODE …]`: let a program in; `--revoke` shuts it out."""

from django.core.management.base import BaseCommand, CommandError

from machi.entrances.api.actions import let_in, shut_out
from machi.entrances.api.models import Program


class Command(BaseCommand):
    """Make or revoke the key of a program."""

    help = "Make the key with which another program may submit; it is shown once."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--procedure", action="append", default=[])
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *, name, procedure, revoke, **_options):
        if not revoke:
            self.stdout.write(let_in(name=name, procedures=procedure))
            return
        try:
            shut_out(name=name)
        except Program.DoesNotExist as error:
            message = f"No program is called {name!r}."
            raise CommandError(message) from error
