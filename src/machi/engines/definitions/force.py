"""Putting a version into force: compiled anew, tested, compared, with everything that uses it."""

from functools import lru_cache

from django.db.models import Max
from django.utils import timezone

from machi.engines.audit.define import Actor
from machi.engines.audit.public import record
from machi.ground.ids import new_id

from . import define, rules
from .compile import Resolver, compile_tree, run_tests
from .define import DefinitionFault, Fault
from .library import dotted
from .models import Definition, FieldLedger, Stamp, Version
from .queries import difference, unsettle

RENEWAL = Actor(kind="system", name="renewal")


class PublishRefused(Exception):
    """A version cannot be published; `message` says why in Japanese, `faults` (Fault) what is to mend."""

    def __init__(self, message, faults=()):
        super().__init__("\n".join([message, *map(str, faults)]))
        self.message, self.faults = message, list(faults)


def new_version(definition, compiled, author):
    """The next version of `definition`, a draft not yet saved."""
    version = Version(
        definition=definition, number=newest(definition) + 1, status="draft", schema=define.SCHEMA
    )
    version.author, version.author_name = author.key, author.name
    fill(version, compiled)
    return version


def newest(definition):
    """The highest number given to a version of `definition`; 0 before the first."""
    return definition.versions.aggregate(newest=Max("number"))["newest"] or 0


def fill(version, compiled):
    """Write what was compiled into a version that is still a draft."""
    version.source, version.bundle, version.digest = compiled.source, compiled.bundle, compiled.digest
    version.lock, version.assets, version.origin = (
        compiled.lock,
        compiled.assets,
        compiled.origin or version.origin,
    )


def recompile(draft):
    """Compile a draft anew with what is published now; PublishRefused when it does not fit."""
    compiled, faults = compile_tree(draft.source, _stored_resolver(draft), draft.origin)
    faults = [fault for fault in faults if fault.level == "error"] or (
        ledger_faults(draft.definition, compiled) if compiled else []
    )
    if faults:
        raise PublishRefused("この版には誤りがあるため、公開できません。", _as_faults(draft, faults))
    fill(draft, compiled)


def put_in_force(version, approver, note, loaded_by=None):
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
    announce()
    said = {
        "number": version.number,
        "digest": version.digest,
        "compat": version.compat,
        "difference": version.difference,
    }
    tell(version, "definition.published", loaded_by or approver, {**said, "note": note})


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


def renew_users(version, actor, seen):
    """Compile anew every published definition that has `version` in its lock; put it into force with it."""
    reference = f"{version.kind}/{version.code}"
    users = Definition.objects.filter(versions__status="published", versions__lock__contains=reference)
    for definition in users.exclude(pk__in=seen):
        user = definition.versions.select_related("definition").get(status="published")
        if user.lock.get(reference, version.digest) == version.digest:  # renewed meanwhile, by a way around
            continue
        compiled, faults = compile_tree(user.source, _stored_resolver(user), user.origin)
        if compiled is None:
            words = f"「{reference}」を使う「{definition}」が成り立たなくなるため、公開できません。"
            raise PublishRefused(words, _as_faults(user, faults))
        renewed = new_version(definition, compiled, RENEWAL)
        put_in_force(renewed, actor, f"「{reference}」の第{version.number}版に合わせて作り直しました。")
        renew_users(renewed, actor, {*seen, definition.pk})


def _stored_resolver(version):
    """A Resolver that reads what is in force, and the files kept with the version."""
    known = [f"{kind}/{code}" for kind, code in Definition.objects.values_list("kind", "code")]
    return Resolver(tree=version.source, find=find_published, known=known, read_asset=version.assets.get)


def find_published(kind, code):
    """(bundle, digest) of what is in force, or None."""
    there = Version.objects.filter(status="published", definition__kind=kind, definition__code=code)
    found = there.values_list("pk", "digest").first()
    return (_bundle(*found), found[1]) if found else None


@lru_cache(maxsize=512)
def _bundle(key, _digest):
    """The bundle of a version, kept by what it says: as long as the digest is the same, so are the words."""
    return Version.objects.values_list("bundle", flat=True).get(pk=key)


def _as_faults(version, faults):
    """Faults of a stored version: it has no lines any more, so the file, and the field."""
    file = (version.origin or [f"{version.kind}/{version.code}"])[0]
    return [
        Fault(file, 0, dotted(version.source, f.path), f.message, f.mend)
        for f in faults
        if f.level == "error"
    ]


def announce():
    """All processes read anew."""
    if not Stamp.objects.update(value=new_id()):
        Stamp.objects.create()
    unsettle()


def tell(version, verb, actor, payload):
    """One audit line in the stream of the definition."""
    record(stream=f"definition:{version.kind}/{version.code}", verb=verb, actor=actor, payload=payload)


def ledger_faults(definition, compiled):
    """DefinitionFaults for field keys that were something else before."""
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
