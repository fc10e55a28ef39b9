"""Who may use which verb on a case."""

from machi.engines.approvals import public as approvals
from machi.engines.people.define import Scope
from machi.engines.people.public import can
from machi.engines.procedures import rules
from machi.engines.procedures.verbs import VERBS

BY_WHOM = {
    "system": lambda actor, _case: actor.kind == "system",
    "applicant": rules.is_applicant,
    "drafter": lambda actor, case: actor.account is not None and actor.account == case.written_by,
    "adds": lambda actor, case: approvals.may_add(actor, approvals.round_open(case.owner)),
    "cosigner": lambda actor, case: (
        rules.is_cosigner(actor) and case.parties.filter(id=actor.person.removeprefix("party:")).exists()
    ),
}


def may(actor, verb, case, units=None):
    """Whether this actor has the right to this verb on this case (the status is another question).

    units: those of the case, where the caller has asked for them already.
    """
    need = VERBS[verb].need
    if need in BY_WHOM:
        return BY_WHOM[need](actor, case)
    if need in ("in_turn", "later"):
        return approvals.has_place(actor, case.owner, later=need == "later")
    if verb == "decide" and case.drafter and rules.is_applicant(actor, case):
        return False  # nobody decides what they drafted themselves
    return any(can(actor, need, Scope(unit=unit, code=case.code)) for unit in units or units_of(case))


def units_of(case):
    """The units whose people a case concerns: its own, and those where one of its steps waits."""
    return {case.unit, *case.steps.filter(state="active").values_list("unit", flat=True)} - {""}


def may_export(actor, case):
    """Whether this actor may take the case out in a file."""
    return can(actor, "procedures.export", Scope(unit=case.unit, code=case.code))
