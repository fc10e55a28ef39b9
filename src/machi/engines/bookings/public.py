"""The door of bookings: places by day, held, confirmed and given back."""

from .actions import SlotFull, confirm, ensure_slots, expire, hold, move, release
from .models import Reservation, Slot
from .queries import Free, free, of_owner

__all__ = [
    "Free",
    "Reservation",
    "Slot",
    "SlotFull",
    "confirm",
    "ensure_slots",
    "expire",
    "free",
    "hold",
    "move",
    "of_owner",
    "release",
]
