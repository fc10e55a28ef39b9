"""`manage map`: write docs/map.md anew."""

from django.core.management import BaseCommand

from machi.house.map import MAP, draw


class Command(BaseCommand):
    help = "Write docs/map.md from the docstrings."
    requires_system_checks = ()

    def handle(self, **_options):
        """Write the file."""
        MAP.write_text(draw(), encoding="utf-8")
