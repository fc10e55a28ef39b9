"""One case at the desk: what was said, what happened, what may be done now."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.engines.approvals import public as approvals
from machi.engines.audit.public import looking, saw
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, is_at_least
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.desk import commands, marking, parties
from machi.entrances.desk.answers import field_choices, shown_answers, what_people_wrote
from machi.entrances.desk.filed import of_case
from machi.entrances.desk.frame import page, unit_titles
from machi.entrances.desk.holdings import held
from machi.entrances.desk.related import group_choices, related
from machi.entrances.desk.route import rounds_drawn
from machi.entrances.desk.steps import HUMAN, finished_steps, human_steps, waiting_step
from machi.entrances.desk.words import DONE, RESULTS, clock_words, due_chip, state_chip, step_title, timeline, title_of
from machi.ground.ids import new_id
from machi.ground.languages import BY_CODE

LOOKING_MINUTES = 2
OTHERS = {verb for verb in DONE if verb not in (*marking.VERBS, *commands.STEP_VERBS, "withdraw_document")}


def case_or_404(request, case_id):
    """The case if this member of staff may see it; 404 says nothing about whether it exists."""
    found = procedures.visible_cases(people.actor_of(request)).filter(id=case_id).first()
    if found is None:
        raise Http404
    return found


@people.staff_required
def case(request, case_id):
    """The case; reading it leaves a line in the access log."""
    found = case_or_404(request, case_id)
    saw(actor=people.actor_of(request), owner=found.owner, what="case")
    return _show(request, found)


@require_POST
@people.staff_required
def act(request, case_id):
    """One command on the case. Who was second is told what changed, and keeps what was typed."""
    found, actor = case_or_404(request, case_id), people.actor_of(request)
    verb, payload = commands.read(request.POST)
    if verb not in DONE or not procedures.may(actor, verb, found):
        return _show(request, found, **_not_allowed(found, request))
    reading = commands.read_step(found, verb, payload, request)
    again = {"verb": verb, "typed": payload, "answers": reading.answers if reading else None}
    if reading and (reading.did != "next" or reading.refused):
        return _show(request, found, **again, errors=reading.refused)
    if reading:
        payload = payload | {"answers": reading.answers}
    try:
        commands.run(found, verb, payload, request, actor)
    except (procedures.Refused, procedures.Stale, procedures.NotAllowed) as reason:
        found.refresh_from_db()
        return _show(request, found, **again, **_why_not(reason, found, request))
    messages.success(request, DONE[verb])
    if procedures.visible_cases(actor).filter(id=found.id).exists():
        return redirect("desk:case", case_id=found.id)
    return redirect("desk:queue")  # handed to people of another unit


def _not_allowed(case, request):
    """No right to this; or none any more, because somebody was faster: then what happened is said."""
    revision = request.POST.get("_revision", "")
    case.refresh_from_db(fields=["revision"])
    if revision.isdecimal() and int(revision) < case.revision:
        return {"message": commands.what_changed(case, revision), "status": 409}
    return {"message": _("この操作をする権限がありません。"), "status": 403}


def _why_not(reason, case, request):
    """What the page says when a command was not carried out, and its status."""
    if isinstance(reason, procedures.Refused):
        return {"errors": reason.errors, "message": reason.message, "status": 422}
    if isinstance(reason, procedures.Stale):
        return {"message": commands.what_changed(case, request.POST.get("_revision", "")), "status": 409}
    return _not_allowed(case, request)


def _show(request, case, *, verb="", typed=None, answers=None, errors=None, message="", status=200):
    actor = people.actor_of(request)
    ceiling = procedures.ceiling(actor, case)
    personal = is_at_least(ceiling, "personal", SENSITIVITIES)
    steps = list(case.steps.select_related("claimed_by__person").order_by("opened_at", "id"))
    active = next((step for step in reversed(steps) if step.state == "active"), None)
    possible = {one.verb for one in procedures.possible(case, actor)}
    mine = active is not None and active.type in HUMAN and bool(possible & set(commands.STEP_VERBS))
    about_step = verb in commands.STEP_VERBS
    fits = about_step and mine and (typed or {}).get("step") == active.key
    answered = answers if fits else None
    step = waiting_step(case, active, steps, answers=answered, errors=errors) if mine else None
    rounds = approvals.rounds_of(case.owner)
    context = _head(request, case, active, personal) | {
        "shown": shown_answers(case, ceiling),
        "finished": finished_steps(case, steps, ceiling),
        "held": held(case, personal=personal),
        "filed": of_case(case, actor),
        "timeline": timeline(case, procedures.timeline(case), personal=personal),
        "decisions": _decisions(case) if personal else [],
        "related": related(case, actor),
        "signers": parties.signers(case) if personal else [],
        "looking": looking(case.owner, minutes=LOOKING_MINUTES, besides=actor.key),
        "active": active,
        "possible": possible,
        "others": bool(possible & OTHERS),
        "rounds": rounds_drawn(rounds),
        "marking": marking.turns(case, rounds, actor, possible),
        "step": step,
        "message": message,
        "errors": _error_lines(verb, errors),
        "wrong": _by_verb(verb, errors),
        "typed": _by_verb(verb, typed),
        "unsent": _unsent(case, typed, answers) if about_step and not fits else [],
        "command_id": new_id(),
        **_choices(request, case, possible),
    }
    return page(request, "desk/case.html", context, here="queue", status=status)


def _by_verb(verb, said):
    """A mapping for the forms of the page: what was said stands at the form of its verb only."""
    return {one: said or {} if one == verb else {} for one in DONE}


def _head(request, case, active, personal):
    units = unit_titles(request)
    claimed = active.claimed_by if active and active.claimed_by_id else None
    name = claimed and (claimed.person.name if claimed.person else claimed.email)
    return {
        "case": case,
        "title": title_of(case),
        "chip": state_chip(case),
        "due": due_chip(case.due_on) if case.is_open and not case.paused_on else "",
        "clock": clock_words(case),
        "unit": units.get(case.unit, case.unit),
        "applicant": (case.applicant or _("名前なし")) if personal else "",
        "named": parties.named(case) if personal else [],
        "mail": case.email if personal else "",
        "language": BY_CODE[case.language].name if case.language in BY_CODE else case.language,
        "claimed": name or "",
        "active_title": step_title(case, active.key) if active else "",
        "active_due": due_chip(active.due_on) if active else "",
        "version": case.definition.number,
    }


def _decisions(case):
    return [{"decision": one, "result": RESULTS.get(one.result, "")} for one in case.decisions.order_by("-at")]


def _choices(request, case, possible):
    """What the forms of the actions offer, asked for only where they are shown."""
    titles = unit_titles(request) if "transfer" in possible else {}
    return {
        "field_pages": field_choices(case) if "ask_correction" in possible else [],
        "units": [{"value": code, "label": label} for code, label in titles.items() if code != case.unit],
        "human_steps": human_steps(case) if "reopen" in possible else [],
        **(group_choices(people.actor_of(request)) if "note" in possible else {}),
    }


def _error_lines(verb, errors):
    """The faults of a form as links to their controls."""
    own = (*commands.TEXTS, *commands.LISTS)
    return [
        {"href": f"#{verb}-{path}" if path in own else f"#{questions.control_id(path)}", "text": text}
        for path, text in (errors or {}).items()
    ]


def _unsent(case, typed, answers):
    """What was written for a step that somebody else has finished: to read and to copy."""
    typed, lines = typed or {}, []
    if answers is not None:
        lines = what_people_wrote(procedures.step_form(case.definition, typed["step"]), answers)
    written = ((_("理由"), typed.get("reasons")), (_("条件"), typed.get("conditions")))
    return [*lines, *((label, words) for label, words in written if words)]
