"""manage rebase: which overlays stand on a base that changed; `--write` and `--keep FILE` record what was decided."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from machi.engines.definitions.public import footings, write_locks

STATES = {"new": "まだ記録がない", "same": "変わりなし", "follows": "もとの変更に従う", "conflict": "決めることがある"}


class Command(BaseCommand):
    help = "Compare overlays with the base they were written on: conflicts in words, with all three values."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=None, help="the city's folder")
        parser.add_argument("--write", action="store_true", help="record all that have no conflict")
        parser.add_argument("--keep", action="append", default=[], metavar="FILE", help="the city's values stay")

    def handle(self, *, folder, write, keep, **options):
        found = footings([settings.PACKAGES / "municipality", folder or settings.CITY])
        if unknown := set(keep) - {one.name for one in found}:
            message = f"「{min(unknown)}」という上書きはありません。市のフォルダからの名前で書いてください。"
            raise CommandError(message)
        for one in found:
            self.stdout.write(f"{STATES[one.state]}: {one.name}（{one.title}）")
            self.stdout.writelines(f"  {each.message}\n  直し方: {each.mend}\n" for each in one.conflicts)
        if write or keep:
            self._record(found, keep)
        elif any(one.state == "conflict" for one in found):
            message = "決めるまで、その定義は公開中の版のまま使われます。"
            raise CommandError(message)

    def _record(self, found, keep):
        try:
            written = write_locks(found, keep)
        except ValueError as lost:
            message = f"「{lost}」には、もとからなくなった場所があります。上書きからその行を消してください。"
            raise CommandError(message) from None
        for name in written:
            self.stdout.write(f"記録しました: {name}")
