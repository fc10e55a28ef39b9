"""Many draft on one line of the budget at the same moment."""

from test_procedures_threads import crowd

from fixtures.money import BUDGET, SUPPLIES, expenditure, stand
from machi.engines.ledger import public as ledger
from machi.engines.procedures import public as procedures


def test_no_more_is_reserved_than_there_is_and_who_was_late_loses_nothing(live_joso):
    def draft():
        try:
            return expenditure(2_000_000).id
        except procedures.Refused:
            return None

    kept = [one for one in crowd([draft] * 7) if one]

    cases = procedures.Case.objects.filter(pk__in=kept)
    reserved = [case for case in cases if case.status == "working"]
    late = [case for case in cases if case.status == "awaiting_applicant"]
    assert (len(reserved), len(reserved) + len(late)) == (4, len(kept))
    assert stand(BUDGET, SUPPLIES) == {"unallotted": 3_000_000, "free": 1_000_000, "reserved": 8_000_000}
    assert all(procedures.asked_step(case) for case in late) and ledger.drift() == []
