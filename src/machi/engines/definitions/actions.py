"""Changing what is in force: loading files, publishing, withdrawing."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from machi.engines.audit.define import Actor

from . import rules
from .compile import compile_tree, run_tests
from .define import Fault
from .force import (
    PublishRefused,
    announce,
    fill,
    find_published,
    ledger_faults,
    new_version,
    newest,
    put_in_force,
    recompile,
    renew_users,
    tell,
)
from .handing_over import follow
from .library import Library
from .models import Definition, Version

FILES = Actor(kind="system", name="files")
INSTALLATION = Actor(kind="system", name="installation")
LOCK = 0x6D616368  # advisory lock: two processes that start together load one after the other


@dataclass
class Report:
    """What loading did: references ("choices/waste.items") by outcome, and all faults.

    `renewed`: only the program compiles it otherwise now. `missing`: in force, but no file says it any more.
    `held`: not looked at, because something it rests on has a fault.
    """

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    held: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    @property
    def errors(self):
        return [fault for fault in self.faults if fault.level == "error"]


@transaction.atomic
def load(*, folders, actor):
    """Bring the definitions of `folders` in. Returns a Report.

    A definition seen for the first time is published at once; a changed one becomes a draft that somebody
    publishes; one with a fault leaves what is in force as it is. Where only the program changed how it
    compiles, the version is renewed at once.
    """
    _one_at_a_time()
    library, report = Library(folders), Report()
    report.faults = library.compile_all()
    for entry in _in_order(library):
        _load_one(entry, library, actor, report)
    report.held = [entry.reference for entry in library.entries.values() if entry.held and not entry.faults]
    in_force = Definition.objects.filter(versions__status="published")
    report.missing = [str(one) for one in in_force if (one.kind, one.code) not in library.entries]
    return report


@transaction.atomic
def publish(*, version_id, actor, note=""):
    """Put a draft into force. Returns the Version.

    It is compiled again with what is published now, tested, and compared with its predecessor; what uses it
    is renewed with it. Raises PublishRefused (not a draft, same person, faults) and changes nothing then.
    """
    _one_at_a_time()
    draft = Version.objects.select_related("definition").get(pk=version_id)
    if draft.status != "draft":
        raise PublishRefused("この版は下書きではありません。ほかの人が先に公開したか、取り下げました。")
    if actor.kind not in ("staff", "system"):
        raise PublishRefused("公開できるのは職員だけです。")
    if actor.key == draft.author:
        raise PublishRefused("自分が書いた版を自分で公開することはできません。ほかの職員に頼んでください。")
    recompile(draft)
    if draft.number < newest(draft.definition):  # renewed since it was drafted: it follows
        draft.number = newest(draft.definition) + 1
    put_in_force(draft, actor, note)
    follow(draft)
    renew_users(draft, actor, {draft.definition_id})
    return draft


@transaction.atomic
def withdraw(*, version_id, actor, reason):
    """Take a draft or a published version out; what it said stays readable. Returns the Version."""
    _one_at_a_time()
    version = Version.objects.select_related("definition").get(pk=version_id)
    if version.status not in ("draft", "published"):
        raise PublishRefused("この版はもう使われていません。")
    was, version.status, version.note = version.status, "withdrawn", reason
    if was == "published":
        version.superseded_at = timezone.now()
        announce()
    version.save(update_fields=["status", "note", "superseded_at"])
    tell(version, "definition.withdrawn", actor, {"number": version.number, "reason": reason})
    return version


def _one_at_a_time():
    """Whoever changes what is in force waits until the other has finished."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


# loading


def _in_order(library):
    """Entries with their used definitions first, so that what uses them finds them in force."""
    order, seen = [], set()

    def visit(entry):
        if entry.reference in seen:
            return
        seen.add(entry.reference)
        for reference in entry.compiled.lock if entry.compiled else ():
            kind, _slash, code = reference.partition("/")
            if (kind, code) in library.entries:
                visit(library.entries[kind, code])
        order.append(entry)

    for entry in library.entries.values():
        visit(entry)
    return [entry for entry in order if entry.compiled]


def _load_one(entry, library, actor, report):
    compiled = entry.compiled
    found = Definition.objects.filter(kind=entry.kind, code=entry.code).first()
    in_force = found and found.versions.filter(status="published").first()
    if faults := ledger_faults(found, compiled):
        report.faults += [library.fault(entry.tree, fault) for fault in faults]
    elif found is None:
        _publish_first(compiled, actor)
        report.new.append(entry.reference)
    elif in_force and _same_source(in_force, compiled):
        _leave_or_renew(entry, library, in_force, report)
    else:
        _draft(found, compiled, actor, entry, report)


def _same_source(version, compiled):
    return (
        rules.digest_of(version.source) == rules.digest_of(compiled.source)
        and version.assets == compiled.assets
    )


def _publish_first(compiled, actor):
    """A definition nobody has seen before: the installation itself approves it."""
    definition = Definition.objects.create(kind=compiled.kind, code=compiled.code)
    put_in_force(new_version(definition, compiled, FILES), INSTALLATION, "", loaded_by=actor)


def _leave_or_renew(entry, library, in_force, report):
    """The files say what is in force. Only if the program now compiles it otherwise, it is renewed."""
    for stale in in_force.definition.versions.filter(status="draft", author=FILES.key):
        withdraw(version_id=stale.id, actor=FILES, reason="ファイルが公開中の内容に戻りました。")
    compiled = entry.compiled
    if compiled.digest != in_force.digest:
        compiled, _faults = compile_tree(entry.tree, library.resolver(entry, find_published), entry.origin)
    if compiled is None or compiled.digest == in_force.digest:
        report.unchanged.append(entry.reference)
    elif failed := run_tests(entry.kind, compiled.bundle):
        report.faults += [library.fault(entry.tree, fault) for fault in failed]
    else:
        version = new_version(in_force.definition, compiled, FILES)
        put_in_force(version, INSTALLATION, "プログラムの更新により作り直しました。")
        report.renewed.append(entry.reference)


def _draft(definition, compiled, actor, entry, report):
    """Keep a changed definition as the draft of the files; somebody else's draft is never overwritten."""
    draft = definition.versions.select_for_update().filter(status="draft").first()
    if draft and _same_source(draft, compiled) and draft.digest == compiled.digest:
        report.unchanged.append(entry.reference)
        return
    if draft and draft.author != FILES.key:
        report.faults.append(
            Fault(
                entry.tree.place.file,
                entry.tree.place.line,
                "",
                f"画面で作られた下書き（第{draft.number}版、{draft.author_name or draft.author}）があるため、"
                "ファイルの変更を取り込めません。",
                "その下書きを公開するか取り下げてから、もう一度読み込んでください。",
            )
        )
        return
    if draft:
        fill(draft, compiled)
        draft.save()
    else:
        draft = new_version(definition, compiled, FILES)
        draft.save()
    tell(draft, "definition.drafted", actor, {"number": draft.number, "digest": draft.digest})
    report.changed.append(entry.reference)
