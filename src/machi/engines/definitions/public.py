"""The door of definitions: what the city can do and say, as checked, versioned data."""

from .actions import PublishRefused, Report, load, publish, withdraw
from .define import Fault
from .kinds import office_days
from .library import check
from .models import Version
from .queries import (
    city,
    count_published,
    current,
    current_all,
    difference,
    drafts,
    forget,
    version,
    versions,
)

__all__ = [
    "Fault",
    "PublishRefused",
    "Report",
    "Version",
    "check",
    "city",
    "count_published",
    "current",
    "current_all",
    "difference",
    "drafts",
    "forget",
    "load",
    "office_days",
    "publish",
    "version",
    "versions",
    "withdraw",
]
