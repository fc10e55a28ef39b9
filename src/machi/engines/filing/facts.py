"""What is written of a document when it is registered or changed: read, cleaned, and refused in words."""

from datetime import date

from django.utils.translation import gettext as _

from machi.engines.audit.define import SENSITIVITIES
from machi.engines.filing.define import DISCLOSURES
from machi.engines.filing.rules import Refused
from machi.ground.text import UncleanText, clean_line, clean_text

LINES = {
    "subject": 300,
    "correspondent": 200,
    "their_number": 80,
    "disclosure_basis": 200,
    "drafter": 120,
    "place": 120,
}
DAYS = ("dated_on", "received_on", "decided_on", "answer_by")
HANDLINGS = ("ordinary", "urgent", "registered", "confidential")
PICKS = {"disclosure": DISCLOSURES, "sensitivity": SENSITIVITIES[:4], "handling": HANDLINGS}
FACTS = (*LINES, *DAYS, *PICKS, "note")
OF_OWNED = ("disclosure", "disclosure_basis", "place", "note")  # the rest is as the thing itself says
PAST = ("received_on", "dated_on", "decided_on")
NOTE_LONGEST = 2000


def read(given, *, kind, today):
    """The clean values of `given` (name → text, date or None), only of names it has. Raises Refused with errors."""
    values, errors = {}, {}
    for name in FACTS:
        if name in given:
            try:
                values[name] = _one(name, given[name])
            except UncleanText as fault:
                errors[name] = fault.message
            except ValueError as fault:
                errors[name] = str(fault)
    _check(values, errors, kind, today)
    if errors:
        raise Refused(_("入力を確かめてください。"), errors)
    return values


def _one(name, said):
    if name in DAYS:
        return said or None
    if name in PICKS:
        if said not in PICKS[name]:
            raise ValueError(_("一つ選んでください。"))
        return said
    if name == "note":
        return clean_text(said or "", longest=NOTE_LONGEST)
    return clean_line(said or "", longest=LINES[name])


def _check(values, errors, kind, today):
    if values.get("subject") == "":
        errors["subject"] = _("件名を書いてください。")
    if kind != "received":
        return
    if values.get("correspondent") == "":
        errors["correspondent"] = _("だれから届いたかを書いてください。")
    if "received_on" in values and values["received_on"] is None:
        errors["received_on"] = _("届いた日を書いてください。")
    for name in PAST:
        if (values.get(name) or today) > today:
            errors[name] = _("今日までの日付を書いてください。")


def as_json(value):
    """A value as the chain keeps it."""
    return value.isoformat() if isinstance(value, date) else value
