"""How long consent takes and where it waits now: sums counted by the database, without anybody's content."""

from django.db.models import Aggregate, CharField, Count, F, FloatField, Func, Max, Min, Q, Value
from django.db.models.functions import Extract

from .models import Round, Slot
from .rules import UNBLOCKING

SECONDS = 24 * 60 * 60
WAITS = Q(round__state="open", state__in=("open", "held"))


class Share(Aggregate):
    """The value below which a share of all values lies: 0.5 is the median."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression, share, **more):
        super().__init__(expression, share=share, **more)


def _days(end, begin):
    return Extract(F(end) - F(begin), "epoch") / Value(SECONDS, output_field=FloatField())


UNIT = Func(F("post"), Value("."), Value(1), function="split_part", output_field=CharField())


def rounds_in(*, owners=None, unit="", since=None):
    """The rounds that ask for consent: of these owners (a query of names), drafted in this unit, opened since then."""
    found = Round.objects.exclude(row__levels=[])
    found = found if owners is None else found.filter(owner__in=owners)
    found = found.filter(unit=unit) if unit else found
    return found.filter(opened_at__gte=since) if since else found


def whole(rounds):
    """{"open", "decided", "median", "slow"}: how many run, how many were decided, and in how many days."""
    decided = Q(state__in=("approved", "rejected"))
    days = _days("closed_at", "opened_at")
    return rounds.aggregate(
        open=Count("id", filter=Q(state="open")),
        decided=Count("id", filter=decided),
        median=Share(days, 0.5, filter=decided),
        slow=Share(days, 0.9, filter=decided),
    )


def _places(rounds):
    return Slot.objects.filter(round__in=rounds).exclude(kind__in=UNBLOCKING)


def _times(places):
    days = _days("done_at", "opened_at")
    return places.annotate(count=Count("id"), median=Share(days, 0.5), slow=Share(days, 0.9), longest=Max(days))


def by_unit(rounds):
    """The days a place took, by the unit asked, slowest first: [{"unit", "count", "median", "slow", "longest"}]."""
    marked = _places(rounds).filter(state="marked", opened_at__isnull=False)
    return list(_times(marked.annotate(unit=UNIT).values("unit")).order_by("-median", "unit"))


def by_level(rounds):
    """The same by level."""
    marked = _places(rounds).filter(state="marked", opened_at__isnull=False)
    return list(_times(marked.values("level")).order_by("level"))


def waiting_now(rounds):
    """Where it waits now: [{"post", "count", "oldest"}], the oldest first."""
    waiting = _places(rounds).filter(WAITS).values("post")
    return list(waiting.annotate(count=Count("id"), oldest=Min("opened_at")).order_by("oldest"))


def longest_waiting(rounds, *, limit):
    """The places that have waited longest, each with its round."""
    return list(_places(rounds).filter(WAITS).select_related("round").order_by("opened_at")[:limit])
