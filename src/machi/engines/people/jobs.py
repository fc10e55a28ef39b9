"""What is cleaned up every night."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings

from machi.engines.effects.define import Job
from machi.engines.people.mail import USELESS_AFTER
from machi.engines.people.models import AccountMail
from machi.ground.calendar import now


def clean_up():
    """Delete sessions that have run out, and mails that could not be sent while their links worked."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    AccountMail.objects.filter(created_at__lt=now() - USELESS_AFTER).delete()


CLEAN_UP = Job(name="people.clean_up", every=timedelta(days=1), run=clean_up)
