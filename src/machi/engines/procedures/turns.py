"""What changes the course of a whole case: answering again, taking it back, striking it, money, time."""

from django.utils.translation import gettext as _

from machi.engines.documents import public as documents
from machi.engines.effects.public import cancel_key
from machi.engines.filing import public as filing
from machi.engines.payments import public as payments
from machi.engines.procedures import flow, rules, slots
from machi.engines.procedures.accounts import account_errors
from machi.engines.procedures.answers import revise
from machi.engines.procedures.cosigning import go_on
from machi.engines.procedures.giving_back import give_back
from machi.engines.procedures.handling import active_step
from machi.engines.procedures.merging import let_go
from machi.engines.procedures.models import Publication
from machi.engines.procedures.rules import Refused
from machi.engines.procedures.steps import advance
from machi.engines.procedures.telling import notify
from machi.ground.calendar import now
from machi.ground.languages import pick


def correct(run, payload):
    """The applicant answers again, but only the fields that were asked for."""
    asked = active_step(run, payload, ("ask_applicant",))
    given = payload.get("answers") or {}
    sheet = revise(
        run, {name: given.get(name) for name in asked.fields}, reason="correction", only=asked.fields
    )
    wrong = account_errors(run.case.definition, sheet, run.actor, only=asked.fields)
    if wrong:
        raise Refused(_("入力を確かめてください。"), wrong)
    slots.hold_chosen(run.case.definition, sheet, owner=run.case.owner, only=asked.fields)
    flow.finish_step(asked, "done")
    cancel_key(f"expire:{asked.id}")
    run.work()
    go_on(run, asked.resume or run.steps[asked.key]["outcomes"]["done"])


def withdraw(run, payload):
    """The applicant takes the application back, within the rule of the procedure."""
    why_not = why_not_withdraw(run)
    if why_not:
        raise Refused(why_not)
    give_back(run, payload.get("reason") or "withdrawn")
    let_go(run)
    flow.close(run, "withdrawn", "cancelled")
    notify(run, run.bundle["notices"]["withdrawn"], "withdrawn")


def why_not_withdraw(run):
    """The sentence that says why this case cannot be taken back now, or ""."""
    rule = run.bundle["cancel"]
    if "withdrawn" not in rules.TRANSITIONS[run.case.status]:
        return _("すでに決定しているため、取り下げることができません。")
    if not rule:
        return _("この手続はインターネットから取り下げることができません。担当課に連絡してください。")
    return "" if run.evaluate(rule["while"]) is True else pick(rule["explain"], run.case.language)


def void(run, payload):
    """Staff strike a case that should not exist (sent twice, by mistake); the reason is kept."""
    reason = (payload.get("reason") or "").strip()
    if not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("あとで読む人のために書いてください。")})
    give_back(run, reason)
    let_go(run)
    run.say("voided", personal={"reason": reason})
    flow.close(run, "void", "cancelled")


def reopen(run, payload):
    """Open an ended case again at one of its steps, with the reason."""
    reason, key = (payload.get("reason") or "").strip(), payload.get("step", "")
    if not reason or run.steps.get(key, {}).get("type") not in rules.HUMAN:
        raise Refused(_("どの段階から、なぜ再開するかを書いてください。"))
    filing.unfile(run.case.owner, actor=run.actor)
    run.move("working")
    run.case.closed_at = run.case.retention_until = None
    run.case.result = ""
    run.say("reopened", {"step": key}, {"reason": reason})
    advance(run, key)


def take_payment(run, payload):
    """The charge was paid at the counter or on collection."""
    charge = next((c for c in payments.of_owner(run.case.owner) if str(c.id) == payload.get("charge")), None)
    if charge is None:
        raise Refused(_("この請求は見つかりません。"))
    if charge.state != "due":
        raise Refused(_("この請求は、もう納付を待っていません。画面を開き直してください。"))
    method = payload.get("method") or "cash"
    try:
        payments.receive(
            charge_id=charge.id, amount=charge.amount, method=method, actor=run.actor, key=run.case.owner
        )
    except payments.PaymentRefused as refused:
        raise Refused(str(refused)) from refused
    run.say("paid", {"amount": charge.amount, "method": method})
    waiting = run.case.steps.filter(state="active", type="pay", key=_step_of(charge)).first()
    if waiting and not _due_charges(run, waiting.key):
        flow.finish_step(waiting, "paid")
        cancel_key(f"expire:{waiting.id}")
        run.work()
        advance(run, run.steps[waiting.key]["outcomes"]["paid"])


def _step_of(charge):
    """The key of the step that raised a charge; behind it stand the part of an instalment, and which time it was."""
    return charge.code.partition("~")[0].partition(":")[0]


def _due_charges(run, key):
    """What the step `key` raised and is not paid yet."""
    return [one for one in payments.of_owner(run.case.owner) if one.state == "due" and _step_of(one) == key]


def withdraw_document(run, payload):
    """An issued document is declared void; whoever checks its code sees that from now on."""
    held = documents.documents_of(run.case.owner)
    document = next((one for one in held if str(one.id) == payload.get("document")), None)
    reason = (payload.get("reason") or "").strip()
    if document is None or document.state != "valid":
        raise Refused(_("この文書は、もう有効ではありません。"))
    if not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("あとで読む人のために書いてください。")})
    documents.withdraw(document_id=document.id, actor=run.actor, reason=reason)
    run.say(
        "document_withdrawn", {"document": str(document.id), "number": document.number}, {"reason": reason}
    )


def take_back(run, _payload):
    """What was published is taken off the public page."""
    Publication.objects.filter(case=run.case, taken_back_at=None).update(taken_back_at=now())
    run.say("taken_back")


def fire(run, payload):
    """A timer has come: the waiting is over, or the applicant's time is up."""
    step = run.case.steps.filter(id=payload["timer_step"], state="active").first()
    if step is None:
        return
    defined = run.steps.get(step.key, {})
    if step.type in ("wait", "acknowledge"):
        flow.finish_step(step, "")
        advance(run, rules.choose(defined["next"], run.evaluate))
        return
    flow.finish_step(step, "expired")
    if step.type == "pay":
        for charge in _due_charges(run, step.key):
            payments.cancel(charge_id=charge.id, actor=run.actor, reason="expired")
    run.work()
    if step.type == "cosign":
        run.say("cosign_expired", {"step": step.key})
    elif step.resume:
        run.say("correction_expired", {"step": step.resume})
    after = defined.get("outcomes", {}).get("expired")
    advance(run, after["to"] if step.type == "cosign" else step.resume or after)
