"""`manage export_package CODE [--to FILE]`: what is in force, and all it uses, as one signed file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from machi.engines.packages.public import PackageRefused, export


class Command(BaseCommand):
    help = "Write a signed package of a procedure (CODE), or of another definition (KIND/CODE)."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("--to", type=Path, default=None, metavar="FILE", help="default: CODE.machi.zip, here")
        parser.add_argument("--licence", default=settings.PACKAGE_LICENCE)

    def handle(self, *, code, to, licence, **options):
        kind, slash, name = code.partition("/")
        try:
            file, data = export(kind, name, licence) if slash else export("procedure", code, licence)
        except PackageRefused as refused:
            raise CommandError(str(refused)) from None
        path = to or Path(file)
        path.write_bytes(data)
        self.stdout.write(f"{path} を書きました（{len(data)} バイト）。")
