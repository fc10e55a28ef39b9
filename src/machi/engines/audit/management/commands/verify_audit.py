"""manage verify_audit: check that no event was changed, moved or removed since it was written."""

from django.core.management.base import BaseCommand, CommandError

from machi.engines.audit.public import verify_all


class Command(BaseCommand):
    help = "Check every chain of events. Ends with an error and one line for each fault."

    def handle(self, **options):
        faults = verify_all()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            message = f"{len(faults)} faults: compare the database with the last backup that verifies."
            raise CommandError(message)
        self.stdout.write("All chains are sound.")
