"""Letting programs in and shutting them out; telling them at their address, and no more."""

from django.db import transaction

from machi.engines.audit.define import SYSTEM, Actor
from machi.engines.audit.public import record
from machi.engines.effects.public import cancel
from machi.entrances.api.calling import Unreachable, check_address
from machi.entrances.api.models import Program, Webhook
from machi.ground.calendar import now
from machi.ground.ids import secret_token, token_digest

MOST_WEBHOOKS = 20  # of one program


class HookRefused(Exception):
    """A webhook that cannot be; its words say why."""


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


@transaction.atomic
def hook_in(*, program, address, events, procedures):
    """Tell `program` at `address` of `events`. Returns the Webhook; raises HookRefused."""
    try:
        check_address(address)
    except Unreachable as why:
        raise HookRefused(str(why)) from None
    Program.objects.select_for_update().get(pk=program.pk)
    mine = hooks_of(program)
    if len(mine) >= MOST_WEBHOOKS:
        raise HookRefused(f"a program has at most {MOST_WEBHOOKS} webhooks")
    if any(hook.address == address for hook in mine):
        raise HookRefused("this program is told at that address already")
    hook = Webhook.objects.create(program=program, address=address, events=events, procedures=procedures)
    _tell(program, "api.hook_in", {"webhook": str(hook.pk), "address": address, "events": events})
    return hook


@transaction.atomic
def renew_secret(*, program, webhook_id):
    """Give a webhook of `program` a new secret. Returns the Webhook, or None when there is no such."""
    hook = _mine(program, webhook_id)
    if hook:
        hook.round, hook.rotated_at = hook.round + 1, now()
        hook.save(update_fields=["round", "rotated_at"])
        _tell(program, "api.renew_secret", {"webhook": str(hook.pk), "round": hook.round})
    return hook


@transaction.atomic
def unhook(*, program, webhook_id):
    """End a webhook of `program`, and drop what was not sent. Returns whether there was such."""
    hook = _mine(program, webhook_id)
    if hook:
        hook.ended_at = now()
        hook.save(update_fields=["ended_at"])
        cancel(owner=f"webhook:{hook.pk}")
        _tell(program, "api.unhook", {"webhook": str(hook.pk)})
    return hook is not None


def hooks_of(program):
    """The webhooks of `program` that are not ended."""
    return list(Webhook.objects.filter(program=program, ended_at=None).order_by("created_at"))


def _mine(program, webhook_id):
    return Webhook.objects.select_for_update().filter(pk=webhook_id, program=program, ended_at=None).first()


def _tell(program, verb, payload):
    actor = Actor(kind="machine", name=program.name)
    record(stream=f"program:{program.pk}", verb=verb, actor=actor, payload=payload)
