"""Pure decisions about cases: the fixed status machine, who the applicant is, which way the flow goes."""

from datetime import date

TRANSITIONS = {
    "submitted": {"accepted", "withdrawn", "void"},
    "accepted": {
        "working",
        "awaiting_applicant",
        "awaiting_third_party",
        "decided",
        "closed",
        "withdrawn",
        "void",
    },
    "working": {
        "awaiting_applicant",
        "awaiting_third_party",
        "suspended",
        "decided",
        "closed",
        "withdrawn",
        "void",
    },
    "awaiting_applicant": {"working", "awaiting_third_party", "closed", "withdrawn", "void"},
    "awaiting_third_party": {"working", "awaiting_applicant", "closed", "withdrawn", "void"},
    "suspended": {"working", "closed", "withdrawn", "void"},
    "decided": {"closed", "void"},
    "closed": {"working"},
    "withdrawn": set(),
    "void": set(),
}
HUMAN = ("check", "task", "decide")
LEAVING = (*HUMAN, "approve", "cosign")  # the steps whose outcome an expression may ask for
WAITING = ("awaiting_applicant", "awaiting_third_party", "suspended")


class Illegal(Exception):
    """A change of status that the machine does not know: a fault of the program, never of the person."""


class Refused(Exception):
    """The command cannot be done now; the sentence says why and what to do. `errors` are by field."""

    def __init__(self, message, errors=None):
        super().__init__(message)
        self.message = message
        self.errors = errors or {}


def check_transition(old, new):
    """Refuse a change of status that is not in the machine."""
    if old != new and new not in TRANSITIONS[old]:
        message = f"{old} → {new}"
        raise Illegal(message)


def is_applicant(actor, case):
    """Whether this actor is who applied: the same account, or the holder of the case's own link.

    An internal case is its drafter's alone; to be on the staff never makes anybody the applicant of a resident's.
    """
    if case.drafter:
        return actor.kind == "staff" and actor.account == case.drafter["account"]
    if actor.account is not None and actor.kind == "resident" and actor.account == case.account_id:
        return True
    return actor.person == case.owner


def is_cosigner(actor):
    """Whether this actor comes by the link, and the code, of somebody who was asked to sign."""
    return actor.kind == "resident" and (actor.person or "").startswith("party:")


def outcome_of_signing(states, need):
    """What a round of signing comes to (signed, refused), or "" while somebody is still waited for."""
    if need == "any":
        if "consented" in states:
            return "signed"
        return "" if "waiting" in states else "refused"
    if "refused" in states:
        return "refused"
    return "" if "waiting" in states else "signed"


def choose(branches, test):
    """The key of the step that follows: a plain key, or the first branch whose condition holds."""
    if isinstance(branches, str):
        return branches
    for branch in branches:
        if branch.get("if") is None or test(branch["if"]) is True:
            return branch["to"]
    message = "no branch holds"
    raise Illegal(message)


def retention_end(closed: date, years: int) -> date:
    """The last day a case is kept: `years` after the end of the fiscal year in which it closed.

    Fiscal years end on 31 March (地方自治法 第208条); file plans count from 1 April that follows.
    """
    fiscal = closed.year if closed.month >= 4 else closed.year - 1
    return date(fiscal + 1 + years, 3, 31)


def later_by_pause(due: date | None, paused: date, resumed: date, promised: str, calendar) -> date | None:
    """The promised day, moved by the time the clock stood still: in business days where the promise counts
    so.
    """
    if due is None:
        return None
    if promised.endswith("BD"):
        return calendar.add_business_days(due, calendar.business_days(paused, resumed))
    return due + (resumed - paused)


def days_counted(first, last, promised, calendar):
    """How many days lie between two days, counted as the promise ("P5BD", "P30D") counts them."""
    return calendar.business_days(first, last) if promised.endswith("BD") else (last - first).days


def successors(step):
    """The keys of the steps that may follow a compiled step."""
    following = step.get("next")
    if isinstance(following, str):
        yield following
    elif following:
        yield from (branch["to"] for branch in following)
    for outcome in (step.get("outcomes") or {}).values():
        yield outcome if isinstance(outcome, str) else outcome["to"]


def reachable(steps, starts):
    """The keys of the steps that can be reached from `starts`, themselves included."""
    seen, todo = set(), list(starts)
    while todo:
        key = todo.pop()
        if key in steps and key not in seen:
            seen.add(key)
            todo.extend(successors(steps[key]))
    return seen


def endless(steps):
    """The keys of the steps from which no end can be reached."""
    good = {key for key, step in steps.items() if step["type"] == "end"}
    grown = True
    while grown:
        more = {k for k, s in steps.items() if k not in good and good.intersection(successors(s))}
        good |= more
        grown = bool(more)
    return set(steps) - good


def spinning(steps):
    """Keys of automatic steps on a loop in which nobody acts: such a flow would never rest."""
    resting = {k for k, s in steps.items() if s["type"] in (*HUMAN, "approve", "ask_applicant", "wait", "end")}
    moving = {
        key: {"next": None, "outcomes": {k: k for k in successors(step) if k not in resting}}
        for key, step in steps.items()
        if key not in resting
    }
    return {key for key in moving if key in reachable(moving, successors(moving[key]))}
