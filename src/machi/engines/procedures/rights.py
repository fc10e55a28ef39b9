"""Who may use which verb on a case."""

from machi.engines.people.define import Scope
from machi.engines.people.public import can
from machi.engines.procedures import rules
from machi.engines.procedures.verbs import VERBS


def may(actor, verb, case):
    """Whether this actor has the right to this verb on this case (the status is another question)."""
    need = VERBS[verb].need
    if need == "system":
        return actor.kind == "system"
    if need == "applicant":
        return rules.is_applicant(actor, case)
    units = {case.unit, *case.steps.filter(state="active").values_list("unit", flat=True)} - {""}
    return any(can(actor, need, Scope(unit=unit, code=case.code)) for unit in units)


def may_export(actor, case):
    """Whether this actor may take the case out in a file."""
    return can(actor, "procedures.export", Scope(unit=case.unit, code=case.code))
