"""Changing what is in force: loading files, publishing, withdrawing."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from machi.engines.audit.define import Actor
from machi.engines.audit.public import record
from machi.ground.ids import new_id

from . import define, rules
from .compile import Resolver, compile_tree, run_tests
from .define import DefinitionFault, Fault
from .library import Library, dotted
from .models import Definition, FieldLedger, Stamp, Version
from .queries import difference, unsettle

FILES = Actor(kind="system", name="files")
RENEWAL = Actor(kind="system", name="renewal")
INSTALLATION = Actor(kind="system", name="installation")
LOCK = 0x6D616368  # advisory lock: two processes that start together load one after the other


class PublishRefused(Exception):
    """A version cannot be published; `message` says why in Japanese, `faults` (Fault) what is to mend."""

    def __init__(self, message, faults=()):
        super().__init__("\n".join([message, *map(str, faults)]))
        self.message, self.faults = message, list(faults)


@dataclass
class Report:
    """What loading did: references ("choices/waste.items") by outcome, and all faults.

    `renewed`: only the program compiles it otherwise now. `missing`: in force, but no file says it any more.
    """

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    missing: list = field(default_factory=list)
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
    _recompile(draft)
    if draft.number < _newest(draft.definition):  # renewed since it was drafted: it follows
        draft.number = _newest(draft.definition) + 1
    _put_in_force(draft, actor, note)
    _renew_users(draft, actor, {draft.definition_id})
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
        _announce()
    version.save(update_fields=["status", "note", "superseded_at"])
    _tell(version, "definition.withdrawn", actor, {"number": version.number, "reason": reason})
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
    if faults := _ledger_faults(found, compiled):
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
    _put_in_force(_new_version(definition, compiled, FILES), INSTALLATION, "", loaded_by=actor)


def _leave_or_renew(entry, library, in_force, report):
    """The files say what is in force. Only if the program now compiles it otherwise, it is renewed."""
    for stale in in_force.definition.versions.filter(status="draft", author=FILES.key):
        withdraw(version_id=stale.id, actor=FILES, reason="ファイルが公開中の内容に戻りました。")
    compiled = entry.compiled
    if compiled.digest != in_force.digest:
        compiled, _faults = compile_tree(entry.tree, library.resolver(entry, _find_published), entry.origin)
    if compiled is None or compiled.digest == in_force.digest:
        report.unchanged.append(entry.reference)
    elif failed := run_tests(entry.kind, compiled.bundle):
        report.faults += [library.fault(entry.tree, fault) for fault in failed]
    else:
        version = _new_version(in_force.definition, compiled, FILES)
        _put_in_force(version, INSTALLATION, "プログラムの更新により作り直しました。")
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
                f"画面で作られた下書き（第{draft.number}版、{draft.author_name or draft.author}）があるため、ファイルの変更を取り込めません。",
                "その下書きを公開するか取り下げてから、もう一度読み込んでください。",
            )
        )
        return
    if draft:
        _fill(draft, compiled)
        draft.save()
    else:
        draft = _new_version(definition, compiled, FILES)
        draft.save()
    _tell(draft, "definition.drafted", actor, {"number": draft.number, "digest": draft.digest})
    report.changed.append(entry.reference)


def _ledger_faults(definition, compiled):
    ledger = dict(definition.ledger.values_list("key", "type")) if definition else {}
    faults = rules.ledger_faults(ledger, rules.field_types(compiled.kind, compiled.bundle))
    return [
        DefinitionFault(_path_of(compiled.source, fault.path), fault.message, fault.mend) for fault in faults
    ]


def _path_of(source, names):
    """The path in `source` of a field named by keys: ("fields", "lines", "item") → ("fields", 1, "fields",
    0).
    """
    path, fields = ["fields"], source.get("fields") or []
    for name in names[1:]:
        index = next(
            (i for i, item in enumerate(fields) if isinstance(item, dict) and item.get("key") == name), None
        )
        if index is None:
            break
        path += [index, "fields"]
        fields = fields[index].get("fields") or []
    return tuple(path[:-1]) if len(path) > 1 else ("fields",)


# putting into force


def _new_version(definition, compiled, author):
    """The next version of `definition`, a draft not yet saved."""
    version = Version(
        definition=definition, number=_newest(definition) + 1, status="draft", schema=define.SCHEMA
    )
    version.author, version.author_name = author.key, author.name
    _fill(version, compiled)
    return version


def _newest(definition):
    return definition.versions.aggregate(newest=Max("number"))["newest"] or 0


def _fill(version, compiled):
    version.source, version.bundle, version.digest = compiled.source, compiled.bundle, compiled.digest
    version.lock, version.assets, version.origin = (
        compiled.lock,
        compiled.assets,
        compiled.origin or version.origin,
    )


def _recompile(draft):
    """Compile a draft anew with what is published now; PublishRefused when it does not fit."""
    compiled, faults = compile_tree(draft.source, _stored_resolver(draft), draft.origin)
    faults = [fault for fault in faults if fault.level == "error"] or (
        _ledger_faults(draft.definition, compiled) if compiled else []
    )
    if faults:
        raise PublishRefused("この版には誤りがあるため、公開できません。", _as_faults(draft, faults))
    _fill(draft, compiled)


def _put_in_force(version, approver, note, loaded_by=None):
    """Test, compare, close the predecessor, open this one."""
    failed = run_tests(version.kind, version.bundle)
    version.tests = {
        "count": len(version.source.get("tests") or []),
        "at": timezone.now().isoformat(),
        "faults": [
            {"path": list(fault.path), "message": fault.message, "mend": fault.mend} for fault in failed
        ],
    }
    if failed:
        raise PublishRefused("確かめの例が通らないため、公開できません。", _as_faults(version, failed))
    former = version.definition.versions.filter(status="published").first()
    version.difference = difference(former, version)
    version.compat = rules.compatibility(version.kind, former.bundle, version.bundle) if former else "none"
    now = timezone.now()
    if former:
        former.status, former.superseded_at = "superseded", now
        former.save(update_fields=["status", "superseded_at"])
    version.status, version.published_at, version.note = "published", now, note
    version.approver, version.approver_name = approver.key, approver.name
    version.save()
    _write_ledger(version)
    if hook := define.KINDS[version.kind].published:
        hook(version)
    _announce()
    said = {
        "number": version.number,
        "digest": version.digest,
        "compat": version.compat,
        "difference": version.difference,
    }
    _tell(version, "definition.published", loaded_by or approver, {**said, "note": note})


def _write_ledger(version):
    known = {line.key: line for line in version.definition.ledger.all()}
    for key, kind in rules.field_types(version.kind, version.bundle).items():
        if key not in known:
            FieldLedger.objects.create(
                definition=version.definition, key=key, type=kind, first_number=version.number
            )
        elif known[key].type != kind:
            known[key].type = kind
            known[key].save(update_fields=["type"])


def _renew_users(version, actor, seen):
    """Compile anew every published definition that has `version` in its lock, and put it into force with it."""
    reference = f"{version.kind}/{version.code}"
    for user in Version.objects.filter(status="published").select_related("definition"):
        if reference not in user.lock or user.lock[reference] == version.digest or user.definition_id in seen:
            continue
        compiled, faults = compile_tree(user.source, _stored_resolver(user), user.origin)
        if compiled is None:
            words = f"「{reference}」を使っている「{user.kind}/{user.code}」が成り立たなくなるため、公開できません。"
            raise PublishRefused(words, _as_faults(user, faults))
        renewed = _new_version(user.definition, compiled, RENEWAL)
        _put_in_force(renewed, actor, f"「{reference}」の第{version.number}版に合わせて作り直しました。")
        _renew_users(renewed, actor, seen | {user.definition_id})


def _stored_resolver(version):
    """A Resolver that reads what is in force, and the files kept with the version."""
    known = [f"{kind}/{code}" for kind, code in Definition.objects.values_list("kind", "code")]
    return Resolver(tree=version.source, find=_find_published, known=known, read_asset=version.assets.get)


def _find_published(kind, code):
    found = Version.objects.filter(status="published", definition__kind=kind, definition__code=code).first()
    return (found.bundle, found.digest) if found else None


def _as_faults(version, faults):
    """Faults of a stored version: it has no lines any more, so the file, and the field."""
    file = (version.origin or [f"{version.kind}/{version.code}"])[0]
    return [
        Fault(file, 0, dotted(version.source, f.path), f.message, f.mend)
        for f in faults
        if f.level == "error"
    ]


def _announce():
    """All processes read anew."""
    if not Stamp.objects.update(value=new_id()):
        Stamp.objects.create()
    unsettle()


def _tell(version, verb, actor, payload):
    record(stream=f"definition:{version.kind}/{version.code}", verb=verb, actor=actor, payload=payload)
