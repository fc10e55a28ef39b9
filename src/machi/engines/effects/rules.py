"""Pure decisions about effects."""

import traceback
from datetime import timedelta
from pathlib import Path

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


def pause(attempts):
    """How long to wait after the attempt number `attempts` (from 1): 10 s, 20 s, 40 s … at most an hour."""
    return min(FIRST_PAUSE * 2 ** min(max(attempts, 1) - 1, 12), LONGEST_PAUSE)


def describe(error):
    """An exception as its kind and place, without its message: messages carry addresses and names."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
