"""manage diff CODE: what the draft of a definition changes, in words."""

from django.core.management.base import BaseCommand, CommandError

from machi.engines.definitions.public import current, difference, drafts, versions


class Command(BaseCommand):
    help = "Show in words what a draft changes; without a draft, what the newest version changed."

    def add_arguments(self, parser):
        parser.add_argument("code", nargs="?", help="CODE or KIND/CODE (default: all drafts)")

    def handle(self, *, code, **options):
        found = [draft for draft in drafts() if code in (None, draft.code, f"{draft.kind}/{draft.code}")]
        for draft in found:
            self._say(draft, difference(current(draft.kind, draft.code), draft))
        if found:
            return
        kind, slash, name = (code or "").partition("/")
        newest = versions(kind, name)[:1] if slash else []
        if not newest:
            message = "下書きはありません。公開された版の変更は「種類/コード」で見られます。"
            raise CommandError(message)
        self._say(newest[0], newest[0].difference)

    def _say(self, version, lines):
        self.stdout.write(
            f"{version.kind}/{version.code} 第{version.number}版（{version.get_status_display()}）"
        )
        for line in lines:
            self.stdout.write(f"  {line}")
