"""Bringing a package in, deciding about it, and knowing whose key is whose."""

import hashlib

from django.db import transaction

from machi.engines.audit.public import record
from machi.engines.definitions import public as definitions
from machi.engines.people.public import can_anywhere
from machi.ground.calendar import now

from .define import PackageRefused
from .models import Arrival, KnownKey
from .queries import report_of, signer_of
from .reading import read
from .signing import fingerprint


@transaction.atomic
def receive(*, data, name, actor):
    """Keep a package as it came, for somebody to decide. The same file again gives the first Arrival.

    Raises PackageRefused, and keeps nothing then.
    """
    package, digest = read(data), hashlib.sha256(data).hexdigest()
    said = package.manifest
    came, new = Arrival.objects.get_or_create(
        digest=digest,
        defaults={
            "name": name[-200:], "data": data, "title": said.title, "origin": said.origin.name, "key": package.key,
            "by": actor.key, "by_name": actor.name,
        },
    )  # fmt: skip
    if new:
        _tell(came, "package.received", actor, {"digest": digest, "signer": fingerprint(package.key)})
    return came


@transaction.atomic
def land(*, arrival_id, replace, accept_signer, remember, actor):
    """Take a package in: procedures as manuscripts, all else as drafts. Nothing is published by this.

    What is here already stays as it is, except the references in `replace`: of those theirs becomes a draft.
    An unknown signer needs `accept_signer`, from somebody who may publish; `remember` keeps the key as that
    city's from now on. Returns the Arrival; its `landed` says what became of each. Raises PackageRefused.
    """
    came = Arrival.objects.select_for_update().get(pk=arrival_id)
    if came.landed is not None:
        raise PackageRefused("このパッケージは、もう取り込まれています。")
    signer = signer_of(came.key)
    if signer.state == "unknown":
        _check_acceptance(accept_signer, actor)
    found = report_of(came)
    came.landed = [_land_one(item, found, item.reference in replace, came, actor) for item in found.items]
    came.landed_by, came.landed_at = actor.name or actor.key, now()
    came.save(update_fields=["landed", "landed_by", "landed_at"])
    said = {"signer": signer.fingerprint, "signer_was": signer.state, "landed": came.landed}
    _tell(came, "package.landed", actor, said)
    if signer.state == "unknown" and remember:
        know(key=came.key, city=found.manifest.origin.code, name=found.manifest.origin.name, actor=actor)
    return came


@transaction.atomic
def know(*, key, city, name, actor):
    """Note that `key` is that city's: what is signed with it needs no further question."""
    if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
        raise PackageRefused("鍵は、英数字（0-9とa-f）64文字で書いてください。")
    if not name.strip():
        raise PackageRefused("どの市の鍵かを書いてください。")
    known, new = KnownKey.objects.get_or_create(
        key=key, ended_at=None, defaults={"city": city, "name": name, "by": actor.name or actor.key}
    )
    if new:
        record(
            stream=f"package_key:{key[:16]}", verb="package.key_known", actor=actor,
            payload={"key": key, "city": city, "name": name},
        )  # fmt: skip
    return known


@transaction.atomic
def forget_key(*, key, actor):
    """From now on `key` is nobody's we know. Returns whether it was anybody's."""
    found = KnownKey.objects.filter(key=key, ended_at=None).update(ended_at=now())
    if found:
        record(stream=f"package_key:{key[:16]}", verb="package.key_forgotten", actor=actor, payload={"key": key})
    return bool(found)


def _check_acceptance(accept_signer, actor):
    if not accept_signer:
        raise PackageRefused(
            "この署名の鍵を、このまちは知りません。送り元に電話などで鍵の指紋を確かめてから、確かめたことを示してください。"
        )
    if not can_anywhere(actor, "definitions.publish"):
        raise PackageRefused(
            "知らない鍵の署名を受け入れられるのは、定義を公開できる人だけです。その人に取り込みを頼んでください。"
        )


def _land_one(item, found, replace, came, actor):
    """[reference, outcome, words]: kept (ours stays), manuscript, draft or refused."""
    if item.state == "same" or (item.state == "different" and not replace):
        return [item.reference, "kept", ""]
    try:
        with transaction.atomic():
            return [item.reference, _take(item, found, came, actor), ""]
    except definitions.CodeTaken:
        return [item.reference, "refused", "同じ名前の原稿を、だれかが書いています。"]
    except definitions.PublishRefused as refused:
        return [item.reference, "refused", refused.message]


def _take(item, found, came, actor):
    key = (item.kind, item.code)
    if item.kind == "procedure":
        package = read(bytes(came.data))
        definitions.begin_manuscript(
            tree=package.trees[key],
            assets=package.assets.get(key, {}),
            actor=actor,
            base=definitions.current(*key),
        )
        return "manuscript"
    compiled = found.compiled[key]
    if compiled is None:
        raise definitions.PublishRefused("誤りがあるため、下書きにできません。")
    definitions.keep_draft(compiled=compiled, actor=actor, origin=[f"{came.origin}: {came.name}"])
    return "draft"


def _tell(came, verb, actor, payload):
    record(stream=f"package:{came.id}", verb=verb, actor=actor, payload=payload)
