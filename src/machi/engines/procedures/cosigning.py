"""What is answered where consent is asked for (連署・同意): yes, no, on paper; and what a changed application means."""

from django.utils.translation import gettext as _

from machi.engines.effects.public import cancel_key
from machi.engines.procedures import flow, rules
from machi.engines.procedures.answers import seal_of
from machi.engines.procedures.rules import Refused
from machi.engines.procedures.signing import open_signing, sealed_keys
from machi.engines.procedures.steps import advance
from machi.engines.procedures.telling import invite
from machi.engines.questions.public import mail_fault
from machi.ground.calendar import now

MOST_LINKS = 6  # how often one person is written to, so that nobody can be flooded with mails


def consent(run, payload):
    """A co-signer consents: the consent signs the digest of what they saw."""
    party = _party_of(run)
    if payload.get("digest") != party.step.answers["seal"]:
        raise Refused(_("内容が変わりました。もう一度読んでから答えてください。"))
    party.account_id, party.assurance = run.actor.account, payload.get("assurance") or "contact"
    _answer(run, party, "consented")


def refuse_consent(run, payload):
    """A co-signer does not consent, and says why."""
    party, reason = _party_of(run), _reason(payload)
    party.account_id, party.assurance, party.reason = run.actor.account, payload.get("assurance") or "contact", reason
    _answer(run, party, "refused")


def consent_on_paper(run, payload):
    """Staff hold the signed paper of a co-signer."""
    party = _waiting(run, payload)
    party.assurance, party.reason = "paper", _reason(payload)
    _answer(run, party, "consented")


def readdress(run, payload):
    """The applicant gives another mail address for a co-signer who has not answered, or has the mail sent again."""
    party, email = _waiting(run, payload), (payload.get("email") or "").strip()
    fault = mail_fault(email)
    if fault:
        raise Refused(fault, {"email": fault})
    if party.link_round >= MOST_LINKS:
        raise Refused(_("これ以上メールを送れません。担当の課に連絡してください。"))
    party.email, party.code_hash, party.code_sent_at = email, "", None
    party.link_round += 1
    party.save()
    run.say("cosign_readdressed", {"step": party.step.key}, {"text": f"{party.name} {email}"})
    invite(run, party, party.step)


def _reason(payload):
    reason = (payload.get("reason") or "").strip()
    if not reason:
        raise Refused(_("理由を書いてください。"), {"reason": _("あとで読む人のために書いてください。")})
    return reason[:1000]


def _party_of(run):
    """The co-signer who acts, still waited for."""
    return _found(run, id=(run.actor.person or "").removeprefix("party:"))


def _waiting(run, payload):
    return _found(run, id=payload.get("party") or None)


def _found(run, **which):
    open_ones = run.case.parties.filter(state="waiting", step__state="active").select_related("step")
    found = next((one for one in open_ones if str(one.id) == str(which["id"])), None)
    if found is None:
        raise Refused(_("この同意は、もう待っていません。画面を開き直してください。"))
    return found


def _answer(run, party, state):
    """Keep the answer for good; the flow goes on when no other is needed."""
    party.state, party.answered_at, party.code_hash = state, now(), ""
    party.consent_digest = party.step.answers["seal"] if state == "consented" else ""
    party.save()
    said = {"step": party.step.key, "digest": party.consent_digest}
    run.say(state, said, {"name": party.name, "text": f"{party.name} {party.reason}".strip()})
    states = list(party.step.parties.values_list("state", flat=True))
    outcome = rules.outcome_of_signing(states, run.steps[party.step.key]["need"])
    if outcome:
        _finish(run, party.step, outcome)


def _finish(run, opened, outcome):
    flow.finish_step(opened, outcome)
    cancel_key(f"expire:{opened.id}")
    run.say("finished", {"step": opened.key, "outcome": outcome})
    run.work()
    resume = opened.resume if outcome == "signed" else ""
    go_on(run, resume or run.steps[opened.key]["outcomes"][outcome]["to"])


def go_on(run, key):
    """Carry the case on at `key`, unless what somebody signed has changed: then all of them are asked anew first."""
    stale = _stale(run)
    if stale:
        stale.state, stale.outcome = "returned", "changed"
        stale.save(update_fields=["state", "outcome"])
        run.say("cosign_renewed", {"step": stale.key})
        key = open_signing(run, stale.key, run.steps[stale.key], resume=key)
    if key:
        advance(run, key)


def _stale(run):
    """A round that is signed, though not what stands now; None where there is none."""
    for opened in run.case.steps.filter(type="cosign", state="done", outcome="signed"):
        if opened.answers["seal"] != seal_of(run.case, {"seal": sealed_keys(run.steps[opened.key])}):
            return opened
    return None
