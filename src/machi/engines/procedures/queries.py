"""Reading cases. Whoever reads, reads through `visible_to` or with the applicant's own proof."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from machi.engines.approvals import public as approvals
from machi.engines.audit.public import history
from machi.engines.bookings import public as bookings
from machi.engines.documents import public as documents
from machi.engines.payments import public as payments
from machi.engines.people import public as people
from machi.engines.people.define import SENSITIVITIES, Scope, is_at_least
from machi.engines.procedures import flow, rules, scope
from machi.engines.procedures.links import read_token
from machi.engines.procedures.models import ENDED, Case, Command, Link, Publication, Step
from machi.engines.procedures.rights import may, units_of
from machi.engines.procedures.turns import why_not_withdraw
from machi.engines.procedures.verbs import VERBS
from machi.ground.calendar import TOKYO, now, today
from machi.ground.ids import check_reference
from machi.ground.languages import pick


def visible_cases(actor, verb="procedures.see"):
    """The cases this member of staff may see: of their units, with a step there, or an approval of their posts."""
    at_step = Step.objects.filter(case=OuterRef("pk"), state="active").filter(
        people.visible_to(actor, verb, code="code")
    )
    seen = people.visible_to(actor, verb) | Exists(at_step)
    if verb == "procedures.see" and actor.kind == "staff" and actor.posts:
        seen |= Q(pk__in=approvals.cases_with_place(actor))
    return Case.objects.filter(seen)


def queue(actor):
    """Active steps of people's work that this actor may see, the most urgent first."""
    return (
        Step.objects.filter(state="active", type__in=rules.HUMAN)
        .filter(people.visible_to(actor, "procedures.see", code="code"))
        .select_related("case", "claimed_by__person")
        .order_by(F("due_on").asc(nulls_last=True), "id")
    )


def waiting_counts(actor):
    """What the first page of the desk says: mine, unclaimed, late, due soon, waiting for the applicant."""
    steps, day = queue(actor).order_by(), today()
    counts = steps.aggregate(
        mine=Count("id", filter=Q(claimed_by=actor.account)),
        unclaimed=Count("id", filter=Q(claimed_by=None)),
        late=Count("id", filter=Q(due_on__lt=day)),
        soon=Count("id", filter=Q(due_on__range=(day, day + timedelta(days=2)))),
        all=Count("id"),
    )
    counts["awaiting"] = visible_cases(actor).filter(status="awaiting_applicant").count()
    return counts


TOLD = (
    "submit", "correct", "withdraw", "transfer", "reopen", "fire", "void", "consent", "refuse_consent", "merge",
)  # fmt: skip


def recent_changes(actor, *, days=7, limit=8):
    """What others did lately to the cases this actor may see: Commands, newest first."""
    since = now() - timedelta(days=days)
    return list(
        Command.objects.filter(verb__in=TOLD, at__gte=since, case__in=visible_cases(actor))
        .exclude(actor=actor.key)
        .select_related("case")
        .order_by("-at")[:limit]
    )


def cases_of(account_id):
    """The cases of a resident's account, newest first."""
    return Case.objects.filter(account_id=account_id).order_by("-submitted_at")


def cases_drafted(actor):
    """The internal cases that this member of staff drafted, newest first."""
    return Case.objects.filter(drafter__account=actor.account).order_by("-submitted_at")


def owners_of(code):
    """How other engines name the cases of a procedure, as a query."""
    named = Concat(Value("case:"), Cast("id", CharField()), output_field=CharField())
    return Case.objects.filter(code=code).annotate(named=named).values("named")


def case_of_account(case_id, account_id):
    """The case if it is this account's own; raises Case.DoesNotExist."""
    return Case.objects.get(id=case_id, account_id=account_id)


def case_sent_from(owner):
    """The case that was sent from this draft ("draft:<id>"), or None."""
    sent = Command.objects.filter(verb="submit", source=owner).select_related("case").first()
    return sent and sent.case


