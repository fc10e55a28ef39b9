"""Reads over drafts. Whether somebody may open one, the entrances decide: by account, session or mailed
token.
"""

import hashlib

from machi.engines.questions.models import Draft, RecallCode
from machi.ground.calendar import today
from machi.ground.ids import code_within


def draft_of(draft_id):
    """The draft with this id (a uuid), or None when it is gone or has waited too long."""
    return _waiting().filter(id=draft_id).first()


def draft_of_token(token):
    """The draft whose last mailed link holds `token`, or None."""
    return _waiting().filter(token_hash=token_hash(token)).first() if token else None


def recalled(text):
    """The id (a uuid) of the draft that a code recalls, however it was typed; the draft may be gone. None without."""
    code = code_within(text)
    return RecallCode.objects.filter(code=code).values_list("draft_id", flat=True).first() if code else None


def recall_code_of(draft):
    """The code by which staff call this draft up, "" while nobody has asked for one."""
    return RecallCode.objects.filter(draft_id=draft.id).values_list("code", flat=True).first() or ""


def drafts_of(account_id):
    """The unsent forms of an account, the last touched first."""
    return list(_waiting().filter(account_id=account_id).order_by("-updated_at"))


def waiting_drafts(kind, code):
    """How many unsent forms of a definition wait."""
    return _waiting().filter(kind=kind, code=code).count()


def token_hash(token):
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _waiting():
    return Draft.objects.filter(expires_on__gte=today()).select_related("version__definition")
