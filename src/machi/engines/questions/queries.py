"""Reads over drafts."""

import hashlib
import hmac
import uuid

from machi.engines.questions.models import Draft
from machi.ground.calendar import now


def draft_for(draft_id, *, account_id=None, token="", held=()):
    """The draft, if it has not expired and is theirs; else None.

    Theirs: it belongs to the account, `token` is the one last mailed, or its id is among those this session began or
    opened (`held`), as long as no account owns it.
    """
    try:
        draft = Draft.objects.select_related("version__definition").get(id=uuid.UUID(str(draft_id)), expires_at__gt=now())
    except (ValueError, Draft.DoesNotExist):
        return None
    if draft.account_id is not None and draft.account_id == account_id:
        return draft
    if token and draft.token_hash and hmac.compare_digest(draft.token_hash, token_hash(token)):
        return draft
    return draft if draft.account_id is None and str(draft.id) in {str(one) for one in held} else None


def drafts_of(account_id):
    """The unsent forms of an account, the last touched first."""
    return list(
        Draft.objects.filter(account_id=account_id, expires_at__gt=now())
        .select_related("version__definition")
        .order_by("-updated_at")
    )


def token_hash(token):
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
