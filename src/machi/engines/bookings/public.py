"""The door of bookings: places by day and things by the hour, held, confirmed and given back."""

from .actions import SlotFull, confirm, ensure_slots, expire, hold, move, release
from .hours import TimeTaken, confirm_hours, hold_hours, taken_hours
from .models import Occupation, Reservation, Slot
from .queries import Free, free, of_owner

__all__ = [
    "Free",
    "Occupation",
    "Reservation",
    "Slot",
    "SlotFull",
    "TimeTaken",
    "confirm",
    "confirm_hours",
    "ensure_slots",
    "expire",
    "free",
    "hold",
    "hold_hours",
    "move",
    "of_owner",
    "release",
    "taken_hours",
]
