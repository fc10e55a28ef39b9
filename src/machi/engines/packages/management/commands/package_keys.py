"""`manage package_keys`: our own key and those we know; `--know CITY NAME KEY` and `--forget KEY` change them."""

from django.core.management.base import BaseCommand, CommandError

from machi.engines.audit.define import SYSTEM
from machi.engines.packages.public import PackageRefused, fingerprint, forget_key, know, known_keys, own_key


class Command(BaseCommand):
    help = "The keys with which cities sign packages."

    def add_arguments(self, parser):
        parser.add_argument("--know", nargs=3, metavar=("CITY", "NAME", "KEY"))
        parser.add_argument("--forget", metavar="KEY")

    def handle(self, *, forget, **options):
        if options["know"]:
            self._know(*options["know"])
        if forget and not forget_key(key=forget, actor=SYSTEM):
            message = "その鍵は知りません。"
            raise CommandError(message)
        self.stdout.write(f"この市の鍵: {own_key()}（指紋 {fingerprint(own_key())}）")
        for one in known_keys():
            self.stdout.write(f"{one.name}（{one.city}）: {one.key}（指紋 {fingerprint(one.key)}）")

    @staticmethod
    def _know(city, name, key):
        try:
            know(key=key, city=city, name=name, actor=SYSTEM)
        except PackageRefused as refused:
            raise CommandError(str(refused)) from None