def case_of_reference(text):
    """The case with this receipt number, however it was typed, or None."""
    reference = check_reference(text)
    return Case.objects.filter(reference=reference).first() if reference else None


def case_of_token(token):
    """The case a mailed link opens, or None when the link is false or was renewed."""
    read = read_token(token)
    if read is None:
        return None
    case_id, turn = read
    return Case.objects.filter(id=case_id, link_round=turn, drafter__isnull=True).first()


@dataclass(frozen=True)
class Next:
    """What comes next, in words for the applicant."""

    title: str
    due: object = None
    asks: tuple = ()
    message: str = ""
    pays: bool = False


def next_for_applicant(case, language):
    """What happens next, as the applicant is told, or None when the case has ended."""
    step = case.steps.filter(state="active").order_by("-opened_at").first()
    if step is None:
        return None
    defined = case.definition.bundle["flow"]["steps"].get(step.key, {})
    title = pick(defined.get("public") or defined.get("title"), language)
    asks = tuple(step.fields) if step.type == "ask_applicant" else ()
    due = step.due_on if step.type in ("ask_applicant", "pay") else None if step.type == "cosign" else case.due_on
    return Next(title=title, due=due, asks=asks, message=step.message, pays=step.type == "pay")


def asked_step(case):
    """The step that waits for the applicant's answers, or None."""
    return case.steps.filter(state="active", type="ask_applicant").first()


def reason_not_to_withdraw(case, actor):
    """Why the applicant cannot take the case back now; "" when they can."""
    return why_not_withdraw(flow.begin(case, actor))


def timeline(case):
    """Everything that happened, oldest first, with personal parts: for staff."""
    return history(case.owner)


PUBLIC_EVENTS = (
    "submitted", "accepted", "asked", "corrected", "correction_expired", "decided", "issued", "charged", "paid",
    "booked", "booking_lost", "transferred", "ended", "cosign_asked", "consented", "refused", "cosign_expired",
    "cosign_renewed", "merged", "unmerged", "reopened",
)  # fmt: skip


def public_timeline(case):
    """What the applicant may know of what happened, oldest first, without what staff wrote to one another."""
    return [entry for entry in history(case.owner) if entry.verb in PUBLIC_EVENTS]


def changes_since(case, revision):
    """The events after `revision`: what the other clerk did meanwhile."""
    return [entry for entry in history(case.owner) if entry.payload.get("revision", 0) > revision]


@dataclass(frozen=True)
class Possible:
    """One thing that may be done now: a verb, and for a step its outcome."""

    verb: str
    step: Step | None = None


def possible(case, actor):
    """The verbs this actor may use on this case now."""
    active = case.steps.filter(state="active", type__in=rules.HUMAN).first()
    found, units, known = [], units_of(case), {}
    for verb, defined in VERBS.items():
        if defined.need == "system" or case.status not in defined.statuses or case.destroyed_at:
            continue
        if defined.need not in known or "." in defined.need:  # whose turn it is, is asked once
            known[defined.need] = may(actor, verb, case, units)
        if known[defined.need] and _fits(verb, case, active, actor):
            found.append(Possible(verb, active))
    return found


def _fits(verb, case, active, actor):
    """Whether the verb makes sense at the step where the case stands."""
    return FITTING[verb](case, active, actor) if verb in FITTING else True


def _may_ask(case, active, _actor):
    defined = case.definition.bundle["flow"]["steps"].get(active.key, {}) if active else {}
    reachable = bool(case.account_id or case.email)
    return defined.get("correct", "never") != "never" and case.status != "decided" and reachable


def _in_approval(case, active, _actor):
    found = approvals.round_open(case.owner)
    return found is not None


