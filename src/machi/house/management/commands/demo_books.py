"""`manage demo_books`: sample accounts of the books (demo/<code>.csv) and terms of work (development only)."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from machi.engines.definitions.public import current
from machi.engines.ledger.public import has_accounts


class Command(BaseCommand):
    """Fill the books that have no accounts yet with samples. Safe to repeat."""

    help = "Fill the books of the city with samples (development only; leaves books with accounts alone)."

    def handle(self, **_options):
        if not settings.DEVELOPMENT:
            raise CommandError("Sample accounts are for development only (MACHI_MODE=development).")
        for file in sorted((settings.CITY / "demo").glob("*.csv")):
            if current("book", file.stem) and not has_accounts(file.stem):
                call_command("load_book", file.stem, file, enter=True, sample=True, stdout=self.stdout)
        terms = settings.CITY / "demo" / "terms_of_work.csv"
        if terms.exists():
            call_command("load_terms", terms, grant=True, stdout=self.stdout)
