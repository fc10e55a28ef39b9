"""Pure decisions about retention: how long, until when, what may go, and where a document stands in its life."""

from datetime import date

from machi.ground.calendar import fiscal_year


class Refused(Exception):
    """It cannot be done; the sentence says why and what to do. `errors` are by field."""

    def __init__(self, message, errors=None):
        super().__init__(message)
        self.message = message
        self.errors = errors or {}


class NotAllowed(Exception):
    """The actor has no right to this."""


class Stale(Exception):
    """Somebody else changed the document meanwhile; nothing was done."""


def kept_until(completed: date | None, keep: str) -> date | None:
    """The last day a document completed on that day is kept; None while it is open, for ever or in standing use.

    Retention begins on 1 April after the fiscal year of completion (文書管理規程 as cities have it): with 5 years, a
    document completed on 2026-11-25 is kept until 2032-03-31.
    """
    if completed is None or not keep.isdecimal():
        return None
    return date(fiscal_year(completed) + 1 + int(keep), 3, 31)


def begins_to_count(completed: date) -> date:
    """The day on which the retention of a document completed on that day begins."""
    return date(fiscal_year(completed) + 1, 4, 1)


def is_due(until: date | None, day: date) -> bool:
    """Whether the retention is over on that day: its last day is still kept."""
    return until is not None and until < day


def is_later(until: date, wanted: date | None, day: date) -> bool:
    """Whether `wanted` extends a retention: later than it was, and not past already."""
    return wanted is not None and wanted > until and wanted >= day


def class_of(plan, code):
    """The class with this code, or None."""
    return next((one for one in plan["options"] if one["key"] == code), None)


def classes_for(plan, unit):
    """The classes under which this unit files."""
    return [one for one in plan["options"] if not one["units"] or unit in one["units"]]


def class_for_cases(plan, unit):
    """The class that takes the ended cases of this unit."""
    taking = [one for one in plan["options"] if one["cases"]]
    own = next((one for one in taking if unit in one["units"]), None)
    return own or next(one for one in taking if not one["units"])


def class_title(one):
    """A class with what stands above it, in Japanese: 総務 > 文書 > 文書の収受."""
    return " > ".join(one[name]["ja"] for name in ("section", "middle", "label"))


def spelled(code):
    """The code of a class as people write it: 01-02-03."""
    return "-".join((code[:2], code[2:4], code[4:]))


STAGES = ("received", "drafted", "decided", "issued", "completed", "kept", "gone")


def life(*, first, days, state):
    """The life of a document: [(stage, day or None, "done" | "now" | "later")] in order, only stages it passes.

    `first`: "received" or "drafted"; `days`: stage → day. What is destroyed or archived ends there.
    """
    between = [name for name in ("decided", "issued") if days.get(name)]
    stages = [(name, days.get(name)) for name in (first, *between, "completed", "kept", "gone")]
    reached = {"open": len(stages) - 4, "completed": len(stages) - 2}.get(state, len(stages) - 1)
    return [
        (name, day, "now" if at == reached and state in ("open", "completed") else "done" if at <= reached else "later")
        for at, (name, day) in enumerate(stages)
    ]
