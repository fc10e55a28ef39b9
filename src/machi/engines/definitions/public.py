"""The door of definitions: what the city can do and say, as checked, versioned data."""

from .actions import PublishRefused, Report, load, publish, withdraw
from .define import Fault
from .kinds import office_days
from .library import check
from .manuscripts import (
    CodeTaken,
    Overtaken,
    begin_manuscript,
    examine,
    is_code,
    manuscript,
    manuscripts,
    may_step,
    propose,
    read_definition,
    read_manuscript,
    save_manuscript,
    step_manuscript,
)
from .models import Manuscript, Version
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
from .writing import write

__all__ = [
    "CodeTaken",
    "Fault",
    "Manuscript",
    "Overtaken",
    "PublishRefused",
    "Report",
    "Version",
    "begin_manuscript",
    "check",
    "city",
    "count_published",
    "current",
    "current_all",
    "difference",
    "drafts",
    "examine",
    "forget",
    "is_code",
    "load",
    "manuscript",
    "manuscripts",
    "may_step",
    "office_days",
    "propose",
    "publish",
    "read_definition",
    "read_manuscript",
    "save_manuscript",
    "step_manuscript",
    "version",
    "versions",
    "withdraw",
    "write",
]
