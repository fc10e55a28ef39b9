"""What the counter tidies up by itself: visits that nobody ended, screens that were carried away."""

from datetime import timedelta

from machi.engines.effects.define import Job
from machi.entrances.counter.actions import tidy

JOBS = (Job("counter.tidy", timedelta(hours=1), tidy),)
