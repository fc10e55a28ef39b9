"""Lists of what goes: made in the unit, confirmed by a second person, carried out document by document.

Between confirmation and the last document there may be hours: each document is looked at again, with its row and the
thing it stands for locked. What is held or open by then stays, and the certificate says so.
"""

import pgtrigger
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.engines.audit import public as audit
from machi.engines.audit.define import Actor
from machi.engines.definitions.public import current
from machi.engines.documents import public as papers
from machi.engines.effects.public import enqueue
from machi.engines.files import public as files
from machi.engines.filing import rules
from machi.engines.filing.actions import prolong, tell
from machi.engines.filing.define import source_of
from machi.engines.filing.models import OUTCOMES, Binder, Disposal, Document, Hold, Item, Line
from machi.engines.filing.queries import due, held, is_held, may, units_where
from machi.engines.filing.rules import NotAllowed, Refused
from machi.ground.calendar import TOKYO, fiscal_year, now, today

PORT = "filing.dispose"
CERTIFICATE = "office.disposal_certificate"
BATCH = 200
MOST = 5000


@transaction.atomic
def make_list(*, unit, actor):
    """A new list of what is due in a unit, a line for each binder, as its class says; what is held is left out."""
    if unit not in {one.code for one in units_where(actor, "filing.dispose")}:
        raise NotAllowed("filing.dispose")
    shown = list(due(unit).exclude(is_held()).select_related("binder").order_by("binder", "id")[:MOST])
    if not shown:
        raise Refused(_("いま、保存期間の満了した文書はありません。"))
    made = Disposal(unit=unit, year=fiscal_year(today()), made_by=actor.key, made_name=actor.name)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        raise Refused(_("この課には、終わっていない廃棄のリストがあります。先にそれを終えてください。")) from clash
    lines = {}
    for document in shown:
        if document.binder_id not in lines:
            choice = "transfer" if document.binder.then == "transfer" else "destroy"
            lines[document.binder_id] = Line.objects.create(disposal=made, binder=document.binder, choice=choice)
    Item.objects.bulk_create([Item(line=lines[one.binder_id], document=one) for one in shown])
    _tell(made, "filing.list_made", actor, {"documents": len(shown)})
    return made


def _tell(made, verb, actor, payload, personal=None):
    audit.record(stream=made.stream, verb=verb, actor=actor, payload={**payload, "unit": made.unit}, personal=personal)


def _locked(disposal_id, actor, verb, state):
    made = Disposal.objects.select_for_update().get(id=disposal_id)
    if not may(actor, verb, made):
        raise NotAllowed(verb)
    if made.state != state:
        raise Refused(_("このリストは、ほかの人が先に進めました。画面を開き直してください。"))
    return made


@transaction.atomic
def choose(*, disposal_id, choices, actor):
    """What shall become of each binder: {line id: (choice, reason, until)}. An extension needs a reason and a day."""
    made, errors = _locked(disposal_id, actor, "filing.dispose", "drafted"), {}
    for line in made.lines.select_related("binder"):
        if line.id in choices:
            choice, reason, until = choices[line.id]
            fault = _fault_of(choice, reason, until)
            if fault:
                errors[f"reason-{line.id}"] = fault
            line.choice, line.reason, line.until = choice, reason.strip()[:300], until if choice == "extend" else None
            if not fault:
                line.save()
    if errors:
        raise Refused(_("入力を確かめてください。"), errors)
    return made


def _fault_of(choice, reason, until):
    if choice not in ("destroy", "extend", "transfer"):
        return _("一つ選んでください。")
    if choice == "extend" and not reason.strip():
        return _("延長する理由を書いてください。")
    if choice == "extend" and (until is None or until < today()):
        return _("いつまで保存するか、今日より後の日付を書いてください。")
    return ""


@transaction.atomic
def propose(*, disposal_id, actor):
    """Hand the list to the second person."""
    made = _locked(disposal_id, actor, "filing.dispose", "drafted")
    made.state, made.note = "proposed", ""
    made.save(update_fields=["state", "note"])
    _tell(made, "filing.list_proposed", actor, {})
    return made


@transaction.atomic
def withdraw(*, disposal_id, actor):
    """Throw the list away; what was on it stays as it is."""
    made = _locked(disposal_id, actor, "filing.dispose", "drafted")
    made.state = "withdrawn"
    made.save(update_fields=["state"])
    _tell(made, "filing.list_withdrawn", actor, {})
    return made


@transaction.atomic
def send_back(*, disposal_id, note, actor):
    """The second person does not agree: the maker changes the list."""
    made = _locked(disposal_id, actor, "filing.confirm", "proposed")
    if not note.strip():
        raise Refused(_("理由を書いてください。"), {"note": _("何を直すかを書いてください。")})
    made.state, made.note = "drafted", note.strip()[:300]
    made.save(update_fields=["state", "note"])
    _tell(made, "filing.list_sent_back", actor, {}, {"reason": made.note})
    return made


@transaction.atomic
def confirm(*, disposal_id, actor):
    """The second person agrees; what is listed goes as soon as the transaction is committed."""
    made = _locked(disposal_id, actor, "filing.confirm", "proposed")
    if made.made_by == actor.key:
        raise Refused(_("リストを作った人は、自分で確認できません。ほかの人に頼んでください。"))
    if current("document", CERTIFICATE) is None:
        raise Refused(_("廃棄証明書の定義がありません。システム管理担当に連絡してください。"))
    made.state, made.confirmed_by, made.confirmed_name = "confirmed", actor.key, actor.name
    made.confirmed_at = now()
    made.save(update_fields=["state", "confirmed_by", "confirmed_name", "confirmed_at"])
    _tell(made, "filing.list_confirmed", actor, {})
    _go_on(made, 0)
    return made


