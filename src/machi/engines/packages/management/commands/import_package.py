"""`manage import_package FILE`: look at a package; with `--as EMAIL`, take it in as drafts and manuscripts."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from machi.engines.packages.public import PackageRefused, land, receive, report_of, write_files
from machi.engines.people.public import actor_for, can_anywhere

STATES = {"new": "新しい", "same": "同じものがある", "different": "違うものがある"}
OUTCOMES = {"kept": "今あるまま", "manuscript": "原稿になった", "draft": "下書きになった", "refused": "取り込めない"}
SIGNERS = {"own": "この市", "known": "知っている市", "unknown": "知らない鍵"}


class Command(BaseCommand):
    help = "Show what a package holds and who signed it; take it in for a member of staff. Nothing is published."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the member of staff who takes it in")
        parser.add_argument("--replace", action="append", default=[], metavar="KIND/CODE", help="draft theirs")
        parser.add_argument("--accept-signer", action="store_true", help="the fingerprint was compared")
        parser.add_argument("--files", type=Path, metavar="FOLDER", help="write definition files there instead")
        parser.add_argument("--remember", action="store_true", help="keep the key as that city's")

    def handle(self, *, file, email, replace, accept_signer, remember, **options):
        if options["files"]:
            self._unpack(file, options["files"], accept_signer)
            return
        actor = self._actor(email)
        try:
            came = receive(data=file.read_bytes(), name=file.name, actor=actor)
            self._say(report_of(came))
            came = land(
                arrival_id=came.id, replace=set(replace), accept_signer=accept_signer, remember=remember, actor=actor
            )
        except OSError:
            message = f"「{file}」を読めません。"
            raise CommandError(message) from None
        except PackageRefused as refused:
            raise CommandError(str(refused)) from None
        for reference, outcome, words in came.landed:
            self.stdout.write(f"{OUTCOMES[outcome]}: {reference} {words}".rstrip())

    def _unpack(self, file, folder, accept_signer):
        try:
            written = write_files(file.read_bytes(), folder, accept_signer=accept_signer)
        except OSError as error:
            message = f"「{error.filename}」を読み書きできません。"
            raise CommandError(message) from None
        except PackageRefused as refused:
            raise CommandError(str(refused)) from None
        for name in written:
            self.stdout.write(f"書きました: {folder / name}")

    def _say(self, report):
        said, signer = report.manifest, report.signer
        self.stdout.write(f"{said.title}（{said.about}、{said.origin.name}、{said.licence}）")
        self.stdout.write(f"署名: {SIGNERS[signer.state]} {signer.name} 指紋 {signer.fingerprint}")
        for item in report.items:
            self.stdout.write(f"  {STATES[item.state]}: {item.reference}")
            self.stdout.writelines(f"    {line}\n" for line in [*item.changes, *map(str, item.errors)])
        for unit in report.missing_units:
            self.stdout.write(f"  この市にない課: {unit}")

    @staticmethod
    def _actor(email):
        account = get_user_model().objects.filter(email=email, is_active=True, is_staff=True).first()
        actor = actor_for(account) if account else None
        if actor is None or not can_anywhere(actor, "definitions.draft"):
            message = "だれが取り込むかを --as で示してください（定義を書ける職員のメールアドレス）。"
            raise CommandError(message)
        return actor
