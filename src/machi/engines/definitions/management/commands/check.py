"""manage check [folder]: check the definitions of packages and city (and Django's own settings first)."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.checks import Error
from django.core.checks import run_checks as run_django_checks
from django.core.management.base import CommandError
from django.core.management.commands.check import Command as DjangoCheck

from machi.engines.definitions.public import check


class Command(DjangoCheck):
    """Checks definitions; with Django's own arguments (an app label, --deploy, --tag …) Django's check."""

    help = "Check all definition files: each fault with file, line, field and how to mend it."

    def handle(self, *labels, **options):
        folders = [label for label in labels if Path(label).is_dir() or "/" in label]
        django_only = options["deploy"] or options["tags"] or options["list_tags"] or options["databases"]
        if django_only or len(folders) != len(labels):
            super().handle(*labels, **options)
            return
        if any(isinstance(found, Error) for found in run_django_checks()):
            super().handle(**options)
        self._definitions([Path(folder) for folder in folders] or [settings.CITY], options["verbosity"])

    def _definitions(self, folders, verbosity):
        faults = check([settings.PACKAGES / "municipality", *folders])
        errors = [fault for fault in faults if fault.level == "error"]
        warnings = [fault for fault in faults if fault.level == "warning"]
        self._warn(warnings, verbosity)
        for fault in errors:
            self.stdout.write(self.style.ERROR(str(fault)) + "\n")
        if errors:
            message = f"{len(errors)} 件の誤りがあります。直すまで、公開中の版がそのまま使われます。"
            raise CommandError(message)
        self.stdout.write(f"誤りはありません（注意 {len(warnings)} 件）。")

    def _warn(self, warnings, verbosity):
        """Warnings in full when asked for (-v 2), else how many there are in each file."""
        if verbosity > 1:
            self.stdout.writelines(self.style.WARNING(str(fault)) + "\n" for fault in warnings)
            return
        for file, count in Counter(fault.file for fault in warnings).items():
            self.stdout.write(self.style.WARNING(f"{file}  注意 {count} 件（-v 2 で一つずつ表示します）"))
