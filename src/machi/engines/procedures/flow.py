"""The way of a case: opening steps and carrying out the ones that need nobody.

Everything here runs inside the transaction of one command, with the case locked.
"""

from dataclasses import dataclass, field
from datetime import datetime, time

from django.utils import translation

from machi.engines.audit.define import Actor
from machi.engines.audit.public import record
from machi.engines.bookings import public as bookings
from machi.engines.documents import public as documents
from machi.engines.effects.public import cancel as cancel_effects
from machi.engines.effects.public import enqueue
from machi.engines.notices.define import Recipient
from machi.engines.notices.public import tell
from machi.engines.payments import public as payments
from machi.engines.people.public import unit as unit_of
from machi.engines.procedures import rules, scope
from machi.engines.procedures.links import link_to
from machi.engines.procedures.models import Case, Publication, Step
from machi.ground.calendar import TOKYO, now, parse_duration, today
from machi.ground.languages import pick

LONGEST_RUN = 50  # automatic steps in one command: compile refuses endless runs, this is the second net


@dataclass
class Run:
    """One command at work on one locked case."""

    case: Case
    actor: Actor
    bundle: dict
    events: int = field(default=0)

    @property
    def steps(self):
        return self.bundle["flow"]["steps"]

    def say(self, verb, payload=None, personal=None):
        """Write one event of the case."""
        record(
            stream=self.case.owner,
            verb=verb,
            actor=self.actor,
            payload={**(payload or {}), "revision": self.case.revision},
            personal=personal,
        )

    def values(self):
        return scope.values(self.case)

    def evaluate(self, text, seen=None):
        return scope.evaluate(self.case, text, seen)

    def move(self, status):
        """Change the status along the machine, keeping the clock of the promised time."""
        case = self.case
        rules.check_transition(case.status, status)
        if status in rules.WAITING and case.paused_on is None:
            case.paused_on = today()
        elif status not in rules.WAITING and case.paused_on is not None:
            if case.due_on:
                case.due_on += today() - case.paused_on
            case.paused_on = None
        case.status = status


def begin(case, actor):
    """A run over `case`, which the caller has locked."""
    return Run(case=case, actor=actor, bundle=case.definition.bundle)


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


def open_step(run, key, step, **extra):
    """A new round of a step, active."""
    last = run.case.steps.filter(key=key).order_by("-round").first()
    due = step.get("due")
    return Step.objects.create(
        case=run.case,
        key=key,
        round=last.round + 1 if last else 1,
        type=step["type"],
        due_on=parse_duration(due).after(today()) if due else None,
        **extra,
    )


def finish_step(active, outcome, state="done"):
    """Close an active step."""
    active.state, active.outcome, active.done_at = state, outcome, now()
    active.save(update_fields=["state", "outcome", "done_at", "answers", "message"])


def _passed(run, key, step, outcome=""):
    """Leave a line for an automatic step that was carried out."""
    active = open_step(run, key, step)
    finish_step(active, outcome)


def _follow(run, step):
    seen = run.values()
    return rules.choose(step["next"], lambda text: run.evaluate(text, seen))


def _intake(run, key, step):
    case, unit = run.case, unit_of(run.case.unit)
    case.number = documents.next_number(
        **step["number"], values={"unit": case.unit, "sign": getattr(unit, "sign", "")}
    )
    run.move("accepted")
    _passed(run, key, step)
    run.say("accepted", {"number": case.number})
    notify(run, run.bundle["notices"]["receipt"], "receipt")
    return _follow(run, step)


def _branch(run, _key, step):
    return _follow(run, step)


def _human(run, key, step):
    if run.case.status != "decided":
        run.move("working")
    unit = (run.evaluate(step["unit"]) if step.get("unit") else None) or run.case.unit
    opens = run.evaluate(step["opens"]) if step.get("opens") else None
    opened = open_step(run, key, step, unit=unit)
    if opens:
        opened.due_on = opens
        opened.save(update_fields=["due_on"])
    run.say("step_opened", {"step": key, "unit": unit})


def _ask(run, key, step):
    ask(run, key=key, fields=step["fields"], message=pick(step["reason"], run.case.language), due=step["due"])


def ask(run, *, key, fields, message, due, resume=""):
    """Ask the applicant to answer `fields` again; the case waits, and its clock stands still."""
    run.move("awaiting_applicant")
    asked = open_step(
        run, key, {"type": "ask_applicant", "due": due}, fields=fields, message=message, resume=resume
    )
    run.say("asked", {"step": key, "fields": fields, "due": asked.due_on.isoformat()}, {"message": message})
    expire_at(run, asked)
    notify(run, run.bundle["notices"]["correction"], f"ask:{asked.id}", asked=asked)


def expire_at(run, step):
    """Set the timer that ends the waiting at the end of the last day."""
    moment = datetime.combine(step.due_on, time.max, tzinfo=TOKYO)
    enqueue(
        port="procedures.timer",
        key=f"expire:{step.id}",
        payload={"case": str(run.case.id), "step": step.id},
        owner=run.case.owner,
        due_at=moment,
    )


