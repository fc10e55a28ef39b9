"""The mail channel: one message per delivery, sent at most once.

Policy. A mail server cannot be asked whether it has a message. So what was not handed over is tried again
for days; what may have been handed over is *unknown*, shown to staff, and sent again only when a person
orders it. Better a letter asked about than a letter twice.
"""

import smtplib
from contextlib import suppress
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction

from machi.engines.effects.define import Done, Fatal, Port, Retry, Unknown
from machi.ground.calendar import now

from .message import build, message_id
from .models import Delivery, DeliveryState

REFUSED_FOR_GOOD = 500
FAILURES = (OSError, smtplib.SMTPException)
BY_EFFECT = {
    "pending": DeliveryState.CREATED,
    "retry": DeliveryState.CREATED,
    "done": DeliveryState.SENT,
    "dead": DeliveryState.FAILED,
    "unknown": DeliveryState.UNKNOWN,
}


def send(effect):
    """Send the delivery of an effect. An outcome, whose reason never holds an address."""
    delivery = _take(effect.payload["delivery"])
    if delivery.state == DeliveryState.SENT:
        return Done(ref=message_id(delivery))
    if delivery.state != DeliveryState.SENDING:
        return Unknown("an earlier attempt has no known end")
    message, connection = build(delivery), get_connection()
    try:
        connection.open()
    except FAILURES as error:
        return Retry(reason=_kind(error))
    try:
        connection.send_messages([message])
    except FAILURES as error:
        return _outcome(error, connection)
    finally:
        _close(connection)
    return Done(ref=message_id(delivery))


def _close(connection):
    """Closing cannot change what was sent."""
    with suppress(*FAILURES):
        connection.close()


@transaction.atomic
def _take(delivery_id):
    """The delivery, marked as sending if it was waiting to be sent; one found sending is unknown."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("notice").get(id=delivery_id)
    if delivery.state == DeliveryState.CREATED:
        delivery.state = DeliveryState.SENDING
        delivery.save(update_fields=["state"])
    elif delivery.state == DeliveryState.SENDING:
        delivery.state = DeliveryState.UNKNOWN
    return delivery


def _outcome(error, connection):
    """What an error during sending means: refused (for now, for good), not begun, or nobody knows."""
    codes = _codes(error)
    if codes:
        return (Fatal if min(codes) >= REFUSED_FOR_GOOD else Retry)(reason=_kind(error))
    handed_over = getattr(getattr(connection, "connection", None), "handed_over", True)
    return Unknown(_kind(error)) if handed_over else Retry(reason=_kind(error))


def _codes(error):
    """The server's own reply codes in `error`; none where it gave no answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return (
        [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0 else []
    )


def _kind(error):
    """An error without its words: servers repeat addresses in them."""
    codes = _codes(error)
    return f"{type(error).__name__} {codes[0]}" if codes else type(error).__name__


def ask(_effect):
    """A mail server cannot be asked: leave it to a person."""
    return Unknown("it may have been sent; a mail server cannot be asked")


def follow(effect):
    """Keep the delivery in step with its effect, in the same transaction."""
    delivery = Delivery.objects.select_for_update().filter(id=effect.payload["delivery"]).first()
    if delivery is None:
        return
    delivery.state, delivery.error = BY_EFFECT[effect.state], effect.error
    if delivery.state == DeliveryState.SENT:
        delivery.sent_at = now()
    delivery.save()


MAIL = Port("mail", send, ask, max_attempts=100, lease=timedelta(minutes=2), changed=follow)
