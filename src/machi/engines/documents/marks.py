"""The mark in the corner of each page of a form: which form it is, whose, and which page of how many. Pure."""

import re
from dataclasses import dataclass

_MARK = re.compile(r"MACHI1 ([a-z0-9_.]{1,80})@(\d{1,6}) (-|[0-9A-Z-]{14}) (\d{1,3})/(\d{1,3})")


@dataclass(frozen=True)
class Mark:
    """What a mark says. `code` recalls the draft or names the case; "" on a blank form."""

    form: str
    version: int
    code: str
    page: int
    pages: int


def written(form, version, code, page, pages):
    """The text of a mark."""
    return f"MACHI1 {form}@{version} {code or '-'} {page}/{pages}"


def read_mark(text):
    """The Mark that a text is, or None."""
    found = _MARK.fullmatch(text.strip())
    if not found:
        return None
    form, version, code, page, pages = found.groups()
    mark = Mark(form, int(version), "" if code == "-" else code, int(page), int(pages))
    return mark if 1 <= mark.page <= mark.pages else None
