"""What may be done to a case: one function a verb. Each runs inside a command, with the case locked.

A verb says who may use it (`need`: a right of staff, or "applicant", or "system"), and in which statuses.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from machi.engines.bookings import public as bookings
from machi.engines.effects.public import cancel_key
from machi.engines.payments import public as payments
from machi.engines.people.public import post_title, unit
from machi.engines.procedures import flow, rules, scope
from machi.engines.procedures.answers import revise
from machi.engines.procedures.models import Decision, Publication
from machi.engines.procedures.rules import Refused
from machi.ground.calendar import now, today
from machi.ground.languages import pick

OPEN = (
    "submitted",
    "accepted",
    "working",
    "awaiting_applicant",
    "awaiting_third_party",
    "suspended",
    "decided",
)


@dataclass(frozen=True)
class Verb:
    """One verb: its work, who may use it, when."""

    do: Callable
    need: str
    statuses: tuple = OPEN


def _active(run, payload, types=rules.HUMAN):
    """The active step the command is about."""
    steps = run.case.steps.filter(state="active", type__in=types)
    found = steps.filter(key=payload["step"]).first() if payload.get("step") else steps.first()
    if found is None:
        raise Refused(_("この段階はもう終わっています。画面を開き直してください。"))
    return found


def claim(run, payload):
    """Take the step on: the others see who works on it."""
    step = _active(run, payload)
    if step.claimed_by_id not in (None, run.actor.account):
        raise Refused(_("%(name)sさんが担当しています。") % {"name": step.claimed_by.person.name})
    step.claimed_by_id = run.actor.account
    step.save(update_fields=["claimed_by"])
    run.say("claimed", {"step": step.key})


def release(run, payload):
    """Give the step back to the unit."""
    step = _active(run, payload)
    step.claimed_by = None
    step.save(update_fields=["claimed_by"])
    run.say("released", {"step": step.key})


def note(run, payload):
    """Write a note that only staff read."""
    text = (payload.get("text") or "").strip()
    if not text:
        raise Refused(_("メモを入力してください。"))
    run.say("noted", personal={"text": text})


def transfer(run, payload):
    """Hand the case to the unit that it belongs to."""
    unit_code = payload.get("unit", "")
    if unit(unit_code) is None:
        raise Refused(_("担当課を選んでください。"))
    before, run.case.unit = run.case.unit, unit_code
    run.case.steps.filter(state="active").update(unit=unit_code, claimed_by=None)
    run.say("transferred", {"from": before, "to": unit_code}, {"reason": payload.get("reason", "")})


def ask_correction(run, payload):
    """Ask the applicant to correct the named fields; the step is opened again when they have."""
    step = _active(run, payload)
    correct = run.steps[step.key].get("correct")
    fields, message = payload.get("fields") or [], (payload.get("message") or "").strip()
    known = {field["key"] for field in run.bundle["form"]["fields"]}
    if correct == "never" or run.case.status == "decided":
        raise Refused(_("この段階では補正を求めることができません。"))
    if not fields or not set(fields) <= known:
        raise Refused(
            _("直してほしい項目を選んでください。"), {"fields": _("項目を一つ以上選んでください。")}
        )
    if not message:
        raise Refused(_("何をどう直すかを書いてください。"), {"message": _("申請した人が読む文です。")})
    if not (run.case.account_id or run.case.email):
        raise Refused(_("連絡先がないため、補正を求めることができません。"))
    flow.finish_step(step, "return", state="returned")
    flow.ask(run, key="correction", fields=fields, message=message, due=correct, resume=step.key)


def correct(run, payload):
    """The applicant answers again, but only the fields that were asked for."""
    asked = _active(run, payload, ("ask_applicant",))
    revise(
        run,
        {name: payload["answers"].get(name) for name in asked.fields},
        reason="correction",
        only=asked.fields,
    )
    flow.finish_step(asked, "done")
    cancel_key(f"expire:{asked.id}")
    run.move("working")
    following = asked.resume or run.steps[asked.key]["outcomes"]["done"]
    flow.advance(run, following)


def complete(run, payload):
    """Finish a check or a task with one of its outcomes."""
    step = _active(run, payload, ("check", "task"))
    _finish(run, step, payload)


def decide(run, payload):
    """Decide: result, reasons, basis and how to appeal are kept for good, and the applicant is told."""
    step = _active(run, payload, ("decide",))
    outcome = _outcome(run, step, payload)
    result = outcome["result"]
    reasons = (payload.get("reasons") or "").strip()
    if outcome["reasons"] == "required" and not reasons:
        raise Refused(_("理由を書いてください。"), {"reasons": _("この決定には理由が必要です。")})
    defined = run.steps[step.key]
    if result:
        Decision.objects.create(
            case=run.case,
            result=result,
            reasons=reasons,
            legal_basis=pick(defined.get("legal_basis"), "ja"),
            appeal=pick(defined.get("appeal"), "ja") if result != "granted" else "",
            post=post_title(run.actor),
            by=run.actor.key,
            by_name=run.actor.name,
            supersedes=run.case.decisions.order_by("-at").first(),
        )
        run.move("decided")
        run.say("decided", {"step": step.key, "result": result}, {"reasons": reasons})
    _finish(run, step, payload, told=bool(result))


def _outcome(run, step, payload):
    outcomes = run.steps[step.key]["outcomes"]
    if payload.get("outcome") not in outcomes:
        raise Refused(_("結果を選んでください。"))
    return outcomes[payload["outcome"]]


def _finish(run, step, payload, *, told=False):
    outcome = _outcome(run, step, payload)
    step.answers = _staff_answers(run, step, payload, outcome)
    flow.finish_step(step, payload["outcome"])
    run.say(
        "finished", {"step": step.key, "outcome": payload["outcome"]}, {"note": payload.get("reasons", "")}
    )
    if told:
        flow.notify(run, run.bundle["notices"]["decided"], f"decided:{step.id}")
    flow.advance(run, outcome["to"])


def _staff_answers(run, step, payload, outcome):
    """What staff filled in, checked by the step's own form; a refusal needs no filled form."""
    unchecked = [
        line["key"]
        for line in run.steps[step.key].get("checklist", [])
        if line["key"] not in (payload.get("checked") or [])
    ]
    form = scope.step_form(run.case.definition, step.key)
    lenient = outcome["tone"] == "danger"
    if unchecked and not lenient:
        raise Refused(
            _("確認していない項目があります。"), {"checked": _("すべて確認してからにしてください。")}
        )
    if form is None:
        return {}
    sheet = form.evaluate(payload.get("answers") or {}, today=today())
    if sheet.errors and not lenient:
        raise Refused(_("入力を確かめてください。"), dict(sheet.errors))
    return sheet.stored()


