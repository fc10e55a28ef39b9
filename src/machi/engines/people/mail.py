"""Mails about accounts themselves: check this address, set a new password, something was changed.

They are handed to the outbox in the transaction that wants them. The text, which may hold a secret link, lies
in a row of ours that is deleted once it is sent; the effect knows the row's id only. A copy is harmless.
"""

import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from machi.engines.effects.define import Done, Fatal, Port, Retry
from machi.engines.effects.public import enqueue
from machi.engines.people.models import AccountMail
from machi.ground.calendar import now

REFUSED_FOR_GOOD = 500
USELESS_AFTER = timedelta(days=3)  # as long as the links in it work


@transaction.atomic
def post_mail(*, to, subject, body):
    """Have a mail sent after this transaction commits. Returns the AccountMail."""
    mail = AccountMail.objects.create(to=to, subject=subject, body=body)
    enqueue(port="account_mail", key=f"account-mail:{mail.pk}", payload={"mail": str(mail.pk)})
    return mail


def send(effect):
    """Send one AccountMail and delete it. Repeating does nothing once it is gone."""
    mail = AccountMail.objects.filter(pk=effect.payload["mail"]).first()
    if mail is None:
        return Done()
    if now() - mail.created_at > USELESS_AFTER:
        mail.delete()
        return Fatal(reason="too old: the link in it has run out")
    try:
        _message(mail).send()
    except smtplib.SMTPRecipientsRefused as fault:
        for_good = all(code >= REFUSED_FOR_GOOD for code, _words in fault.recipients.values())
        return Fatal(reason="address refused") if for_good else Retry(reason="address refused for now")
    except (OSError, smtplib.SMTPException) as fault:
        return Retry(reason=type(fault).__name__)
    mail.delete()
    return Done()


def _message(mail):
    host = urlsplit(settings.PUBLIC_URL).hostname
    headers = {"Message-ID": f"<account-{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers)


PORT = Port(name="account_mail", execute=send, max_attempts=60)