def _go_on(made, done):
    enqueue(port=PORT, key=f"{PORT}:{made.id}:{done}", payload={"disposal": str(made.id)}, owner=made.stream)


def carry_out(disposal_id):
    """Carry out the next documents of a confirmed list, each in a transaction of its own; at the end, certify."""
    made = Disposal.objects.get(id=disposal_id)
    if made.state != "confirmed":
        return
    actor = Actor(kind="staff", account=int(made.confirmed_by.partition(":")[2]), name=made.confirmed_name)
    waiting = Item.objects.filter(line__disposal=made, outcome="").order_by("id")
    for item in waiting.values_list("id", flat=True)[:BATCH]:
        _carry_out(item, actor)
    if waiting.exists():
        _go_on(made, Item.objects.filter(line__disposal=made).exclude(outcome="").count())
    else:
        _certify(made.id, actor)


@transaction.atomic
def _carry_out(item_id, actor):
    """One document goes, or stays. Locked in this order: the thing it stands for, its binder, itself."""
    item = Item.objects.select_related("line__disposal", "document").get(id=item_id)
    source, owner = source_of(item.document.owner), item.document.owner
    over = source.hold_still(owner) if source else not owner
    Binder.objects.select_for_update().get(id=item.document.binder_id)
    document = Document.objects.select_for_update(of=("self",)).get(id=item.document_id)
    if Item.objects.select_for_update().get(id=item_id).outcome:
        return
    line, made = item.line, item.line.disposal
    item.why = "open" if not over else _why_kept(document, line)
    if item.why:
        item.outcome = "kept"
    elif line.choice == "destroy":
        _destroy(document, source, made, actor)
        item.outcome = "destroyed"
    elif line.choice == "transfer":
        _archive(document, made, actor)
        item.outcome = "transferred"
    else:
        prolong(document, line.until, actor, line.reason)
        item.outcome = "extended"
    item.save(update_fields=["outcome", "why"])


def _why_kept(document, line):
    """Why this document stays after all: held, running again, or no longer due; "" when nothing stands against it."""
    if document.state != "completed":
        return "open"
    if held(document).exists():
        return "held"
    if not rules.is_due(document.kept_until, today()):
        return "not_due"
    late = line.choice == "extend" and not rules.is_later(document.kept_until, line.until, today())
    return "not_later" if late else ""


def _destroy(document, source, made, actor):
    """Take the personal content away for good. The row stays and says what there was: number, class, days."""
    reason = f"filing.disposal:{made.id}"
    if source:
        source.destroy(owner=document.owner, actor=actor, reason=reason)
    files.drop(owner=document.stream)
    with pgtrigger.ignore("filing.Issue:issue_stays", "filing.Hold:lifted_hold_stays"):
        document.issues.update(addressee="")
        Hold.objects.filter(document=document).update(reason="-", lifted_reason="-")
    for name in ("subject", "correspondent", "their_number", "disclosure_basis", "drafter", "place", "note"):
        setattr(document, name, "")
    document.state, document.gone_on = "destroyed", today()
    document.revision += 1
    document.save()
    audit.shred(stream=document.stream, actor=actor, reason=reason)
    tell(document, "filing.destroyed", actor, {"disposal": str(made.id)})


def _archive(document, made, actor):
    """Hand a document to the archives: it is kept for ever, and nothing of it changes."""
    document.state, document.gone_on, document.kept_until = "archived", today(), None
    document.revision += 1
    document.save()
    tell(document, "filing.archived", actor, {"disposal": str(made.id)})


@transaction.atomic
def _certify(disposal_id, actor):
    """Close the list with its certificate, which is kept for ever."""
    made = Disposal.objects.select_for_update().get(id=disposal_id)
    if made.state != "confirmed":
        return
    paper = papers.issue(
        bundle=current("document", CERTIFICATE).bundle,
        values=_certificate_values(made),
        owner=made.stream,
        actor=actor,
        unit=made.unit,
    )
    made.state, made.done_at, made.certificate = "done", now(), paper.id
    made.save(update_fields=["state", "done_at", "certificate"])
    counts = {outcome: made_count(made, outcome) for outcome in OUTCOMES if outcome}
    _tell(made, "filing.list_done", actor, {**counts, "certificate": paper.number})


def made_count(made, outcome):
    """How many documents of a list had this outcome."""
    return Item.objects.filter(line__disposal=made, outcome=outcome).count()


def _certificate_values(made):
    lines = [
        {
            "binder": line.binder.title,
            "code": rules.spelled(line.binder.code),
            "year": line.binder.year,
            "choice": line.choice,
            "reason": line.reason,
            **{outcome: line.items.filter(outcome=outcome).count() for outcome in OUTCOMES if outcome},
        }
        for line in made.lines.select_related("binder").order_by("binder__year", "binder__code", "id")
    ]
    return {
        "year": made.year,
        "lines": lines,
        "made": {"name": made.made_name, "on": made.made_at.astimezone(TOKYO).date()},
        "confirmed": {"name": made.confirmed_name, "on": made.confirmed_at.astimezone(TOKYO).date()},
    }
