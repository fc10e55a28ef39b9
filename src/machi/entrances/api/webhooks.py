"""Telling other programs what happened to cases: signed, after the commit, tried again until they have it.

The form is Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`: v1, HMAC-SHA256 over
`id.timestamp.body`). A message says ids, states and links, never what somebody answered.
"""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

from django.conf import settings

from machi.engines.effects import public as effects
from machi.engines.effects.define import Done, Fatal, Port, Retry
from machi.entrances.api.calling import Unreachable, post
from machi.entrances.api.models import Webhook
from machi.entrances.api.rules import event_of, may_see
from machi.ground.calendar import TOKYO, now

PORT = "api.webhook"
OLD_SECRET_LASTS = timedelta(hours=24)
MOST_ATTEMPTS = 14  # with growing pauses: some five hours


def hear(case, verb, payload):
    """Put a message into the outbox for every webhook that wants to know of this event (a listener of procedures)."""
    event = event_of(verb)
    if event is None:
        return
    bundle = case.definition.bundle
    hooks = Webhook.objects.filter(ended_at=None, program__revoked_at=None, events__contains=[event])
    for hook in hooks.select_related("program"):
        if may_see(hook.program.procedures, hook.procedures, case.code, bundle["audience"]):
            _enqueue(hook, event, case, verb, payload or {})


def _enqueue(hook, event, case, verb, payload):
    document = str(payload.get("document", ""))
    data = {
        "case": str(case.id), "reference": case.reference, "procedure": case.code, "revision": case.revision,
        "status": case.status, "result": case.result or str(payload.get("result") or ""),
        "links": {
            "procedure": f"{settings.PUBLIC_URL}/api/v1/procedures/{case.code}",
            "desk": f"{settings.PUBLIC_URL}/desk/cases/{case.id}/",
        },
    }  # fmt: skip
    if document:
        data["document"] = document
    effects.enqueue(
        port=PORT,
        key=f"{hook.id}:{case.id}:{case.revision}:{verb}:{document}",
        owner=f"webhook:{hook.id}",
        payload={"type": event, "timestamp": now().astimezone(TOKYO).isoformat(), "data": data},
    )


def deliver(effect):
    """Send one message (the port's `execute`). Sending it twice is harmless: its `webhook-id` stays the same."""
    hook = Webhook.objects.select_related("program").filter(pk=effect.owner.partition(":")[2]).first()
    if hook is None or hook.ended_at or hook.program.revoked_at:
        return Done("the program wants to hear no more")
    body = json.dumps(effect.payload, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        status = post(hook.address, body, headers(hook, str(effect.id), body))
    except Unreachable as why:
        return Retry(reason=str(why))
    if status == 410:
        return Fatal("410: the program has gone; end its webhook")
    return Done(str(status)) if 200 <= status < 300 else Retry(reason=f"the program answered {status}")


def headers(hook, message_id, body):
    """The headers of a message; for a day after a new secret was made, signed with the old one as well."""
    stamp = str(int(now().timestamp()))
    rounds = [hook.round]
    if hook.rotated_at and now() - hook.rotated_at < OLD_SECRET_LASTS:
        rounds.append(hook.round - 1)
    signed = f"{message_id}.{stamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(_key(hook, one), signed, "sha256")).decode() for one in rounds]
    return {
        "content-type": "application/json",
        "user-agent": "Machi",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def secret_of(hook):
    """The secret as programs keep it (`whsec_…`). It is worked out, and stored nowhere."""
    return f"whsec_{base64.b64encode(_key(hook, hook.round)).decode()}"


def _key(hook, turn):
    return hmac.new(settings.SECRET_KEY.encode(), f"webhook:{hook.id}:{turn}".encode(), hashlib.sha256).digest()


PORT_OF_WEBHOOKS = Port(PORT, deliver, max_attempts=MOST_ATTEMPTS, lease=timedelta(minutes=1))
