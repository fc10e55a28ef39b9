"""The door of definitions: what the city can do and say, as checked, versioned data."""

from .actions import PublishRefused, Report, load, publish, withdraw
from .define import Fault
from .difference import sentences as source_difference
from .foreign import compile_together, keep_draft, read_foreign
from .handing_over import Foreseen, catch_up, close_manuscript, foresee, meanwhile, propose
from .kinds import office_days
from .library import check, footings
from .manuscripts import (
    CodeTaken,
    Overtaken,
    begin_manuscript,
    examine,
    is_code,
    manuscript,
    manuscripts,
    may_step,
    read_definition,
    read_manuscript,
    save_manuscript,
    step_manuscript,
    step_target,
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
from .rebase import write_locks
from .writing import write

__all__ = [
    "CodeTaken",
    "Fault",
    "Foreseen",
    "Manuscript",
    "Overtaken",
    "PublishRefused",
    "Report",
    "Version",
    "begin_manuscript",
    "catch_up",
    "check",
    "city",
    "close_manuscript",
    "compile_together",
    "count_published",
    "current",
    "current_all",
    "difference",
    "drafts",
    "examine",
    "footings",
    "foresee",
    "forget",
    "is_code",
    "keep_draft",
    "load",
    "manuscript",
    "manuscripts",
    "may_step",
    "meanwhile",
    "office_days",
    "propose",
    "publish",
    "read_definition",
    "read_foreign",
    "read_manuscript",
    "save_manuscript",
    "source_difference",
    "step_manuscript",
    "step_target",
    "version",
    "versions",
    "withdraw",
    "write",
    "write_locks",
]
