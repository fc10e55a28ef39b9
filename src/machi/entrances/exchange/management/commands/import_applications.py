"""`manage import_applications FILE --as EMAIL [--go]`: every application's fate; with `--go`, cases of those ready."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from machi.engines.people.public import actor_for, can_anywhere
from machi.entrances.exchange.actions import bring_applications, fates, file_applications
from machi.entrances.exchange.intake.reading import IntakeRefused

STATES = {
    "ready": "取り込める", "now": "取り込んだ", "filed": "取り込み済み", "faulty": "直すところがある",
    "unknown": "読み方がわからない", "others": "ほかの課が取り込む",
}  # fmt: skip


class Command(BaseCommand):
    help = "Read a file of applications that another system took. Without --go nothing becomes a case."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="the member of staff")
        parser.add_argument("--go", action="store_true", help="make cases of those that are ready")

    def handle(self, *, file, email, go, **options):
        actor = self._actor(email)
        try:
            came = bring_applications(data=file.read_bytes(), name=file.name, actor=actor)
        except OSError:
            message = f"「{file}」を読めません。"
            raise CommandError(message) from None
        except IntakeRefused as refused:
            raise CommandError(str(refused)) from None
        for fate in file_applications(came=came, actor=actor) if go else fates(came):
            self.stdout.write(f"{STATES[fate.state]}: {fate.reference}（{fate.application.place}）")
            self.stdout.writelines(f"  {note}\n" for note in fate.notes)

    @staticmethod
    def _actor(email):
        account = get_user_model().objects.filter(email=email, is_active=True, is_staff=True).first()
        actor = actor_for(account) if account else None
        if actor is None or not can_anywhere(actor, "procedures.handle"):
            message = "案件を扱える職員のメールアドレスを --as で示してください。"
            raise CommandError(message)
        return actor
