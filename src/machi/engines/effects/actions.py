"""What people and other engines do with effects."""

from contextvars import ContextVar

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from machi.engines.audit.public import record as audit

from .define import ports
from .models import Effect, State

CHANNEL = "machi_effects"
OPEN = (State.PENDING, State.RETRY)
STUCK = (State.UNKNOWN, State.DEAD)
in_hand = ContextVar("in_hand", default=None)  # the local effect being executed here


@transaction.atomic
def enqueue(*, port, key, payload, owner="", due_at=None):
    """Write down one thing to do outside; it is done after the caller's transaction commits, or not at all.

    The same `key` a second time returns the effect enqueued first. `due_at` in the future makes it a timer.
    `payload` is JSON; keep personal data out of it and pass an id instead.
    """
    effect = Effect(port=port, key=key, payload=payload, owner=owner, due_at=due_at or timezone.now())
    Effect.objects.bulk_create([effect], ignore_conflicts=True)
    effect = Effect.objects.get(key=key)
    wake()
    return effect


def wake():
    """Tell the workers, at commit, that something may be due."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


@transaction.atomic
def cancel(*, owner, port=None):
    """Drop what has not been sent for `owner`; returns how many. What is under way ends, but is not tried
    again.

    A local effect that cancels its own owner does not cancel itself.
    """
    effects = Effect.objects.filter(owner=owner)
    return _cancel(effects.filter(port=port) if port else effects)


@transaction.atomic
def cancel_key(key):
    """Drop the effect `key` if it has not been sent; returns how many. The key may then be used anew."""
    return _cancel(Effect.objects.filter(key=key))


def _cancel(effects):
    effects = effects.exclude(id=in_hand.get())
    not_sent = Q(state__in=OPEN) | Q(state=State.RUNNING, begun=False)
    dropped, _kinds = effects.filter(not_sent).delete()
    effects.filter(state__in=(State.RUNNING, State.UNKNOWN)).update(cancelled=True)
    return dropped


@transaction.atomic
def retry(*, effect_id, actor):
    """A person orders a stuck effect (unknown or dead) to be done again, knowing that it may happen twice."""
    effect = _stuck(effect_id)
    before, effect.state = effect.state, State.RETRY
    effect.due_at, effect.attempts, effect.cancelled, effect.ended_at = timezone.now(), 0, False, None
    _settle(effect, "effects.retry", actor, {"was": before})
    wake()
    return effect


@transaction.atomic
def settle(*, effect_id, actor, evidence):
    """A person states that a stuck effect (unknown or dead) has happened; `evidence` says how they know."""
    if not evidence.strip():
        raise ValueError("evidence is empty")
    effect = _stuck(effect_id)
    before, effect.state = effect.state, State.DONE
    effect.due_at, effect.ended_at = None, timezone.now()
    _settle(effect, "effects.settle", actor, {"was": before, "evidence": evidence})
    return effect


def _stuck(effect_id):
    """The effect, locked. Raises Effect.DoesNotExist unless it is unknown or dead."""
    return Effect.objects.select_for_update().get(id=effect_id, state__in=STUCK)


def _settle(effect, verb, actor, payload):
    effect.save()
    audit(
        stream=effect.owner or f"effect:{effect.id}",
        verb=verb,
        actor=actor,
        payload={"effect": str(effect.id), "port": effect.port, **payload},
    )
    tell_port(effect)


def tell_port(effect):
    """Let the port follow a change of state, in the same transaction."""
    port = ports.get(effect.port)
    if port and port.changed:
        port.changed(effect)
