"""manage publish CODE --approver EMAIL --note WORDS: put the draft of a definition into force."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from machi.engines.audit.define import Actor
from machi.engines.definitions.public import PublishRefused, current, difference, drafts, publish


class Command(BaseCommand):
    help = "Publish the draft of a definition (CODE, or KIND/CODE when several kinds have it)."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument(
            "--approver", required=True, metavar="EMAIL", help="account of the member of staff who approves"
        )
        parser.add_argument("--note", default="", help="why this changes")

    def handle(self, *, code, approver, note, **options):
        draft = self._draft(code)
        for line in difference(current(draft.kind, draft.code), draft):
            self.stdout.write(f"  {line}")
        try:
            done = publish(version_id=draft.id, actor=self._approver(approver), note=note)
        except PublishRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{done.kind}/{done.code} の第{done.number}版を公開しました。")

    @staticmethod
    def _draft(code):
        found = [draft for draft in drafts() if code in (draft.code, f"{draft.kind}/{draft.code}")]
        if len(found) != 1:
            choices = "、".join(f"{draft.kind}/{draft.code}" for draft in found or drafts()) or "なし"
            message = f"「{code}」の下書きを一つに決められません。公開を待つ下書き: {choices}"
            raise CommandError(message)
        return found[0]

    @staticmethod
    def _approver(email):
        account = get_user_model().objects.filter(email=email, is_active=True, is_staff=True).first()
        if account is None:
            message = f"職員のアカウント「{email}」がありません。"
            raise CommandError(message)
        return Actor(kind="staff", account=account.pk, name=email)
