"""What staff do at the step where a case stands."""

from django.utils.translation import gettext as _

from machi.engines.people.public import post_title
from machi.engines.procedures import flow, scope
from machi.engines.procedures.models import Decision
from machi.engines.procedures.rules import HUMAN, Refused
from machi.engines.procedures.steps import advance
from machi.engines.procedures.telling import notify
from machi.ground.calendar import today
from machi.ground.languages import pick


def active_step(run, payload, types=HUMAN):
    """The active step the command is about."""
    steps = run.case.steps.filter(state="active", type__in=types)
    found = steps.filter(key=payload["step"]).first() if payload.get("step") else steps.first()
    if found is None:
        raise Refused(_("この段階はもう終わっています。画面を開き直してください。"))
    return found


def claim(run, payload):
    """Take the step on: the others see who works on it."""
    step = active_step(run, payload)
    if step.claimed_by_id not in (None, run.actor.account):
        person = step.claimed_by.person
        raise Refused(_("%(name)sさんが担当しています。") % {"name": person.name if person else "?"})
    step.claimed_by_id = run.actor.account
    step.save(update_fields=["claimed_by"])
    run.say("claimed", {"step": step.key})


def release(run, payload):
    """Give the step back to the unit."""
    step = active_step(run, payload)
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
    if scope.unit_code(unit_code, "") != unit_code or not unit_code:
        raise Refused(_("担当課を選んでください。"))
    before, run.case.unit = run.case.unit, unit_code
    run.case.steps.filter(state="active").update(unit=unit_code, claimed_by=None)
    run.say("transferred", {"from": before, "to": unit_code}, {"reason": payload.get("reason", "")})


def ask_correction(run, payload):
    """Ask the applicant to correct the named fields; the step is opened again when they have."""
    step = active_step(run, payload)
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
    flow.ask(run, key="correction", fields=fields, message=message, due=run.day_after(correct), resume=step.key)


def complete(run, payload):
    """Finish a check or a task with one of its outcomes."""
    step = active_step(run, payload, ("check", "task"))
    _finish(run, step, payload)


def decide(run, payload):
    """Decide: result, reasons, basis and how to appeal are kept for good, and the applicant is told."""
    step = active_step(run, payload, ("decide",))
    outcome = _outcome(run, step, payload)
    result = outcome["result"]
    reasons, conditions = _written(payload, outcome)
    defined = run.steps[step.key]
    if result:
        Decision.objects.create(
            case=run.case,
            result=result,
            reasons=reasons,
            conditions=conditions,
            legal_basis=_legal_basis(run, defined),
            appeal=pick(defined.get("appeal"), "ja") if result != "granted" or conditions else "",
            post=post_title(run.actor),
            by=run.actor.key,
            by_name=run.actor.name,
            supersedes=run.case.decisions.order_by("-at").first(),
        )
        run.move("decided")
        run.say("decided", {"step": step.key, "result": result}, {"reasons": reasons})
    _finish(run, step, payload, told=bool(result))


def _legal_basis(run, defined):
    """By what the decision is made: what its step says, else what the whole procedure rests on."""
    said = pick(defined.get("legal_basis"), "ja")
    return said or "、".join(pick(law["text"], "ja") for law in run.bundle.get("legal") or ())


def _written(payload, outcome):
    """The reasons and the conditions that were written; refused where the outcome asks for what is not there."""
    reasons, conditions = ((payload.get(name) or "").strip() for name in ("reasons", "conditions"))
    if outcome["reasons"] == "required" and not reasons:
        raise Refused(_("理由を書いてください。"), {"reasons": _("この決定には理由が必要です。")})
    if outcome.get("conditions", "none") == "required" and not conditions:
        raise Refused(_("条件を書いてください。"), {"conditions": _("この決定には条件が必要です。")})
    if conditions and outcome.get("conditions", "none") == "none":
        raise Refused(_("この結果には条件を付けられません。"), {"conditions": _("条件を消してください。")})
    return reasons, conditions


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
        notify(run, run.bundle["notices"]["decided"], f"decided:{step.id}")
    advance(run, outcome["to"])


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
    sheet = form.evaluate(payload.get("answers") or {}, today=today(), context=scope.context(run.bundle, {}))
    if sheet.errors and not lenient:
        raise Refused(_("入力を確かめてください。"), dict(sheet.errors))
    return sheet.stored()
