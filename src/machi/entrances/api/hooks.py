"""Webhooks as programs arrange them for themselves: where they want to be told, of what, and with which secret."""

from uuid import UUID

from ninja import Router, Status

from machi.entrances.api.actions import HookRefused, hook_in, hooks_of, renew_secret, unhook
from machi.entrances.api.auth import ProgramKey
from machi.entrances.api.schemas import Problem, WebhookIn, WebhookOut, WebhookSecret
from machi.entrances.api.webhooks import secret_of

router = Router(auth=ProgramKey())
NO_SUCH = {"message": "This program has no such webhook."}


@router.get("", response={200: list[WebhookOut], 401: Problem}, summary="Webhooks of this program")
def list_webhooks(request):
    """Where this program is told."""
    return Status(200, hooks_of(request.auth))


@router.post(
    "",
    response={201: WebhookSecret, 400: Problem, 401: Problem, 413: Problem, 422: Problem},
    summary="Be told at an address; gives the secret that signs, this once",
)
def add_webhook(request, data: WebhookIn):
    """Register an address. Messages are signed in the form of Standard Webhooks, and hold no personal data."""
    try:
        hook = hook_in(program=request.auth, **data.model_dump())
    except HookRefused as refused:
        return Status(422, {"message": str(refused)})
    return Status(201, _with_secret(hook))


@router.post(
    "/{webhook_id}/secret",
    response={200: WebhookSecret, 400: Problem, 401: Problem, 404: Problem},
    summary="A new secret; for a day messages are signed with the old one as well",
)
def new_secret(request, webhook_id: UUID):
    """Rotate the secret."""
    hook = renew_secret(program=request.auth, webhook_id=webhook_id)
    return Status(200, _with_secret(hook)) if hook else Status(404, NO_SUCH)


@router.delete(
    "/{webhook_id}", response={204: None, 400: Problem, 401: Problem, 404: Problem}, summary="Be told no more"
)
def remove_webhook(request, webhook_id: UUID):
    """End a webhook; what was not sent yet is not sent."""
    return Status(204, None) if unhook(program=request.auth, webhook_id=webhook_id) else Status(404, NO_SUCH)


def _with_secret(hook):
    said = {name: getattr(hook, name) for name in ("id", "address", "events", "procedures", "created_at")}
    return {**said, "secret": secret_of(hook)}
