"""Definitions that come from another city: read, compiled together, kept as drafts. None is published here."""

from django.db import transaction

from .compile import Resolver, UsesFaulty, compile_tree, run_tests
from .define import DefinitionFault, Fault
from .force import PublishRefused, fill, find_published, ledger_faults, new_version, tell
from .library import Library, head_fault, upgraded
from .models import Definition
from .source import read


def read_foreign(data, file):
    """(tree, faults) of bytes that must be one definition, in today's grammar; None when they are not."""
    documents, faults = read(data, file)
    if faults:
        return None, faults
    if len(documents) != 1:
        return None, [Fault(file, 1, "", "定義は一つのファイルに一つです。", "送り元に、作り直しを頼んでください。")]
    (tree,) = documents
    if fault := head_fault(tree):
        return None, [Library.fault(tree, fault)]
    return upgraded(tree), []


def compile_together(trees, assets):
    """{(kind, code): (Compiled or None, faults)} of `trees` (by kind and code).

    Each finds the others first, then what is in force here.
    """
    together = _Together(trees, assets)
    return {key: together.compile(key) for key in trees}


@transaction.atomic
def keep_draft(*, compiled, actor, origin):
    """Keep what was compiled as the draft of its definition; somebody else's draft is never overwritten.

    Returns the Version. Raises PublishRefused.
    """
    definition, _new = Definition.objects.get_or_create(kind=compiled.kind, code=compiled.code)
    if wrong := ledger_faults(definition, compiled):
        raise PublishRefused("、".join(fault.message for fault in wrong))
    draft = definition.versions.select_for_update().filter(status="draft").first()
    if draft and draft.author != actor.key:
        raise PublishRefused(
            f"{draft.author_name or draft.author}の下書きが公開を待っています。"
            "その下書きを公開するか取り下げてから、もう一度取り込んでください。"
        )
    if draft:
        fill(draft, compiled)
    else:
        draft = new_version(definition, compiled, actor)
    draft.origin = origin
    draft.save()
    tell(draft, "definition.drafted", actor, {"number": draft.number, "digest": draft.digest, "origin": origin})
    return draft


class _Together:
    def __init__(self, trees, assets):
        self.trees, self.assets, self.done, self.begun = trees, assets, {}, set()
        here = Definition.objects.values_list("kind", "code")
        self.known = [f"{kind}/{code}" for kind, code in {*here, *trees}]

    def compile(self, key):
        if key not in self.done:
            self.begun.add(key)
            tree = self.trees[key]
            beside = self.assets.get(key, {}).get
            resolver = Resolver(tree=tree, find=self._find, known=self.known, read_asset=beside)
            compiled, faults = compile_tree(tree, resolver)
            failed = run_tests(key[0], compiled.bundle) if compiled else []
            told = [fault for fault in (*faults, *failed) if not isinstance(fault, UsesFaulty)]
            self.done[key] = (None if failed else compiled), [Library.fault(tree, fault) for fault in told]
        return self.done[key]

    def _find(self, kind, code):
        key = (kind, code)
        if key not in self.trees:
            return find_published(kind, code)
        if key in self.begun and key not in self.done:
            raise DefinitionFault(
                (), f"「{kind}/{code}」は、めぐりめぐって自分自身を使っています。", "送り元に伝えてください。"
            )
        compiled, _faults = self.compile(key)
        if compiled is None:
            raise UsesFaulty((), f"使っている「{kind}/{code}」に誤りがあります。", "そちらを先に直してください。")
        return compiled.bundle, compiled.digest
