"""`manage prepare`: everything between an empty database and the first page. Run by `./machi up`."""

import io

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands

from machi.house.progress import step


class Command(BaseCommand):
    """Migrate, load the city and (in development) its demo people, collect the static files."""

    help = "Bring tables, city and static files up to date with the files of the program."
    requires_system_checks = ()

    def handle(self, **_options):
        """Each part is a command of its own that can be run alone as well."""
        with step("tables"):
            _quietly("migrate", interactive=False)
        with step("city"):
            said = _quietly("load_city", str(settings.CITY))
        self._show_faults(said)
        if settings.DEVELOPMENT and "demo" in get_commands():
            with step("sample people"):
                _quietly("demo")
        with step("static files"):
            _quietly("collectstatic", interactive=False, ignore_patterns=["*.ts"])

    def _show_faults(self, said):
        """A faulty definition stops nothing (its old version stands), but whoever starts the house must see
        it.
        """
        if said.strip():
            self.stdout.write(said)


def _quietly(command, *words, **options):
    """Run a management command. Returns what it had to complain about."""
    complaints = io.StringIO()
    call_command(command, *words, verbosity=0, stdout=complaints, stderr=complaints, **options)
    return complaints.getvalue()