def _pay(run, key, step):
    seen = run.values()
    amount = run.evaluate(step["amount"], seen)
    if not amount:
        return step["outcomes"]["paid"]
    lines = seen.get(step["lines"]) if step.get("lines") else None
    charge = payments.charge(
        owner=run.case.owner,
        code=key,
        lines=_charge_lines(run, step, lines, amount),
        via=step["via"],
        due_on=parse_duration(step["due"]).after(today()) if step.get("due") else None,
        actor=run.actor,
        unit=run.case.unit,
    )
    run.say("charged", {"amount": amount, "via": step["via"], "charge": str(charge.id)})
    if not step["wait"]:
        _passed(run, key, step)
        return step["outcomes"]["paid"]
    run.move("awaiting_applicant")
    opened = open_step(run, key, step)
    if opened.due_on:
        expire_at(run, opened)
    return None


def _charge_lines(run, step, rows, amount):
    """The lines of a bill: one a row of the repeated field, or the step's title alone."""
    if not rows:
        title = pick(step["title"], "ja")
        return [{"label": title, "quantity": 1, "unit_price": amount, "amount": amount}]
    said = scope.said(run.case.definition, {step["lines"]: rows})[step["lines"]]
    lines = []
    for words, row in zip(said, rows, strict=True):
        quantity, price = int(row.get("qty") or 1), int(row.get("fee") or 0)
        lines.append(
            {"label": words["item"], "quantity": quantity, "unit_price": price // quantity, "amount": price}
        )
    return lines


def _book(run, key, step):
    firm = bookings.confirm(owner=run.case.owner)
    run.say("booked" if firm else "booking_lost", {"pool": step["pool"]})
    _passed(run, key, step, "ok" if firm else "lost")
    return step["outcomes"]["ok" if firm else "lost"]


def _issue(run, key, step):
    """Issue the step's document; what it shows comes from the document's own expressions over the case."""
    seen = run.values()
    document = documents.issue(
        bundle=run.bundle["used"][step["document"]],
        values={
            **seen,
            "said": scope.said(run.case.definition, seen),
            "case": {"number": run.case.number, "reference": run.case.reference},
        },
        owner=run.case.owner,
        actor=run.actor,
        unit=run.case.unit,
        language=run.case.language,
        tables=scope.form_of(run.case.definition).tables,
    )
    _passed(run, key, step)
    run.say("issued", {"document": str(document.id), "number": document.number})
    notify(run, run.bundle["notices"]["document"], f"document:{document.id}")
    return _follow(run, step)


def _notify(run, key, step):
    _passed(run, key, step)
    notify(run, step["notice"], f"{key}:{run.case.revision}")
    return _follow(run, step)


def _wait(run, key, step):
    until = run.evaluate(step["until"])
    if until is None or until <= today():
        return _follow(run, step)
    if run.case.status != "decided":
        run.move("working")
    opened = open_step(run, key, step)
    opened.due_on = until
    opened.save(update_fields=["due_on"])
    enqueue(
        port="procedures.timer",
        key=f"wait:{opened.id}",
        payload={"case": str(run.case.id), "step": opened.id},
        owner=run.case.owner,
        due_at=datetime.combine(until, time.min, tzinfo=TOKYO),
    )
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
        },
    )
    _passed(run, key, step)
    run.say("published")
    return _follow(run, step)


def _end(run, key, step):
    _passed(run, key, step)
    close(run, "closed", step["result"])
    if step["notice"]:
        notify(run, step["notice"], f"end:{run.case.revision}")


def close(run, status, result):
    """End the case: nothing is left waiting, and the day it may be destroyed is known."""
    case = run.case
    run.move(status)
    case.result = result
    case.closed_at = now()
    case.retention_until = rules.retention_end(today(), run.bundle["retention"]["years"])
    case.steps.filter(state="active").update(state="cancelled", done_at=case.closed_at)
    cancel_effects(owner=case.owner, port="procedures.timer")
    case.save()
    run.say("ended", {"result": result, "status": status})


def notify(run, reference, moment, asked=None):
    """Tell the applicant, on every channel they have, once for this moment."""
    case = run.case
    if not (case.account_id or case.email):
        return
    with translation.override(case.language):
        data = _notice_data(run, asked)
    tell(
        notice=run.bundle["used"][reference],
        to=Recipient(account_id=case.account_id, email=case.email, language=case.language),
        data=data,
        owner=case.owner,
        key=f"{case.owner}:{moment}",
    )


def _notice_data(run, asked):
    case = run.case
    unit = unit_of(case.unit)
    seen = scope.sheet_of(case)
    booked = next(iter(bookings.of_owner(case.owner)), None)
    return {
        "title": pick(run.bundle["title"], case.language),
        "reference": case.reference,
        "number": case.number,
        "link": link_to(case),
        "name": case.applicant,
        "unit": pick(unit.title, case.language) if unit else case.unit,
        "phone": unit.phone if unit else "",
        "reason": asked.message if asked else "",
        "fields": scope.form_of(case.definition).labels(asked.fields, case.language) if asked else [],
        "due": asked.due_on if asked else None,
        "day": booked.day if booked else None,
        "amount": seen.values.get("total"),
        "answer": _last_answer(run),
    }


def _last_answer(run):
    """What staff wrote for the applicant at the latest finished step, if anything."""
    for step in run.case.steps.filter(state="done", type__in=rules.HUMAN).order_by("-done_at"):
        if step.answers.get("answer"):
            return step.answers["answer"]
    return ""


AUTOMATIC = {
    "intake": _intake,
    "branch": _branch,
    "check": _human,
    "task": _human,
    "decide": _human,
    "ask_applicant": _ask,
    "pay": _pay,
    "book": _book,
    "issue": _issue,
    "notify": _notify,
    "wait": _wait,
    "publish": _publish,
    "end": _end,
}
