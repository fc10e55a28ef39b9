"""The door of packages: definitions leave for other cities, and come from them, as one signed file."""

from .actions import forget_key, know, land, receive
from .define import SUFFIX, PackageRefused
from .models import Arrival
from .queries import arrival, arrivals, known_keys, report_of
from .signing import fingerprint, own_key
from .unpacking import write_files
from .writing import export

__all__ = [
    "SUFFIX",
    "Arrival",
    "PackageRefused",
    "arrival",
    "arrivals",
    "export",
    "fingerprint",
    "forget_key",
    "know",
    "known_keys",
    "land",
    "own_key",
    "receive",
    "report_of",
    "write_files",
]
