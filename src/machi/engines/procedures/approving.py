"""Electronic approval (決裁) of a case: its rounds over the sealed answers, and what their end means for the flow."""

from django.utils.translation import gettext as _

from machi.engines.approvals import public as approvals
from machi.engines.effects.public import cancel_key
from machi.engines.procedures import flow
from machi.engines.procedures.answers import seal_of
from machi.engines.procedures.approval_reminders import tell_asked
from machi.engines.procedures.models import Decision
from machi.engines.procedures.rules import Refused, choose
from machi.engines.procedures.steps import advance
from machi.engines.procedures.telling import notify

ANSWER_AGAIN = "P14D"


def mark(verb):
    """The verb of a case that makes this mark in its open round."""

    def do(run, payload):
        found = _round(run)
        step = run.steps[found.key]
        if seal_of(run.case, step) != found.digest:
            _renew(run, found, step)
            return
        comment = payload.get("comment") or ""
        given = {"slot_id": _slot(run, payload), "digest": payload.get("digest") or "", "comment": comment}
        given |= {"level": _level(payload)} if verb == "send_back" else {}
        after = _asked(getattr(approvals, verb), actor=run.actor, **given)
        run.say("marked", {"step": found.key, "round": found.n, "mark": verb}, {"comment": comment})
        _end(run, after, comment)

    return do


def recall(run, _payload):
    """The drafter takes the draft back, and answers again."""
    after = _asked(approvals.recall, round_id=_round(run).id, actor=run.actor)
    run.say("marked", {"step": after.key, "round": after.n, "mark": "recall"})
    _end(run, after, _("引き戻しました。直して、もう一度送ってください。"))


def reroute(run, payload):
    """Another post is asked instead."""
    comment = payload.get("comment") or ""
    given = {"slot_id": _slot(run, payload), "post": payload.get("post") or "", "comment": comment}
    after = _asked(approvals.reroute, actor=run.actor, **given)
    run.say("marked", {"step": after.key, "round": after.n, "mark": "reroute"}, {"comment": comment})


def add_place(run, payload):
    """One more post is asked than the table demands: to consent, or to read it afterwards."""
    comment = payload.get("comment") or ""
    given = {name: payload.get(name) or "" for name in ("kind", "post", "before")}
    _asked(approvals.add, round_id=_round(run).id, actor=run.actor, comment=comment, **given)
    _say_of_route(run, "add", comment)


def remove_place(run, payload):
    """The drafter lets a post go that they added."""
    _asked(approvals.remove, slot_id=_slot(run, payload), actor=run.actor)
    _say_of_route(run, "remove", "")


def _say_of_route(run, what, comment):
    found = _round(run)
    run.say("marked", {"step": found.key, "round": found.n, "mark": what}, {"comment": comment})
    tell_asked(found)


def acknowledge(run, payload):
    """What was sent round, or decided without this post, has been read."""
    after = _asked(approvals.acknowledge, slot_id=_slot(run, payload), actor=run.actor)
    run.say("marked", {"step": after.key, "round": after.n, "mark": "acknowledge"})
    waiting = run.case.steps.filter(key=after.key, type="acknowledge", state="active").first()
    if waiting and after.state == "read":
        flow.finish_step(waiting, "read")
        cancel_key(f"expire:{waiting.id}")
        advance(run, choose(run.steps[after.key]["next"], run.evaluate))


def _round(run):
    found = approvals.round_open(run.case.owner)
    if found is None:
        raise Refused(_("この決裁はもう終わっています。画面を開き直してください。"))
    return found


def _slot(run, payload):
    """The id of the slot the command is about, which must be one of this case."""
    wanted = str(payload.get("slot") or "")
    ids = {str(slot.id) for found in approvals.rounds_of(run.case.owner) for slot in found.slots.all()}
    if wanted not in ids:
        raise Refused(_("この番はもうありません。画面を開き直してください。"))
    return wanted


def _level(payload):
    """The level to send back to; 0, the drafter, where none is named."""
    level = str(payload.get("level") or "0")
    return int(level) if level.isdecimal() else 0


def _asked(action, **given):
    """Carry out an action of approvals on a slot of this case; what it refuses, the command refuses."""
    try:
        return action(**given)
    except approvals.Refused as refused:
        raise Refused(str(refused)) from refused


def _renew(run, found, step):
    """The content is not what this round is about: everybody is asked anew, and nothing counts that was said."""
    run.case.steps.filter(key=found.key, state="active").update(state="returned", outcome="changed")
    approvals.void(owner=run.case.owner, actor=run.actor, why=_("内容が変わりました。"))
    run.say("approval_renewed", {"step": found.key, "round": found.n})
    advance(run, found.key)


def _end(run, found, comment):
    """Carry the flow on if the round is over."""
    tell_asked(found)
    if found.state == "open":
        return
    outcome = "returned" if found.state == "recalled" else found.state
    active = run.case.steps.get(key=found.key, state="active")
    flow.finish_step(active, outcome, "done" if outcome != "returned" else "returned")
    run.say("finished", {"step": found.key, "outcome": outcome})
    following = run.steps[found.key]["outcomes"].get(outcome)
    if following is None:
        _ask_again(run, found, comment)
        return
    if following["result"]:
        _decide(run, found, following["result"], comment)
    advance(run, following["to"])


def _ask_again(run, found, comment):
    """Whoever applied answers the sealed fields again; that opens the next round."""
    step = run.steps[found.key]
    fields = step["seal"] or [field["key"] for field in run.bundle["form"]["fields"]]
    due = run.day_after(ANSWER_AGAIN)
    flow.ask(run, key="correction", fields=fields, message=comment, due=due, resume=found.key, expires=False)


def _decide(run, found, result, comment):
    """The last mark is the decision: of the post that made it."""
    last = approvals.last_mark(found)
    Decision.objects.create(
        case=run.case,
        result=result,
        reasons=comment,
        legal_basis=found.row["rule"],
        post=_decided_by(last),
        by=last.by,
        by_name=last.by_name,
        supersedes=run.case.decisions.order_by("-at").first(),
    )
    run.move("decided")
    run.say("decided", {"step": found.key, "result": result}, {"reasons": comment})
    notify(run, run.bundle["notices"]["decided"], f"decided:{found.id}")


def _decided_by(mark):
    """The post that decided; where another acted for it, both."""
    if not mark.on_behalf_of:
        return approvals.title(mark.post)
    names = {"post": approvals.title(mark.on_behalf_of), "deputy": approvals.title(mark.post)}
    return _("%(post)s（代決 %(deputy)s）") % names
