"""The door of the people engine."""

from machi.engines.people.card import is_on as card_is_on
from machi.engines.people.guards import resident_required, staff_required
from machi.engines.people.models import Account, Person, Post, Unit
from machi.engines.people.queries import (
    account,
    actor_for,
    actor_of,
    assurance,
    can,
    can_anywhere,
    ceiling,
    holders,
    post_title,
    posts_held,
    profile,
    title_in,
    unit,
    units,
    units_of,
    visible_to,
)

__all__ = [
    "Account",
    "Person",
    "Post",
    "Unit",
    "account",
    "actor_for",
    "actor_of",
    "assurance",
    "can",
    "can_anywhere",
    "card_is_on",
    "ceiling",
    "holders",
    "post_title",
    "posts_held",
    "profile",
    "resident_required",
    "staff_required",
    "title_in",
    "unit",
    "units",
    "units_of",
    "visible_to",
]
