"""The door of approvals: who must consent, whose turn it is, who did."""

from .actions import (
    acknowledge,
    approve,
    disagree,
    hold,
    open_round,
    pass_over_away,
    pull_up,
    recall,
    reject,
    reroute,
    send_back,
    void,
)
from .models import Mark, Round, Slot
from .queries import (
    cases_with_place,
    deputy_for,
    has_place,
    inbox,
    last_mark,
    rounds_of,
    slots_of,
    takes_part,
    title,
    waiting_for,
)
from .queries import open_round as round_open
from .rules import DECIDING, Refused, choose

__all__ = [
    "DECIDING",
    "Mark",
    "Refused",
    "Round",
    "Slot",
    "acknowledge",
    "approve",
    "cases_with_place",
    "choose",
    "deputy_for",
    "disagree",
    "has_place",
    "hold",
    "inbox",
    "last_mark",
    "open_round",
    "pass_over_away",
    "pull_up",
    "recall",
    "reject",
    "reroute",
    "round_open",
    "rounds_of",
    "send_back",
    "slots_of",
    "takes_part",
    "title",
    "void",
    "waiting_for",
]
