"""`manage prepare`: everything between an empty database and the first page. Run by `./machi up`."""

import io

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from machi.engines.definitions import public as definitions
from machi.house.progress import step


class Command(BaseCommand):
    """Migrate, load the city and (in development) its sample people, collect the static files."""

    help = "Bring tables, city and static files up to date with the files of the program."
    requires_system_checks = ()

    def handle(self, **_options):
        """Each part is a command of its own that can be run alone as well."""
        with step("tables"):
            _quietly("migrate", interactive=False)
        with step("city"):
            complaints = _load_city()
        if complaints:
            self.stdout.write(complaints)
        if settings.DEVELOPMENT and (settings.CITY / "demo").is_dir():
            with step("sample people"):
                _quietly("demo_people")
                _quietly("demo_books")
        with step("static files"):
            _quietly("collectstatic", interactive=False, ignore_patterns=["*.ts"])


def _load_city():
    """Load the city. Returns what is wrong with its definitions; a faulty one stops nothing, its old version
    stands. Raises CommandError when there is no city at all.
    """
    complaints = io.StringIO()
    try:
        call_command("load_city", str(settings.CITY), stdout=io.StringIO(), stderr=complaints)
    except CommandError as fault:
        complaints.write(f"{fault}\n")
    if not definitions.city():
        raise CommandError(f"No city could be loaded from {settings.CITY}.\n{complaints.getvalue()}")
    return complaints.getvalue()


def _quietly(command, **options):
    call_command(command, verbosity=0, stdout=io.StringIO(), **options)
