"""Handing a manuscript to a second person, what publishing it would change, and what was published meanwhile."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from . import rules
from .force import PublishRefused, fill, ledger_faults, new_version, tell
from .manuscripts import claim, examine, write_revision
from .merging import merge
from .models import Definition, Manuscript, Version
from .queries import current, difference


@dataclass(frozen=True)
class Foreseen:
    """What publishing a manuscript would change: sentences, and how the forms relate ("new" for a first one)."""

    difference: list
    compat: str


@transaction.atomic
def propose(*, manuscript_id, clock, actor):
    """Hand a sound manuscript to a second person, as the draft of the definition. Returns the Version."""
    manuscript = claim(manuscript_id, clock)
    compiled = _sound(manuscript)
    if later := meanwhile(manuscript):
        raise PublishRefused(
            f"書いているあいだに、第{later.number}版が公開されました。先に、その版との違いをどうするか選んでください。"
        )
    definition, _new = Definition.objects.get_or_create(kind=manuscript.kind, code=manuscript.code)
    if wrong := ledger_faults(definition, compiled):
        raise PublishRefused("この版には誤りがあるため、公開を頼めません。", wrong)
    draft = definition.versions.select_for_update().filter(status="draft").first()
    if draft and draft.author != actor.key:
        raise PublishRefused(
            f"{draft.author_name or draft.author}の下書きが公開を待っています。"
            "その下書きを公開するか取り下げてから、もう一度頼んでください。"
        )
    if draft:
        fill(draft, compiled)
    else:
        draft = new_version(definition, compiled, actor)
    draft.save()
    manuscript.handed, manuscript.handed_at = draft, manuscript.at
    manuscript.save()
    tell(draft, "definition.drafted", actor, {"number": draft.number, "digest": draft.digest})
    return draft


@transaction.atomic
def close_manuscript(*, manuscript_id, clock, actor):
    """Nobody goes on with it. Its revisions stay."""
    manuscript = claim(manuscript_id, clock)
    manuscript.closed_at = timezone.now()
    manuscript.save()
    tell(manuscript, "definition.manuscript_closed", actor, {"revision": manuscript.at})
    return manuscript


@transaction.atomic
def catch_up(*, manuscript_id, clock, keep, actor):
    """Go on from the version that was published meanwhile. Returns the Clashes of the merge.

    `keep`: "both" puts the changes of the manuscript onto that version, "mine" leaves the manuscript as it
    is, "theirs" begins again from that version.
    """
    manuscript = claim(manuscript_id, clock)
    later, mine = current(manuscript.kind, manuscript.code), manuscript.revision.source
    base = manuscript.base.source if manuscript.base else {}
    tree, clashes = {
        "both": lambda: merge(base, mine, later.source),
        "mine": lambda: (mine, []),
        "theirs": lambda: (later.source, []),
    }[keep]()
    manuscript.base, manuscript.assets = later, {**manuscript.assets, **later.assets}
    write_revision(manuscript, tree, f"catch_up_{keep}", actor)
    return clashes


def meanwhile(manuscript):
    """The Version in force, when it says something else than the one the manuscript goes on from; else None."""
    later = current(manuscript.kind, manuscript.code)
    if later is None or later.pk == manuscript.base_id:
        return None
    base = manuscript.base
    same = base is not None and rules.digest_of(base.source) == rules.digest_of(later.source)
    return None if same else later


def foresee(manuscript):
    """What publishing the manuscript would change (a Foreseen); None while it has faults."""
    compiled = examine(manuscript.revision.source, manuscript.assets).compiled
    if compiled is None:
        return None
    former = current(manuscript.kind, manuscript.code)
    new = Version(source=compiled.source, bundle=compiled.bundle, lock=compiled.lock)
    new.definition = former.definition if former else Definition(kind=manuscript.kind, code=manuscript.code)
    compat = rules.compatibility(manuscript.kind, former.bundle, new.bundle) if former else "new"
    return Foreseen(difference(former, new), compat)


def follow(version):
    """A draft was published: the manuscript it came from is closed, or goes on from it when it was changed since."""
    for manuscript in Manuscript.objects.select_for_update().filter(handed=version, closed_at=None):
        if manuscript.at == manuscript.handed_at:
            manuscript.closed_at = timezone.now()
        manuscript.base, manuscript.handed, manuscript.handed_at = version, None, None
        manuscript.save()


def _sound(manuscript):
    examined = examine(manuscript.revision.source, manuscript.assets)
    if examined.errors or examined.compiled is None:
        raise PublishRefused("まだ直すところがあるため、公開を頼めません。", examined.errors)
    return examined.compiled
