"""The door of definitions: what the city can do and say, as checked, versioned data."""

from .define import Fault
from .models import Version

__all__ = ["Fault", "Version"]