def withdraw(run, payload):
    """The applicant takes the application back, within the rule of the procedure."""
    why_not = why_not_withdraw(run)
    if why_not:
        raise Refused(why_not)
    _undo(run, payload.get("reason") or "withdrawn")
    flow.close(run, "withdrawn", "cancelled")
    flow.notify(run, run.bundle["notices"]["withdrawn"], "withdrawn")


def why_not_withdraw(run):
    """The sentence that says why this case cannot be taken back now, or ""."""
    rule = run.bundle["cancel"]
    if run.case.status in ("decided", *"closed") or "withdrawn" not in rules.TRANSITIONS[run.case.status]:
        return _("すでに決定しているため、取り下げることができません。")
    if not rule:
        return _("この手続はインターネットから取り下げることができません。担当課に連絡してください。")
    booked = next(iter(bookings.of_owner(run.case.owner)), None)
    seen = {**run.values(), "booked_day": booked.day if booked else None}
    return "" if run.evaluate(rule["while"], seen) is True else pick(rule["explain"], run.case.language)


def void(run, payload):
    """Staff strike a case that should not exist (sent twice, by mistake); the reason is kept."""
    reason = (payload.get("reason") or "").strip()
    if not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("あとで読む人のために書いてください。")})
    _undo(run, reason)
    run.say("voided", personal={"reason": reason})
    flow.close(run, "void", "cancelled")


