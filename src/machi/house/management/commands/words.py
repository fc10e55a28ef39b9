"""`manage words`: bring the .po files of every package in step with the sentences in the source, and compile
them.
"""

from django.core.management import BaseCommand

from machi.house.words import SOURCE, compile_words, keep_in_step, packages


class Command(BaseCommand):
    help = "Bring the translation files in step with the source."
    requires_system_checks = ()

    def handle(self, **_options):
        """Say for each package how many sentences wait for a translation (counted once per language)."""
        for package in packages():
            missing = keep_in_step(package)
            if missing:
                self.stdout.write(f"{package.relative_to(SOURCE)}: {missing} translations missing")
        compile_words()
