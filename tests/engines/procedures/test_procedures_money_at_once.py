"""Many draft on one line of the budget, or on one commitment, at the same moment; or as its year closes."""

from datetime import datetime

from test_procedures_threads import crowd

from fixtures.cases import act, person
from fixtures.drafts import mark
from fixtures.money import BUDGET, CHIEF, CLERK, COMMITMENTS, SUPPLIES, accountant, expenditure, payment, stand
from machi.engines.definitions.public import current
from machi.engines.ledger import public as ledger
from machi.engines.procedures import public as procedures
from machi.ground.calendar import TOKYO, clock


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


def test_two_payments_at_once_never_pay_more_than_was_committed(live_joso):
    number = mark(expenditure(300_000), "approve", CHIEF).number

    def order():
        try:
            return payment(200_000, commitment=number).id
        except procedures.Refused:
            return None

    kept = [one for one in crowd([order] * 4) if one]

    cases = procedures.Case.objects.filter(pk__in=kept)
    assert [case.status for case in cases].count("working") == 1
    assert stand(COMMITMENTS, number) == {"open": 100_000, "ordering": 200_000} and ledger.drift() == []


def test_a_year_closes_or_somebody_is_faster_never_both(live_joso):
    """Whoever reserves while the year closes comes before it, and stops it, or after it, and is refused."""
    book, after = current("book", BUDGET).bundle, datetime(2027, 6, 1, 9, tzinfo=TOKYO)
    with clock(after):
        ledger.ask_closing(book=book, period="2026", actor=person("kaikei.kacho"))

    def reserve():
        posting = ledger.Posting(book, SUPPLIES, "reserve", 1_000)
        try:
            return ledger.enter(key="late", postings=[posting], title="遅れた予約", actor=person(CLERK)) is not None
        except ledger.NoAccount:
            return False

    def close():
        try:
            with clock(after):
                return ledger.close_period(book=book, period="2026", actor=person("gyosei.kacho")) > 0
        except ledger.ClosingRefused:
            return False

    assert sorted(crowd([reserve, close])) == [False, True]
    open_now = ledger.balance(BUDGET, SUPPLIES)
    assert not open_now or open_now["reserved"] == 1_000


def test_two_who_hand_over_at_once_hand_over_once(live_joso):
    case = mark(payment(4_800), "approve", CHIEF)
    act(case, "complete", accountant(), step="examine", outcome="ok", checked=["law", "settled", "payee"])
    version = current("procedure", "office.payment_order")

    def hand():
        try:
            return procedures.hand_over(version=version, key="accounting", actor=accountant()).count
        except procedures.Refused:
            return 0

    assert sorted(crowd([hand] * 4)) == [0, 0, 0, 1]
    assert procedures.handings(version, "accounting").count() == 1
