"""Carrying a case on: one function a type of step.

Automatic steps are carried out and give the key of the step that follows; the others open and give None.
"""

from datetime import datetime, time

from django.utils.translation import gettext as _

from machi.engines.approvals import public as approvals
from machi.engines.bookings import public as bookings
from machi.engines.documents import public as documents
from machi.engines.payments import public as payments
from machi.engines.procedures import attending, entering, flow, rules, scope, slots
from machi.engines.procedures.answers import seal_of
from machi.engines.procedures.circulating import circulate
from machi.engines.procedures.consents import consents_of
from machi.engines.procedures.following import tell_merged
from machi.engines.procedures.models import Publication
from machi.engines.procedures.rules import Refused
from machi.engines.procedures.signing import open_signing
from machi.engines.procedures.telling import notify
from machi.ground.calendar import TOKYO, parse_duration, today
from machi.ground.languages import pick
from machi.ground.money import split_yen

LATE = "P3BD"  # where a definition does not say
LONGEST_RUN = 50  # automatic steps in one command: compile refuses endless runs, this is the second net


def advance(run, key):
    """Open step `key` and go on through automatic steps until somebody or something is waited for."""
    for _turn in range(LONGEST_RUN):
        step = run.steps[key]
        key = AUTOMATIC[step["type"]](run, key, step)
        if key is None:
            run.case.save()
            return
    message = f"more than {LONGEST_RUN} automatic steps"
    raise rules.Illegal(message)


def _passed(run, key, step, outcome=""):
    """Leave a line for an automatic step that was carried out."""
    flow.finish_step(flow.open_step(run, key, step), outcome)


def _follow(run, step):
    seen = {} if isinstance(step["next"], str) else run.values()
    return rules.choose(step["next"], lambda text: run.evaluate(text, seen))


def _intake(run, key, step):
    case, office = run.case, scope.office(run.case.unit)
    sign = office.sign if office else ""
    case.number = documents.next_number(
        **step["number"], values={"unit": case.unit, "sign": sign, "unit_sign": sign}
    )
    run.move("accepted")
    _passed(run, key, step)
    run.say("accepted", {"number": case.number})
    notify(run, run.bundle["notices"]["receipt"], "receipt")
    return _follow(run, step)


def _branch(run, _key, step):
    return _follow(run, step)


def _human(run, key, step):
    run.work()
    seen = run.values()
    unit = scope.unit_code(run.evaluate(step["unit"], seen) if step.get("unit") else "", run.case.unit)
    opens = run.evaluate(step["opens"], seen) if step.get("opens") else None
    opened = flow.open_step(run, key, step, unit=unit, **({"due_on": opens} if opens else {}))
    _watch(run, opened, step.get("escalate", LATE))
    run.say("step_opened", {"step": key, "unit": unit})


def _watch(run, opened, escalate):
    """Whoever heads the unit is told when the step is so much later than its due day."""
    if opened.due_on and escalate != "never":
        day = parse_duration(escalate).after(opened.due_on, scope.calendar_of(run.bundle))
        flow.remind_on(run, opened, day, "escalate")


def _approve(run, key, step):
    """Open the next round over the sealed answers, for those whom the route names."""
    if run.case.status != "decided":
        run.move("working")
    seen = run.values()
    inputs = {name: run.evaluate(text, seen) for name, text in step["inputs"].items()}
    route = run.bundle["used"][step["route"]]
    row = approvals.choose(route, inputs)
    if row is None:
        raise Refused(_("決裁ルートを決められません。金額と事項を確かめてください。"))
    try:
        opened = approvals.open_round(
            owner=run.case.owner,
            key=key,
            digest=seal_of(run.case, step),
            row={"days": route.get("days"), "inputs": inputs, **row},
            unit=run.case.unit,
            drafter=run.case.written_by,
            actor=run.actor,
            deputies=not step.get("deputies") or run.evaluate(step["deputies"], seen) is True,
        )
    except approvals.Refused as refused:
        raise Refused(str(refused)) from refused
    flow.open_step(run, key, step, unit=run.case.unit)
    run.say("step_opened", {"step": key, "unit": run.case.unit, "round": opened.n, "rule": row["rule"]})


