"""`manage load_people`: bring units, posts, roles and grants in line with the published organisation."""

from django.core.management.base import BaseCommand, CommandError

from machi.engines.definitions.public import current_all
from machi.engines.people.organisation import apply_organisation


class Command(BaseCommand):
    """Publishing does this by itself; this repeats it, say after a restore."""

    help = "Bring units, posts, roles and grants in line with the published organisation."

    def handle(self, **_options):
        found = current_all("organisation")
        if len(found) != 1:
            raise CommandError(
                f"{len(found)} organisations are published; one is needed. Run `manage load_city`."
            )
        changed = apply_organisation(bundle=found[0].bundle)
        self.stdout.write(", ".join(f"{key}: {count}" for key, count in changed.items()))
