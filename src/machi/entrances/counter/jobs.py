"""Reading stacks of paper, and what the counter tidies up by itself: visits nobody ended, screens carried away."""

from datetime import timedelta

from machi.engines.effects.define import Done, Job, Port
from machi.entrances.counter.actions import tidy
from machi.entrances.counter.scans import PORT, read_stack


def execute(effect):
    """Read one stack; begun again, it goes on with the page it had come to."""
    read_stack(stack_id=effect.payload["stack"])
    return Done()


READING = Port(name=PORT, execute=execute, lease=timedelta(minutes=30))
JOBS = (Job("counter.tidy", timedelta(hours=1), tidy),)