def _acknowledge(run, key, step):
    return None if circulate(run, key, step) else _follow(run, step)


def _ask(run, key, step):
    by = run.evaluate(step["by"]) if step.get("by") else None
    due = max(filter(None, (by, run.day_after(step["due"]))))
    message, notice = pick(step["reason"], run.case.language), step.get("notice", "")
    flow.ask(run, key=key, fields=step["fields"], message=message, due=due, notice=notice)


def _pay(run, key, step):
    seen = run.values()
    amount = run.evaluate(step["amount"], seen)
    if not amount:
        return step["outcomes"]["paid"]
    charges = list(_charges(run, key, step, amount, seen))
    run.say("charged", {"amount": amount, "via": step["via"], "charge": str(charges[0].id), "parts": len(charges)})
    if not step["wait"] or all(charge.state == "paid" for charge in charges):
        _passed(run, key, step)
        return step["outcomes"]["paid"]
    run.wait()
    opened = flow.open_step(run, key, step, due_on=charges[-1].due_on)
    if opened.due_on:
        flow.expire_at(run, opened)
        flow.remind_at(run, opened, step.get("remind", flow.REMIND))
    return None


def _charges(run, key, step, amount, seen):
    """The charge of the step; where it is paid in parts, one for each, `<key>:1`, `<key>:2` …"""
    parts = step.get("instalments")
    count = run.evaluate(parts["count"], seen) if parts else 1
    due = run.day_after(step.get("due"))
    lines = _charge_lines(run, step, seen.get(step["lines"]) if step.get("lines") else None, amount)
    if not count or count == 1:
        yield _charge(run, step, key, lines, due)
        return
    for number, part in enumerate(split_yen(amount, count), start=1):
        label = f"{pick(step['title'], 'ja')} {number}/{count}"
        line = {"label": label, "quantity": 1, "unit_price": part, "amount": part}
        yield _charge(run, step, f"{key}:{number}", [line], due)
        due = due and parse_duration(parts["every"]).after(due, scope.calendar_of(run.bundle))


def _charge(run, step, code, lines, due_on):
    """The charge with this code; where it was cancelled (the case was opened again), another one beside it."""
    earlier = [one for one in payments.of_owner(run.case.owner) if one.code.partition("~")[0] == code]
    if earlier and all(one.state in ("cancelled", "refund_due", "refunded") for one in earlier):
        code = f"{code}~{len(earlier) + 1}"
    elif earlier:
        code = earlier[-1].code
    return payments.charge(
        owner=run.case.owner, code=code, lines=lines, via=step["via"], due_on=due_on, actor=run.actor,
        unit=run.case.unit,
    )  # fmt: skip


def _charge_lines(run, step, rows, amount):
    """The lines of a bill: a line a row of the repeated field where that comes to the amount, else one."""
    if sum(row.get("fee") or 0 for row in rows or ()) != amount:
        return [{"label": pick(step["title"], "ja"), "quantity": 1, "unit_price": amount, "amount": amount}]
    said = scope.said(run.case.definition, {step["lines"]: rows})[step["lines"]]
    return [_line(words["item"], row) for words, row in zip(said, rows, strict=True) if row.get("fee")]


