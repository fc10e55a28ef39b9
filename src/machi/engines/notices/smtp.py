"""Django's SMTP backend with connections that know how far they got."""

import smtplib

from django.core.mail.backends.smtp import EmailBackend


class _Marking:
    """Remembers that the handing over of a message has begun; before that, nothing can have been sent."""

    handed_over = False

    def data(self, msg):
        self.handed_over = True
        return super().data(msg)


class _Smtp(_Marking, smtplib.SMTP):
    pass


class _SmtpSsl(_Marking, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """For settings.EMAIL_BACKEND."""

    @property
    def connection_class(self):
        return _SmtpSsl if self.use_ssl else _Smtp
