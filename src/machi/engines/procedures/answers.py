"""Answers of a case: append-only revisions, the newest counts."""

import hashlib
import json

from django.utils.translation import gettext as _

from machi.engines.files import public as files
from machi.engines.procedures import scope
from machi.engines.procedures.models import AnswerRevision
from machi.engines.procedures.rules import Refused


def add_revision(case, answers, *, by, reason=""):
    """Keep `answers` as the next revision of the case."""
    last = case.answers.order_by("-n").values_list("n", flat=True).first() or 0
    return AnswerRevision.objects.create(
        case=case,
        n=last + 1,
        answers=answers,
        by=by,
        reason=reason,
        digest=_digest(answers),
    )


def _digest(answers):
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(version, answers):
    """The digest that the first answers of a case will carry if it is sent from these `answers` today."""
    return _digest(scope.evaluated(version, answers).stored())


def seal_of(case, step):
    """The digest of what is consented to: the sealed answers (all, where none are named) and their files."""
    answers = scope.answers_of(case)
    sealed = {key: answers.get(key) for key in step["seal"]} if step["seal"] else answers
    contents = {str(link.id): f"{link.name} {link.blob_id}" for link in files_of(case, sealed)}
    return _digest({"answers": sealed, "files": contents})


def files_of(case, answers):
    """The files that are part of these answers, oldest first."""
    named = set(_words(answers))
    return [link for link in files.links(case.owner) if str(link.id) in named]


def _words(said):
    """Every text in answers, also in rows and lists."""
    if isinstance(said, dict | list):
        for inner in said.values() if isinstance(said, dict) else said:
            yield from _words(inner)
    elif isinstance(said, str):
        yield said


def revise(run, changes, *, reason, only):
    """Put `changes` (field → answer) into the answers; returns the Sheet.

    Faults in the asked fields are refused with their sentences.
    """
    merged = {**scope.answers_of(run.case), **changes}
    sheet = scope.evaluated(run.case.definition, merged, asked=only)
    errors = {path: message for path, message in sheet.errors.items() if path.split(".")[0] in only}
    if errors:
        raise Refused(_("入力を確かめてください。"), errors)
    revision = add_revision(run.case, sheet.stored(), by=run.actor.key, reason=reason)
    run.say("corrected", {"fields": list(only), "n": revision.n, "digest": revision.digest})
    run.sheet = sheet
    return sheet