FITTING = {
    **dict.fromkeys(
        ("approve", "disagree", "send_back", "reject", "hold", "pull_up", "recall", "reroute", "remove_place"),
        _in_approval,
    ),
    "consent_on_paper": lambda case, active, actor: case.steps.filter(state="active", type="cosign").exists(),
    "merge": lambda case, active, actor: not case.decisions.exists(),
    "unmerge": lambda case, active, actor: main_case(case) is not None,
    "unlink": lambda case, active, actor: related_links(case).exists(),
    "reopen": lambda case, active, actor: main_case(case) is None,
    "claim": lambda case, active, actor: active is not None and active.claimed_by_id is None,
    "release": lambda case, active, actor: active is not None and active.claimed_by_id == actor.account,
    "complete": lambda case, active, actor: active is not None and active.type != "decide",
    "decide": lambda case, active, actor: active is not None and active.type == "decide",
    "ask_correction": _may_ask,
    "take_payment": lambda case, active, actor: any(c.state == "due" for c in payments.of_owner(case.owner)),
    "withdraw_document": lambda case, active, actor: any(
        document.state == "valid" for document in documents.documents_of(case.owner)
    ),
    "take_back": lambda case, active, actor: Publication.objects.filter(case=case, taken_back_at=None).exists(),
}


def ceiling(actor, case):
    """The most sensitive thing of this case the actor may read."""
    levels = (people.ceiling(actor, Scope(unit=unit, code=case.code)) for unit in units_of(case))
    own = max(levels, key=SENSITIVITIES.index, default="public")
    enough = is_at_least(own, "personal", SENSITIVITIES) or not approvals.takes_part(actor, case.owner)
    return own if enough else "personal"


@dataclass(frozen=True)
class Clock:
    """How long a case has taken, in the days in which its time was promised (business days, where `business`)."""

    elapsed: int
    counted: int
    business: bool

    @property
    def stopped(self):
        return self.elapsed - self.counted


def clock_of(case):
    """The Clock of a case: all days since it came, and those that count (not those in which others were waited for)."""
    bundle = case.definition.bundle
    promised, calendar = bundle["flow"]["due"], scope.calendar_of(bundle)
    last = case.closed_at.astimezone(TOKYO).date() if case.closed_at else today()
    elapsed = rules.days_counted(case.submitted_at.astimezone(TOKYO).date(), last, promised, calendar)
    standing = rules.days_counted(case.paused_on, last, promised, calendar) if case.paused_on else 0
    return Clock(elapsed, max(0, elapsed - case.stopped_days - standing), promised.endswith("BD"))


def main_case(case):
    """The case in which this duplicate goes on, or None."""
    found = case.links.filter(kind="merged", undone_at=None).select_related("other").first()
    return found and found.other


def related_links(case):
    """The links to cases that belong together with this one (Link, both cases with it), oldest first."""
    both = Q(case=case) | Q(other=case)
    return Link.objects.filter(both, kind="related", undone_at=None).select_related("case", "other").order_by("at")


def groups_of(case):
    """The groups of cases in which this one is handled."""
    return case.groups.order_by("-at")


def publications(code=""):
    """What the public may read, newest first."""
    found = Publication.objects.filter(taken_back_at=None).order_by("-at")
    return found.filter(code=code) if code else found


def answers_of(case):
    """The answers as they stand."""
    return scope.answers_of(case)


def sealed_fields(case):
    """The answers that nobody at the city hall reads yet: those a step seals at which the case waits for its day."""
    steps = case.definition.bundle["flow"]["steps"]
    waiting = case.steps.filter(state="active", type="wait").values_list("key", flat=True)
    return {name for key in waiting for name in steps[key].get("seals", ())}


def what_it_holds(case):
    """Bookings, charges and documents of a case."""
    return {
        "bookings": list(bookings.of_owner(case.owner)),
        "charges": list(payments.of_owner(case.owner)),
        "documents": list(documents.documents_of(case.owner)),
    }


def often_sent(*, days=90):
    """The codes of the procedures that were sent lately, the most often sent first."""
    since = now() - timedelta(days=days)
    lately = Case.objects.filter(submitted_at__gte=since).values("code").annotate(times=Count("id"))
    return list(lately.order_by("-times", "code").values_list("code", flat=True))


def open_cases(code):
    """How many cases of a definition are running (said before a new version is published)."""
    return Case.objects.filter(code=code).exclude(status__in=ENDED).count()
