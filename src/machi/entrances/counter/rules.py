"""Pure decisions of the counter: what a screen shows, whether a signature is one, what a look at papers proves."""

import json
import math
from datetime import timedelta
from itertools import pairwise

IDLE = timedelta(minutes=10)  # after so long without the clerk, the screen shows nothing of anybody
LOST = timedelta(seconds=20)  # a screen that has not asked for so long is not there
NIGHT = timedelta(hours=12)
IDENTITIES = {"photo": "card", "two": "card", "other": "account", "unseen": "none"}  # what was looked at → assurance
WIDTH, HEIGHT = 900, 300  # of the glass, in its own units
MOST_POINTS, SHORTEST = 8000, 120


def stage(errand, *, sent, digest):
    """What the screen shows of an errand: typing, asking, agreed or sent. `digest` is that of the answers now."""
    if sent:
        return "sent"
    if errand.digest and errand.digest == digest:
        return "agreed"
    return "asking" if errand.asked_digest and errand.asked_digest == digest else "typing"


def strokes(said):
    """The strokes in the JSON that the glass sent, as lists of points inside it; [] when it is no signature."""
    try:
        read = json.loads(said or "[]")
        lines = [[_inside(float(x), float(y)) for x, y in line] for line in read]
    except (ValueError, TypeError, OverflowError, RecursionError):
        return []
    points = sum(len(line) for line in lines)
    return lines if points <= MOST_POINTS and _length(lines) >= SHORTEST else []


def _inside(x, y):
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(x, y)
    return min(max(x, 0.0), WIDTH), min(max(y, 0.0), HEIGHT)


def _length(lines):
    return sum(math.dist(one, other) for line in lines for one, other in pairwise(line))
