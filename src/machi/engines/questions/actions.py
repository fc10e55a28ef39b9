"""Every change to drafts. Drafts are a person's own unsent papers: they leave no audit lines."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from machi.engines.files import public as files_engine
from machi.engines.questions.carry import carried
from machi.engines.questions.form import form_of
from machi.engines.questions.models import Draft, RecallCode
from machi.engines.questions.queries import token_hash
from machi.ground.calendar import today


@dataclass(frozen=True)
class Saved:
    """The outcome of a save. What this page asked is always kept: nothing typed is lost.

    `stale` when somebody saved since the page was made; `before` then holds the answers as they stood, so
    that the page can show both (`difference`).
    """

    draft: Draft
    stale: bool = False
    before: dict | None = None


@transaction.atomic
def start_draft(*, kind, version, language, expires_on, account_id=None, answers=None, page=""):
    """Begins a form of a definition's version; it waits up to and including the day `expires_on`."""
    return Draft.objects.create(
        kind=kind,
        code=version.code,
        version=version,
        account_id=account_id,
        language=language,
        answers=answers or {},
        page=page,
        expires_on=expires_on,
    )


@transaction.atomic
def save_draft(*, draft, answers, page, expected_revision, language=None):
    """Keeps the answers of one page. `expected_revision` is the revision the page was made from, None when
    unknown.

    If somebody saved since, only the fields of this page are taken over, so that two windows on two pages
    never undo each other. `draft` is brought up to date. Returns Saved; raises Draft.DoesNotExist when it
    was sent or dropped.
    """
    current = _locked(draft)
    before = current.answers
    moved = current.revision != draft.revision
    current.answers = _merged(current, answers, page) if moved else answers
    current.page, current.language = page or current.page, language or current.language
    current.revision += 1
    current.save(update_fields=["answers", "page", "language", "revision", "updated_at"])
    for name in ("answers", "page", "language", "revision", "version"):
        setattr(draft, name, getattr(current, name))
    stale = expected_revision is not None and expected_revision != current.revision - 1
    return Saved(draft, stale, before if stale else None)


def _merged(current, answers, page):
    """The stored answers with the fields of one page as they were just read."""
    try:
        keys = set(form_of(current.version).page_fields(page))
    except KeyError:
        return answers
    merged = {**_without(current.answers, keys), **_of(answers, keys)}
    for name in ("_typed", "_from"):
        found = {**_without(current.answers.get(name) or {}, keys), **_of(answers.get(name) or {}, keys)}
        merged |= {name: found} if found else {}
    return merged


def _of(answers, keys):
    return {path: said for path, said in answers.items() if path.split(".")[0] in keys}


def _without(answers, keys):
    return {
        path: said for path, said in answers.items() if path.split(".")[0] not in {*keys, "_typed", "_from"}
    }


def _locked(draft):
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("version__definition")
    return drafts.get(id=draft.id)


@transaction.atomic
def mail_token(*, draft, email):
    """A new secret for the link that goes to `email`; older links die. Returns the secret, of which a hash
    is kept.
    """
    token = secrets.token_urlsafe(32)
    Draft.objects.filter(id=draft.id).update(email=email, token_hash=token_hash(token))
    draft.email, draft.token_hash = email, token_hash(token)
    return token


@transaction.atomic
def claim_draft(*, draft, account_id):
    """Gives a draft without an account to the account its holder signed in with; mailed links die. True when
    it did.
    """
    claimed = Draft.objects.filter(id=draft.id, account__isnull=True).update(
        account_id=account_id, token_hash=""
    )
    if claimed:
        draft.account_id, draft.token_hash = account_id, ""
    return bool(claimed)


@transaction.atomic
def recall_code(*, draft):
    """The code by which staff call this draft up; drawn the first time somebody asks for it."""
    return RecallCode.objects.get_or_create(draft_id=draft.id)[0].code


@transaction.atomic
def drop_draft(*, draft, sent_as=""):
    """Takes a draft away, and its files unless they went over to the owner `sent_as` when it was sent."""
    if not sent_as:
        files_engine.drop(owner=draft.owner)
    Draft.objects.filter(id=draft.id).delete()


def expire_drafts():
    """Throws away what waited too long, each in its own transaction; returns how many."""
    expired = list(Draft.objects.filter(expires_on__lt=today()).only("id"))
    for draft in expired:
        drop_draft(draft=draft)
    return len(expired)


@transaction.atomic
def carry(*, draft, version):
    """Brings a draft to a newer version of its form: answers whose key and type live on are kept.

    Returns the labels of the answers that fell away, in the draft's language.
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
    for name in ("answers", "version", "page", "revision"):
        setattr(draft, name, getattr(current, name))
    return [label for _path, label in result.fell]
