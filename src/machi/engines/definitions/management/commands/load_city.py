"""manage load_city [folder]: bring the definitions of the packages and a city into the database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import load


class Command(BaseCommand):
    help = "Load the definitions of packages and city: what is new is published, what changed is drafted."

    def add_arguments(self, parser):
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=None,
            help="the city's folder (default: the installation's)",
        )

    def handle(self, *, folder, verbosity, **options):
        report = load(folders=[settings.PACKAGES / "municipality", folder or settings.CITY], actor=SYSTEM)
        for fault in report.errors if verbosity < 2 else report.faults:
            self.stderr.write(f"{fault}\n")
        for words, references in self._outcomes(report):
            for reference in references:
                self.stdout.write(f"{words}: {reference}")
        self.stdout.write(f"変わらないもの: {len(report.unchanged)} 件")
        if report.errors:
            message = f"{len(report.errors)} 件の誤りがあります。その定義は、公開中の版のまま使われます。"
            raise CommandError(message)

    @staticmethod
    def _outcomes(report):
        yield "新しく公開", report.new
        yield "下書き（公開を待つ）", report.changed
        yield "作り直し", report.renewed
        yield "見送り（使う定義か上書きに誤り）", report.held
        yield "ファイルにない（公開中のまま）", report.missing
