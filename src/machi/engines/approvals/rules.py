"""Pure decisions: which row fits, what the table leaves out, whose turn it is."""

from itertools import pairwise, product

MOST_CELLS = 100_000
ROUND_STATES = ("open", "approved", "rejected", "returned", "recalled", "voided", "reading", "read")
GOING_ON = ("open", "reading")
SLOT_STATES = ("waiting", "open", "held", "marked", "skipped", "cancelled", "removed")
KINDS = ("approve", "agree", "review", "acknowledge", "afterwards")
VERBS = (
    "approve", "agree", "disagree", "return", "reject", "acknowledge", "recall", "hold", "resume", "reroute",
    "add", "remove",
)  # fmt: skip
DECIDING = ("approve", "agree", "disagree", "return", "reject", "acknowledge")
UNBLOCKING = ("acknowledge", "afterwards")
ADDED = ("agree", "acknowledge")
"""What people may ask for beyond the table."""
BESIDE = ("add", "remove")
"""What changes whom a round asks, and is nobody's word on the content."""


class Refused(Exception):
    """The mark cannot be made; the sentence says why and what to do."""


def fits(row, inputs):
    """Whether a row of the table fits the given inputs. An input left empty fits no condition on it."""
    return all(_fits(condition, inputs.get(name)) for name, condition in row["when"].items())


def _fits(condition, value):
    if value is None:
        return False
    if isinstance(condition, list):
        return value in condition
    if isinstance(condition, bool):
        return value is condition
    low, high = condition["from"], condition["below"]
    return (low is None or value >= low) and (high is None or value < high)


def choose(route, inputs):
    """The one row that fits; None when an input has a value the table does not know."""
    return next((row for row in route["rows"] if fits(row, inputs)), None)


def cells(route):
    """For each input the values that stand for all: [(name, [(value, (from, below) or None), …]), …].

    Between two neighbouring bounds no row changes its answer, so one number stands for all of them: the check
    over these cells is exact. Numbers come last, so that neighbouring faults can be told as one.
    """
    axes = [(name, _values(name, one, route["rows"])) for name, one in route["inputs"].items()]
    return sorted(axes, key=lambda axis: route["inputs"][axis[0]]["type"] in ("yen", "int"))


def _values(name, one, rows):
    if one["type"] == "choice":
        return [(key, None) for key in one["options"]]
    if one["type"] == "bool":
        return [(True, None), (False, None)]
    bands = [row["when"][name] for row in rows if name in row["when"]]
    bounds = {bound for band in bands for bound in (band["from"], band["below"]) if bound is not None}
    cuts = sorted(bounds | {0}) if one["type"] == "yen" else sorted(bounds)
    if one["type"] == "yen":
        cuts = [cut for cut in cuts if cut >= 0]
        return [(low, (low, high)) for low, high in zip(cuts, [*cuts[1:], None], strict=True)]
    if not cuts:
        return [(0, (None, None))]
    edges = [None, *cuts, None]
    return [(cuts[0] - 1 if low is None else low, (low, high)) for low, high in pairwise(edges)]


def holes(route):
    """Every part of the table that no row or several rows cover: [(chosen {name: value or band}, [rows])].

    Neighbouring bands of the last number with the same rows are one.
    """
    axes = cells(route)
    found = []
    for combination in product(*(values for _name, values in axes)):
        inputs = {name: value for (name, _v), (value, _band) in zip(axes, combination, strict=True)}
        hit = [place for place, row in enumerate(route["rows"]) if fits(row, inputs)]
        said = {name: band or value for (name, _v), (value, band) in zip(axes, combination, strict=True)}
        if len(hit) != 1 and not _joined(found, said, hit):
            found.append((said, hit))
    return found


def _joined(found, said, hit):
    """Make the last fault reach over this cell too, if it is its neighbour."""
    if not found or found[-1][1] != hit:
        return False
    before, last = found[-1][0], next(reversed(said), None)
    same = all(before[name] == said[name] for name in said if name != last)
    if not (same and isinstance(said[last], tuple) and before[last][1] == said[last][0]):
        return False
    before[last] = (before[last][0], said[last][1])
    return True


def blocking(slot):
    """Whether a slot keeps its level from being done."""
    return slot.kind not in UNBLOCKING and slot.state in ("waiting", "open", "held")
