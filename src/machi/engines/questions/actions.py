"""Every change to drafts. Drafts are a person's own unsent papers: they leave no audit lines."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from machi.engines.files import public as files_engine
from machi.engines.questions.carry import carried
from machi.engines.questions.form import form_of
from machi.engines.questions.models import Draft
from machi.engines.questions.queries import token_hash
from machi.ground.calendar import now, parse_duration

KEEP = "P30D"


@dataclass(frozen=True)
class Saved:
    """The outcome of a save. When the page was stale, `ok` is False, nothing was written, `draft` is what is stored now
    and `yours` the answers that were not saved: the page shows both."""

    ok: bool
    draft: Draft
    yours: dict


@transaction.atomic
def start_draft(*, version, language, account_id=None, email="", answers=None, page="", keep=KEEP):
    """Begins a form. keep: how long it waits (a duration such as P30D)."""
    return Draft.objects.create(
        kind=version.kind,
        code=version.code,
        version=version,
        account_id=account_id,
        email=email,
        language=language,
        answers=answers or {},
        page=page,
        expires_at=parse_duration(keep).after(now()),
    )


@transaction.atomic
def save_draft(*, draft, answers, page, expected_revision, language=None):
    """Keeps the answers, if nobody saved since `expected_revision` (the revision the page was made from). Returns Saved.

    Raises Draft.DoesNotExist when the draft was sent or dropped meanwhile.
    """
    current = _locked(draft)
    if current.revision != expected_revision:
        return Saved(ok=False, draft=current, yours=answers)
    current.answers, current.page = answers, page
    current.language = language or current.language
    current.revision += 1
    current.save(update_fields=["answers", "page", "language", "revision", "updated_at"])
    return Saved(ok=True, draft=current, yours=answers)


def _locked(draft):
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("version__definition")
    return drafts.get(id=draft.id)


@transaction.atomic
def mail_token(*, draft, email):
    """A new secret for the link that goes to `email`; older links die. Returns the secret, of which a hash is kept."""
    token = secrets.token_urlsafe(32)
    Draft.objects.filter(id=draft.id).update(email=email, token_hash=token_hash(token))
    draft.email, draft.token_hash = email, token_hash(token)
    return token


@transaction.atomic
def claim_draft(*, draft, account_id):
    """Gives a draft without an account to the account its holder signed in with; mailed links die. True when it did."""
    claimed = Draft.objects.filter(id=draft.id, account__isnull=True).update(account_id=account_id, token_hash="")
    if claimed:
        draft.account_id, draft.token_hash = account_id, ""
    return bool(claimed)


@transaction.atomic
def drop_draft(*, draft):
    """Throws a draft and its files away."""
    files_engine.drop(owner=draft.owner)
    Draft.objects.filter(id=draft.id).delete()


@transaction.atomic
def end_draft(*, draft):
    """Takes away a draft that was sent; its files have gone over to the case."""
    Draft.objects.filter(id=draft.id).delete()


def expire_drafts():
    """Throws away what waited too long, each in its own transaction; returns how many."""
    expired = list(Draft.objects.filter(expires_at__lte=now()).only("id"))
    for draft in expired:
        drop_draft(draft=draft)
    return len(expired)


@transaction.atomic
def carry(*, draft, version):
    """Brings a draft to a newer version of its form: answers whose key and type live on are kept.

    Returns [(path, label)] of the answers that fell away, in the draft's language.
    """
    current = _locked(draft)
    new = form_of(version)
    result = carried(form_of(current.version), new, current.answers, current.language)
    for link in result.files:
        files_engine.detach(link_id=link)
    current.answers, current.version = result.answers, version
    if current.page not in {page.key for page in new.pages}:
        current.page = new.pages[0].key if new.pages else ""
    current.revision += 1
    current.save(update_fields=["answers", "version", "page", "revision", "updated_at"])
    draft.refresh_from_db()
    return result.fell
