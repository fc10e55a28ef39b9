"""`manage invite MAIL [--name NAME --post CODE]`: the address at which somebody makes a first passkey."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.urls import reverse

from machi.engines.audit.define import Actor
from machi.engines.people.actions import appoint, invite, open_staff_account
from machi.engines.people.models import Account, Post
from machi.ground.calendar import today

OPERATOR = Actor(kind="system", name="operator")


class Command(BaseCommand):
    """Print a one-time address, good for 24 hours. Ends the passkeys and sessions that the account has."""

    help = "Print the one-time address at which a member of staff makes the first passkey (or a new one)."

    def add_arguments(self, parser):
        parser.add_argument("mail")
        parser.add_argument("--name", default="", help="open the account for this person if there is none")
        parser.add_argument("--kana", default="")
        parser.add_argument(
            "--post", default="", help="appoint to this post from today on, say digital.administrator"
        )

    @transaction.atomic
    def handle(self, *, mail, name, kana, post, **_options):
        account = Account.objects.filter(email__iexact=mail).first()
        if account is None and name:
            account = open_staff_account(email=mail, name=name, kana=kana, actor=OPERATOR)
        if account is None or not account.is_staff:
            raise CommandError("There is no staff account with this mail address. Give --name to open one.")
        if post:
            self._appoint(account, post)
        token = invite(account=account, actor=OPERATOR)
        self.stdout.write(settings.PUBLIC_URL + reverse("people:enrol", args=[token]))

    def _appoint(self, account, post):
        if not Post.objects.filter(pk=post, closed_on=None).exists():
            raise CommandError(f"There is no post {post}.")
        try:
            appoint(person=account.person, post=post, since=today(), actor=OPERATOR)
        except IntegrityError:
            raise CommandError("The person holds this post, or another main post, already.") from None
