"""Letting programs in, and shutting them out."""

from django.db import transaction

from machi.engines.audit.define import SYSTEM
from machi.engines.audit.public import record
from machi.entrances.api.models import Program
from machi.ground.calendar import now
from machi.ground.ids import secret_token, token_digest


@transaction.atomic
def let_in(*, name, procedures=()):
    """Make a program known; returns its key, which is shown this once."""
    key = secret_token()
    program = Program.objects.create(name=name, key_digest=token_digest(key), procedures=list(procedures))
    record(stream=f"program:{program.pk}", verb="api.let_in", actor=SYSTEM, payload={"name": name})
    return key


@transaction.atomic
def shut_out(*, name):
    """Take a program's key away."""
    program = Program.objects.select_for_update().get(name=name)
    program.revoked_at = now()
    program.save(update_fields=["revoked_at"])
    record(stream=f"program:{program.pk}", verb="api.shut_out", actor=SYSTEM, payload={"name": name})


def program_of(key):
    """The program with this key, or None."""
    return Program.objects.filter(key_digest=token_digest(key), revoked_at=None).first() if key else None