def _line(label, row):
    quantity, price = int(row.get("qty") or 1), int(row["fee"])
    if quantity < 1 or price % quantity:
        quantity = 1
    return {"label": label, "quantity": quantity, "unit_price": price // quantity, "amount": price}


def _book(run, key, step):
    firm = slots.confirm_chosen(run.case, step["pool"])
    run.say("booked" if firm else "booking_lost", {"pool": step["pool"]})
    opened = flow.open_step(run, key, step)
    flow.finish_step(opened, "ok" if firm else "lost")
    if firm:
        _remind_of_booking(run, opened, step.get("remind", ()))
    return step["outcomes"]["ok" if firm else "lost"]


def _remind_of_booking(run, opened, before):
    day = min((one.day for one in bookings.of_owner(run.case.owner) if one.state == "confirmed"), default=None)
    for duration in before if day else ():
        morning = parse_duration(duration).before(day, scope.calendar_of(run.bundle))
        if morning > today():
            flow.remind_on(run, opened, morning, "remind_of_booking", duration)


def _issue(run, key, step):
    """Issue the step's document; what it shows comes from the document's own expressions over the case."""
    seen = run.values()
    try:
        document = documents.issue(
            bundle=run.bundle["used"][step["document"]],
            values={
                **seen,
                "said": scope.said(run.case.definition, seen),
                "case": {"number": run.case.number, "reference": run.case.reference},
                "decided": scope.decision_of(run.case),
                "approval": consents_of(run.case),
            },
            owner=run.case.owner,
            actor=run.actor,
            unit=run.case.unit,
            language=run.case.language,
            tables=scope.form_of(run.case.definition).tables,
            supersedes=_issued_before(run, step["document"]),
        )
    except documents.MissingGlyph as fault:
        message = _("「%(letters)s」は書類に印刷できない文字です。別の文字で書くか、担当の課に連絡してください。")
        raise Refused(message % {"letters": fault.letters}) from fault
    _passed(run, key, step)
    run.say("issued", {"document": str(document.id), "number": document.number})
    notify(run, run.bundle["notices"]["document"], f"document:{document.id}")
    return _follow(run, step)


def _issued_before(run, reference):
    """The valid document that a new one of the same kind takes the place of, or None."""
    code = run.bundle["used"][reference]["code"]
    issued = documents.documents_of(run.case.owner)
    return next((one for one in issued if one.code == code and one.state == "valid"), None)


def _notify(run, key, step):
    _passed(run, key, step)
    notify(run, step["notice"], f"{key}:{run.case.revision}")
    return _follow(run, step)


def _wait(run, key, step):
    until = run.evaluate(step["until"])
    if until is None or until <= today():
        return _follow(run, step)
    run.work()
    opened = flow.open_step(run, key, step, due_on=until)
    flow.fire_at(run, opened, f"wait:{opened.id}", datetime.combine(until, time.min, tzinfo=TOKYO))
    return None


def _publish(run, key, step):
    seen = run.values()
    Publication.objects.update_or_create(
        case=run.case,
        defaults={
            "code": run.case.code,
            "topic": run.evaluate(step["topic"], seen) or "",
            "question": run.evaluate(step["question"], seen) or "",
            "answer": run.evaluate(step["answer"], seen) or "",
            "unit": run.case.unit,
            "taken_back_at": None,
        },
    )
    _passed(run, key, step)
    run.say("published")
    return _follow(run, step)


def _end(run, key, step):
    _passed(run, key, step)
    if step["result"] in ("refused", "dismissed", "lapsed", "cancelled"):
        bookings.release(owner=run.case.owner)  # nobody shall find a place taken by what came to nothing
    flow.close(run, "closed", step["result"])
    if step["notice"]:
        notify(run, step["notice"], f"end:{run.case.revision}")
    tell_merged(run)


AUTOMATIC = {
    "intake": _intake,
    "branch": _branch,
    "check": _human,
    "task": _human,
    "decide": _human,
    "approve": _approve,
    "acknowledge": _acknowledge,
    "ask_applicant": _ask,
    "cosign": open_signing,
    "pay": _pay,
    "book": _book,
    "enter": entering.enter,
    "attend": attending.attend,
    "issue": _issue,
    "notify": _notify,
    "wait": _wait,
    "publish": _publish,
    "end": _end,
}
