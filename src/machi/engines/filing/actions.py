"""Registering documents and what is done to them. Every action locks the document first, writes one line, and is one
transaction.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.engines.audit import public as audit
from machi.engines.documents import public as papers
from machi.engines.files import public as files
from machi.engines.filing import facts, rules
from machi.engines.filing.binders import binder_open
from machi.engines.filing.models import SEALS, WAYS, Document, Issue
from machi.engines.filing.queries import may, plan
from machi.engines.filing.rules import NotAllowed, Refused, Stale
from machi.engines.people import public as people
from machi.ground.calendar import TOKYO, fiscal_year, today
from machi.ground.text import UncleanText, clean_line

ACCEPTED, MAX_MB = ("pdf", "image", "office"), 30


@transaction.atomic
def register(*, document_id, kind, into, given, actor, uploads=()):
    """Register a document in a binder; what was received gets the next number of its unit and fiscal year.

    `into`: see `binders.binder_open`. `given` is name → value of `facts.FACTS`. Repeating `document_id` (a double
    click) gives the first one again.
    Raises NotAllowed, Refused; then no number is used up.
    """
    done = Document.objects.filter(id=document_id, registered_by=actor.key).first()
    if done:
        return done
    binder, values = _place_and_facts(into, {"subject": "", **given}, kind, actor)
    document = Document(
        id=document_id,
        kind=kind,
        unit=binder.holder,
        holder=binder.holder,
        year=fiscal_year(today()),
        binder=binder,
        code=binder.code,
        keep=binder.keep,
        registered_by=actor.key,
        registered_name=actor.name,
        **{"disclosure": binder.disclosure, **values},
    )
    if kind == "received":
        document.number = _number("received", document.unit)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as clash:
        raise Refused(_("この画面はもう使われています。開き直してください。")) from clash
    _attach(document, uploads)
    tell(document, "filing.registered", actor, {"kind": kind, "number": document.number, "binder": str(binder.id)})
    return document


def _place_and_facts(into, given, kind, actor):
    """(binder, clean values); everything that is wrong with either is said at once."""
    found, errors = [], {}
    for look in (lambda: binder_open(into, actor), lambda: facts.read(given, kind=kind, today=today())):
        try:
            found.append(look())
        except Refused as refused:
            said, errors = refused, errors | refused.errors
    if len(errors) > 1:
        raise Refused(_("入力を確かめてください。"), errors)
    if errors:
        raise said
    return found


def _number(which, unit):
    """The next number of a unit, as the file plan writes it."""
    found = people.unit(unit)
    sign = found.sign if found else ""
    return papers.next_number(**plan()["numbers"][which], values={"unit": unit, "sign": sign, "unit_sign": sign})


def locked(document_id, actor, verb="filing.handle"):
    """The document, locked until the transaction ends, if this actor may do `verb` to it."""
    document = Document.objects.select_for_update(of=("self",)).select_related("binder").get(id=document_id)
    if not may(actor, verb, document):
        raise NotAllowed(verb)
    if document.state not in ("open", "completed"):
        raise Refused(_("この文書は、もう廃棄または移管されています。"))
    return document


def tell(document, verb, actor, payload, personal=None):
    """One line in the chain of a document."""
    audit.record(
        stream=document.stream,
        verb=verb,
        actor=actor,
        payload={**payload, "revision": document.revision},
        personal=personal,
    )


def _attach(document, uploads):
    for upload in uploads:
        try:
            taken = files.receive(upload, accept=ACCEPTED, max_mb=MAX_MB)
        except files.FileRefused as refused:
            raise Refused(refused.message, {"files": f"{upload.name}: {refused.message}"}) from refused
        files.attach(
            blob=taken.blob, owner=document.stream, field="files", name=taken.name, sensitivity=document.sensitivity
        )


@transaction.atomic
def revise(*, document_id, revision, given, actor, into=None, uploads=()):
    """Change what is written of a document, or where it is filed; who changed what is kept for its life.

    Raises Stale when somebody else changed it since `revision`.
    """
    document = locked(document_id, actor)
    if document.revision != revision:
        raise Stale(document_id)
    values = facts.read(given, kind=document.kind, today=today())
    if document.owner:
        values = {name: said for name, said in values.items() if name in facts.OF_OWNED}
    changes = {
        name: [facts.as_json(getattr(document, name)), facts.as_json(said)]
        for name, said in values.items()
        if getattr(document, name) != said
    }
    for name, said in values.items():
        setattr(document, name, said)
    if into and str(into) != str(document.binder_id):
        changes["binder"] = [document.binder.title, _move(document, binder_open(into, actor)).title]
    _attach(document, uploads)
    if uploads:
        changes["files"] = [None, "、".join(upload.name for upload in uploads)]
    if changes:
        document.revision += 1
        document.save()
        tell(document, "filing.revised", actor, {"fields": sorted(changes)}, {"changes": changes})
    return document


def _move(document, binder):
    """Put a document into another binder; its retention becomes that of its new class."""
    document.binder, document.code, document.holder = binder, binder.code, binder.holder
    if not document.owner:
        document.keep = binder.keep
    document.kept_until = rules.kept_until(document.completed_on, document.keep)
    return binder


@transaction.atomic
def take_file_away(*, document_id, link_id, actor):
    """Take a file off a document that is still open; that it was there stays on record."""
    document = locked(document_id, actor)
    link = next((one for one in files.links(document.stream) if str(one.id) == str(link_id)), None)
    if link is None or document.state != "open":
        raise Refused(_("このファイルは外せません。画面を開き直してください。"))
    files.detach(link_id=link.id)
    document.revision += 1
    document.save()
    tell(document, "filing.revised", actor, {"fields": ["files"]}, {"changes": {"files": [link.name, None]}})
    return document


@transaction.atomic
def issue(*, document_id, issue_id, given, actor):
    """施行: send a document out with the next 文書番号 of its unit. Repeating `issue_id` gives the first one again.

    `given`: issued_on, addressee, sender, seal, way, proofread_by. Whoever proofread is another than who issues.
    """
    document = locked(document_id, actor)
    done = Issue.objects.filter(id=issue_id, document=document).first()
    if done:
        return done
    values = _issue_values(given, actor)
    sent = Issue.objects.create(
        id=issue_id,
        document=document,
        number=_number("issued", document.holder),
        unit=document.holder,
        year=fiscal_year(today()),
        by=actor.key,
        by_name=actor.name,
        **values,
    )
    document.revision += 1
    document.save()
    tell(document, "filing.issued", actor, {"number": sent.number, "issue": str(sent.id)})
    return sent


def _issue_values(given, actor):
    errors, values = {}, {"issued_on": given.get("issued_on")}
    for name, most in (("addressee", 200), ("sender", 120), ("proofread_by", 120)):
        try:
            values[name] = clean_line(given.get(name) or "", longest=most)
        except UncleanText as fault:
            errors[name] = fault.message
        if values.get(name) == "":
            errors[name] = _("書いてください。")
    for name, known in (("seal", SEALS), ("way", WAYS)):
        values[name] = given.get(name)
        if values[name] not in known:
            errors[name] = _("一つ選んでください。")
    if values["issued_on"] is None:
        errors["issued_on"] = _("施行した日を書いてください。")
    elif values["issued_on"] > today():
        errors["issued_on"] = _("今日までの日付を書いてください。")
    if values.get("proofread_by") and values["proofread_by"].replace(" ", "") == actor.name.replace(" ", ""):
        errors["proofread_by"] = _("浄書の照合は、施行する人とは別の人がしてください。")
    if errors:
        raise Refused(_("入力を確かめてください。"), errors)
    return values


@transaction.atomic
def complete(*, document_id, on, actor):
    """完結: nothing more is to be done; the retention begins on the next 1 April."""
    document = locked(document_id, actor)
    if document.state != "open" or document.owner:
        raise Refused(_("この文書は完結にできません。画面を開き直してください。"))
    began = document.received_on or document.registered_at.astimezone(TOKYO).date()
    if on is None or on > today() or on < began:
        said = _("受け付けた日から今日までの日付を書いてください。")
        raise Refused(said, {"on": said})
    completed(document, on)
    tell(document, "filing.completed", actor, {"on": on.isoformat(), "until": facts.as_json(document.kept_until)})
    return document


def completed(document, on):
    """Mark a document as complete on that day."""
    document.state, document.completed_on = "completed", on
    document.kept_until = rules.kept_until(on, document.keep)
    document.revision += 1
    document.save()


@transaction.atomic
def reopen(*, document_id, reason, actor):
    """Something is to be done after all: the retention stops."""
    document = locked(document_id, actor)
    if document.state != "completed" or document.owner or not reason.strip():
        raise Refused(_("完結した文書を戻すには、理由を書いてください。"), {"reason": _("理由を書いてください。")})
    document.state, document.completed_on, document.kept_until = "open", None, None
    document.revision += 1
    document.save()
    tell(document, "filing.reopened", actor, {}, {"reason": reason.strip()[:300]})
    return document


@transaction.atomic
def extend(*, document_id, until, reason, actor):
    """Keep a completed document longer than its class says; never shorter."""
    document = locked(document_id, actor, "filing.dispose")
    if document.kept_until is None or not rules.is_later(document.kept_until, until, today()):
        said = _("今の保存期限より後の日付を書いてください。")
        raise Refused(said, {"until": said})
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), {"reason": _("理由を書いてください。")})
    prolong(document, until, actor, reason)
    return document


def prolong(document, until, actor, reason):
    """Set the new last day of a locked document, with its line."""
    before, document.kept_until = document.kept_until, until
    document.revision += 1
    document.save()
    days = {"from": before.isoformat(), "until": until.isoformat()}
    tell(document, "filing.extended", actor, days, {"reason": reason.strip()[:300]})
