"""From a guide to an application: what was answered there is not asked again, and the guide knows what was begun."""

from uuid import UUID

from machi.engines.guides import public as guides
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.filling.host import DRAFTS
from machi.ground.languages import pick

KEY = "guided"  # procedure → [draft of the guide, task], in the session


def lead(request, plan, task, procedure):
    """Remember that the guide sends this visitor to `procedure`; signing in on the way changes nothing."""
    request.session[KEY] = {**request.session.get(KEY, {}), procedure: [str(plan.draft_id), task]}


def answers(host, request, version):
    """What the guide that led here knows for this procedure."""
    plan, _task = _led_by(host, request, version.code)
    if plan is None:
        return {}
    told, asked = questions.form_of(plan.draft.version), questions.form_of(version)
    return questions.known_from(told, plan.draft.answers, asked, source="guide")


def note_begun(host, request, draft):
    """Tell the guide that led here which application was begun."""
    plan, task = _led_by(host, request, draft.code)
    if plan:
        guides.note_begun(plan=plan, task=task, owner=draft.owner)


def note_sent(host, request, case):
    """What one guide led to is handled together at the city hall, from the second application on."""
    plan, _task = _led_by(host, request, case.code)
    if plan is None:
        return
    sent = [procedures.case_sent_from(owner) for owner in plan.begun.values()]
    title = f"{pick(plan.draft.version.bundle['title'], 'ja')} {case.submitted_at:%Y-%m-%d}"
    who, cases = host.applicant(request, case), [one for one in sent if one]
    procedures.gather(key=f"plan:{plan.id}", title=title, kind="visit", cases=cases, actor=who)


def _led_by(host, request, code):
    """(Plan, task) that led to the procedure `code`, or (None, ""): only one that this visitor may open still."""
    draft_id, task = request.session.get(KEY, {}).get(code, (None, ""))
    draft = questions.draft_of(UUID(draft_id)) if draft_id else None
    if draft is None or not host.may_open(request, DRAFTS, draft.id, draft):
        return None, ""
    return guides.plan_of(draft), task
