"""The worker's part: confirmed lists are carried out after the commit, a batch at a time."""

from datetime import timedelta

from machi.engines.effects.define import Done, Port
from machi.engines.filing.disposal import PORT, carry_out


def execute(effect):
    """Carry out the next batch of a list. May be repeated: what went is not touched again."""
    carry_out(effect.payload["disposal"])
    return Done()


DISPOSE = Port(name=PORT, execute=execute, lease=timedelta(minutes=20))
