"""Timers of cases, fired by the effects worker."""

from machi.engines.effects.define import Done, Port, Retry
from machi.engines.procedures.actions import Stale, fire_timer


def execute(effect):
    """Fire one timer; if a person acted at the same moment, look again."""
    try:
        fire_timer(case_id=effect.payload["case"], step_id=effect.payload["step"])
    except Stale:
        return Retry(reason="the case moved at the same moment")
    return Done()


TIMER = Port(name="procedures.timer", execute=execute, local=True)
