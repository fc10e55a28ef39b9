"""What a case was consented to, as papers show it: who was asked, level by level, and what each of them did."""

from machi.engines.approvals import public as approvals
from machi.engines.procedures.answers import files_of
from machi.engines.procedures.scope import answers_of, form_of
from machi.ground.calendar import TOKYO

MARK = "level:int,post:text,kind:text,name:text,verb:text,deputy:text?,on:date?,time:text,comment:text,note:text"
TYPE = (
    "row{rule:text?,digest:text?,drafted_on:date?,on:date?,"
    f"marks:list<row{{{MARK}}}>,files:list<row{{name:text,digest:text}}>}}"
)
SHOWN = ("marked", "skipped", "open")


def consents_of(case):
    """The newest round of the case as TYPE says; blank where nobody was asked."""
    last = next((one for one in approvals.rounds_of(case.owner) if one.row["levels"]), None)
    if last is None:
        return {"rule": None, "digest": None, "drafted_on": None, "on": None, "marks": [], "files": []}
    return {
        "rule": last.row["rule"],
        "digest": last.digest,
        "drafted_on": _day(case.submitted_at),
        "on": _day(last.closed_at) if last.closed_at else None,
        "marks": [_line(slot) for slot in last.slots.all() if slot.state in SHOWN],
        "files": [{"name": link.name, "digest": link.blob_id} for link in files_of(case, answers_of(case))],
    }


def _line(slot):
    """One place of the round: its last mark, or why there is none."""
    mark = next((one for one in reversed(slot.marks.all()) if one.verb in approvals.DECIDING), None)
    unmarked = {"open": "unread"}.get(slot.state, slot.state)
    return {
        "level": slot.level,
        "post": approvals.title(slot.post),
        "kind": slot.kind,
        "deputy": approvals.title(mark.post) if mark and mark.on_behalf_of else None,
        "name": mark.by_name if mark else "",
        "verb": mark.verb if mark else unmarked,
        "on": _day(mark.at) if mark else None,
        "time": mark.at.astimezone(TOKYO).strftime("%H:%M") if mark else "",
        "comment": mark.comment if mark else "",
        "note": slot.note,
    }


def _day(at):
    return at.astimezone(TOKYO).date()


def changed_since_last_round(case, found):
    """The labels of the fields answered otherwise than in the round before `found`; none for the first round."""
    if found.n == 1:
        return []
    before = next(one for one in approvals.rounds_of(case.owner) if (one.key, one.n) == (found.key, found.n - 1))
    old, new = (_answers_at(case, one.opened_at) for one in (before, found))
    form = form_of(case.definition)
    return form.labels([one.key for one in form.fields if old.get(one.key) != new.get(one.key)], "ja")


def _answers_at(case, moment):
    return case.answers.filter(at__lte=moment).order_by("-n").values_list("answers", flat=True).first() or {}
