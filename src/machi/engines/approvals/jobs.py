"""What is done regularly: those who have gone away do not keep a draft waiting."""

from datetime import timedelta

from machi.engines.approvals.actions import pass_over_away
from machi.engines.approvals.queries import left_by_the_away
from machi.engines.audit.define import SYSTEM
from machi.engines.effects.define import Job


def pass_over():
    """Pass over, in every open round, who has gone away since their turn came."""
    for found in left_by_the_away():
        pass_over_away(round_id=found.id, actor=SYSTEM)


PASS_OVER = Job("approvals.pass_over", timedelta(hours=1), pass_over)
