"""Others are asked to consent (連署・同意) to what the applicant sent: by mail, to exactly what they are shown."""

from dataclasses import dataclass

from machi.engines.procedures import flow
from machi.engines.procedures.answers import seal_of
from machi.engines.procedures.models import Party
from machi.engines.procedures.telling import invite


@dataclass(frozen=True)
class Asked:
    """One person whose consent is asked for."""

    role: str
    name: str
    email: str


def open_signing(run, key, step, resume=""):
    """Ask everybody the answers name; the key of the step that follows where nobody is to be asked, else None."""
    asked = list(_asked(run, step))
    sealed = {"seal": seal_of(run.case, {"seal": sealed_keys(step)})}
    if not asked:
        flow.finish_step(flow.open_step(run, key, step, answers=sealed), "signed")
        return resume or step["outcomes"]["signed"]["to"]
    run.wait_for_others()
    opened = flow.open_step(run, key, step, answers=sealed, resume=resume)
    run.say("cosign_asked", {"step": key, "count": len(asked)}, {"text": "、".join(one.name for one in asked)})
    flow.expire_at(run, opened)
    flow.remind_at(run, opened, step["remind"])
    for one in asked:
        invite(run, _new_party(run, opened, one), opened)
    return None


def sealed_keys(step):
    """What is signed: the answers shown, and those that say who is asked."""
    named = [key for who in step["who"] for key in ([who["rows"]] if who["rows"] else [who["mail"], who["name"]])]
    return list(dict.fromkeys([*step["show"], *named]))


def _asked(run, step):
    seen = run.values()
    for who in step["who"]:
        for row in (seen.get(who["rows"]) or ()) if who["rows"] else (seen,):
            if row.get(who["mail"]):
                yield Asked(who["role"], row.get(who["name"]) or "", row[who["mail"]])


def _new_party(run, opened, one):
    return Party.objects.create(
        case=run.case,
        step=opened,
        role=one.role,
        name=one.name[:200],
        email=one.email,
        language=run.case.language,
        state="waiting",
    )