def _undo(run, reason):
    """Give back what the case held: its place, and what was charged."""
    bookings.release(owner=run.case.owner)
    for charge in payments.of_owner(run.case.owner):
        if charge.state in ("due", "paid"):
            payments.cancel(charge_id=charge.id, actor=run.actor, reason=reason)


def reopen(run, payload):
    """Open an ended case again at one of its steps, with the reason."""
    reason, key = (payload.get("reason") or "").strip(), payload.get("step", "")
    if not reason or run.steps.get(key, {}).get("type") not in rules.HUMAN:
        raise Refused(_("どの段階から、なぜ再開するかを書いてください。"))
    run.move("working")
    run.case.closed_at = run.case.retention_until = None
    run.case.result = ""
    run.say("reopened", {"step": key}, {"reason": reason})
    flow.advance(run, key)


def take_payment(run, payload):
    """The charge was paid at the counter or on collection."""
    charge = next((c for c in payments.of_owner(run.case.owner) if str(c.id) == payload.get("charge")), None)
    if charge is None:
        raise Refused(_("この請求は見つかりません。"))
    payments.receive(
        charge_id=charge.id,
        amount=charge.amount,
        method=payload.get("method", "cash"),
        actor=run.actor,
        key=f"{run.case.owner}:{charge.id}",
    )
    run.say("paid", {"amount": charge.amount, "method": payload.get("method", "cash")})
    waiting = run.case.steps.filter(state="active", type="pay", key=charge.code).first()
    if waiting:
        flow.finish_step(waiting, "paid")
        cancel_key(f"expire:{waiting.id}")
        run.move("working")
        flow.advance(run, run.steps[waiting.key]["outcomes"]["paid"])


def take_back(run, _payload):
    """What was published is taken off the public page."""
    Publication.objects.filter(case=run.case, taken_back_at=None).update(taken_back_at=now())
    run.say("taken_back")


def fire(run, payload):
    """A timer has come: the waiting is over, or the applicant's time is up."""
    step = run.case.steps.filter(id=payload["timer_step"], state="active").first()
    if step is None:
        return
    defined = run.steps.get(step.key)
    if step.type == "wait":
        flow.finish_step(step, "")
        flow.advance(run, rules.choose(defined["next"], run.evaluate))
    elif step.resume:
        flow.finish_step(step, "expired")
        run.move("working")
        run.say("correction_expired", {"step": step.resume})
        flow.advance(run, step.resume)
    else:
        flow.finish_step(step, "expired")
        run.move("working")
        flow.advance(run, defined["outcomes"]["expired"])


VERBS = {
    "claim": Verb(claim, "procedures.handle"),
    "release": Verb(release, "procedures.handle"),
    "note": Verb(note, "procedures.handle", (*OPEN, "closed", "withdrawn")),
    "transfer": Verb(transfer, "procedures.handle"),
    "ask_correction": Verb(ask_correction, "procedures.handle"),
    "complete": Verb(complete, "procedures.handle"),
    "decide": Verb(decide, "procedures.decide"),
    "void": Verb(void, "procedures.void"),
    "reopen": Verb(reopen, "procedures.decide", ("closed",)),
    "take_payment": Verb(take_payment, "payments.receive", (*OPEN, "closed")),
    "take_back": Verb(take_back, "procedures.publish", (*OPEN, "closed")),
    "correct": Verb(correct, "applicant", ("awaiting_applicant",)),
    "withdraw": Verb(withdraw, "applicant"),
    "fire": Verb(fire, "system"),
}
