"""Bulky-waste pickup: places, charges, papers, and what gives them back."""

import pytest
import time_machine

from fixtures.cases import (
    BULKY,
    CHECKED,
    act,
    active,
    applicant,
    bulky,
    day_for,
    path,
    person,
    send,
)
from machi.engines.audit.public import verify
from machi.engines.bookings import public as bookings
from machi.engines.bookings.models import Reservation
from machi.engines.definitions.public import current
from machi.engines.procedures import public as procedures
from machi.ground.calendar import today


@pytest.fixture
def clerk(joso):
    return person("kankyo.tanto")


def holds(case):
    held = procedures.what_it_holds(case)
    return (
        [(one.state, one.weight) for one in held["bookings"]],
        [(one.state, one.amount) for one in held["charges"]],
        [one.state for one in held["documents"]],
    )


def take_all_places(answers, *, leaving=0):
    """Somebody else takes the places of the chosen day."""
    slot = bookings.Slot.objects.get(id=answers["day"]["id"])
    bookings.hold(slot_id=slot.id, weight=slot.capacity - slot.taken - leaving, owner="draft:other", minutes=60)


@pytest.fixture
def exempt_answers(joso):
    """Answers with a proof that is really there."""
    from io import BytesIO

    from PIL import Image

    from machi.engines.files import public as files

    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    blob = files.store(drawn.getvalue(), mime="image/png", name="proof.png")
    link = files.attach(blob=blob, owner="draft:exempt", field="proof", name="proof.png")
    return bulky(exempt=True, proof=[str(link.id)])


def test_a_pickup_is_booked_charged_collected_and_closed(clerk):
    case = send(BULKY, bulky())

    assert (case.status, active(case)) == ("working", ["collect"])
    assert holds(case) == ([("confirmed", 3)], [("due", 1800)], ["valid"])
    assert case.steps.get(key="collect").due_on == procedures.what_it_holds(case)["bookings"][0].day
    lines = procedures.what_it_holds(case)["charges"][0].lines
    assert [(line["quantity"], line["unit_price"], line["amount"]) for line in lines] == [
        (1, 1000, 1000),
        (2, 400, 800),
    ]

    case = act(case, "take_payment", clerk, charge=str(procedures.what_it_holds(case)["charges"][0].id))
    case = act(case, "complete", clerk, outcome="taken")

    assert (case.status, case.result) == ("closed", "completed")
    assert case.retention_until.month == 3 and case.retention_until.year == today().year + 4
    assert path(case) == ["receive", "confirm", "charge", "sticker", "collect", "done"]
    assert verify(case.owner) == []


def test_an_exemption_is_checked_and_costs_nothing(clerk, exempt_answers):
    case = send(BULKY, exempt_answers)
    assert (active(case), holds(case)) == (["check"], ([("held", 3)], [], []))

    with pytest.raises(procedures.Refused, match="確認していない"):
        act(case, "complete", clerk, outcome="ok", checked=["readable"])
    case = act(case, "complete", clerk, outcome="ok", checked=CHECKED[BULKY])

    assert (active(case), holds(case)) == (["collect"], ([("confirmed", 3)], [], ["valid"]))
    case = act(case, "complete", clerk, outcome="taken")
    assert path(case) == ["receive", "check", "confirm", "sticker", "collect", "done"]


def test_an_exemption_is_refused_with_reasons_and_a_decision(clerk, exempt_answers):
    case = act(send(BULKY, exempt_answers), "complete", clerk, outcome="refuse")
    chief = person("kankyo.kacho")

    with pytest.raises(procedures.Refused) as refused:
        act(case, "decide", chief, outcome="refused")
    assert refused.value.errors == {"reasons": "この決定には理由が必要です。"}
    case = act(case, "decide", chief, outcome="refused", reasons="世帯の要件を満たしません。")

    decision = procedures.Decision.objects.get(case=case)
    assert (decision.result, decision.reasons) == ("refused", "世帯の要件を満たしません。")
    assert "審査請求" in decision.appeal and "条例" in decision.legal_basis and "課長" in decision.post
    assert (case.status, case.result) == ("closed", "refused")


def test_taking_it_back_releases_the_place_cancels_the_charge_and_the_paper(clerk):
    case = send(BULKY, bulky())
    slot = procedures.what_it_holds(case)["bookings"][0].slot
    taken = slot.taken

    case = act(case, "withdraw", applicant(case))

    assert (case.status, case.result) == ("withdrawn", "cancelled")
    assert holds(case) == ([], [("cancelled", 1800)], ["withdrawn"])
    slot.refresh_from_db()
    assert slot.taken == taken - 3
    assert active(case) == []


def test_it_cannot_be_taken_back_on_the_day_itself(clerk):
    case = send(BULKY, bulky())
    day = procedures.what_it_holds(case)["bookings"][0].day

    with (
        time_machine.travel(f"{day}T07:00+09:00", tick=True),
        pytest.raises(procedures.Refused, match="前日まで"),
    ):
        act(case, "withdraw", applicant(case))
    assert holds(case)[0] == [("confirmed", 3)]


def test_a_case_struck_by_the_chief_gives_everything_back_and_keeps_the_reason(clerk):
    case = send(BULKY, bulky())
    chief = person("kankyo.kacho")

    with pytest.raises(procedures.Refused):
        act(case, "void", chief, reason=" ")
    with pytest.raises(procedures.NotAllowed):
        act(case, "void", clerk, reason="二重")
    case = act(case, "void", chief, reason="二重の申込み")

    assert (case.status, holds(case)) == ("void", ([], [("cancelled", 1800)], ["withdrawn"]))
    (voided,) = [entry for entry in procedures.timeline(case) if entry.verb == "voided"]
    assert voided.personal == {"reason": "二重の申込み"}


def test_a_paid_charge_is_given_back_when_the_case_is_struck(clerk):
    case = send(BULKY, bulky())
    case = act(case, "take_payment", clerk, charge=str(procedures.what_it_holds(case)["charges"][0].id))

    case = act(case, "void", person("kankyo.kacho"), reason="誤り")

    assert holds(case)[1] == [("refund_due", 1800)]


def test_money_is_taken_once(clerk):
    case = send(BULKY, bulky())
    charge = str(procedures.what_it_holds(case)["charges"][0].id)
    case = act(case, "take_payment", clerk, charge=charge)

    with pytest.raises(procedures.Refused):
        act(case, "take_payment", clerk, charge=charge)
    with pytest.raises(procedures.Refused):
        act(case, "take_payment", clerk, charge="nonsense")
    assert [entry.verb for entry in procedures.timeline(case)].count("paid") == 1


def test_an_unknown_way_to_pay_is_refused_and_nothing_changes(clerk):
    case = send(BULKY, bulky())
    charge = str(procedures.what_it_holds(case)["charges"][0].id)

    with pytest.raises(procedures.Refused):
        act(case, "take_payment", clerk, charge=charge, method="shells")
    assert holds(case)[1] == [("due", 1800)]


def test_a_place_lost_while_checking_is_chosen_again(clerk, exempt_answers):
    case = send(BULKY, exempt_answers)
    Reservation.objects.filter(owner=case.owner).update(expires_at="2020-01-01T00:00Z")
    bookings.expire()
    take_all_places(exempt_answers)

    case = act(case, "complete", clerk, outcome="ok", checked=CHECKED[BULKY])
    assert (case.status, active(case)) == ("awaiting_applicant", ["rebook"])

    chosen = day_for(exempt_answers)
    case = act(case, "correct", applicant(case), answers={"day": chosen})
    assert (case.status, active(case)) == ("working", ["collect"])
    assert procedures.what_it_holds(case)["bookings"][0].day.isoformat() == chosen["day"]


def test_a_day_that_passed_while_checking_is_chosen_again(clerk, exempt_answers):
    case = send(BULKY, exempt_answers)

    with time_machine.travel(f"{exempt_answers['day']['day']}T09:00+09:00", tick=True):
        case = act(case, "complete", clerk, outcome="ok", checked=CHECKED[BULKY])

    assert (active(case), holds(case)[0]) == (["rebook"], [])


def test_choosing_a_full_day_again_is_refused_with_the_sentence(clerk, exempt_answers):
    case = send(BULKY, exempt_answers)
    case = act(case, "ask_correction", clerk, fields=["day"], message="日を選び直してください。")
    other = day_for(exempt_answers, first=1)
    take_all_places({"day": other})

    with pytest.raises(procedures.Refused) as refused:
        act(case, "correct", applicant(case), answers={"day": other})

    assert refused.value.errors["day"].startswith("選んだ日はいっぱい")
    assert holds(case)[0] == [("held", 3)]


def test_more_things_need_more_places_or_another_day(clerk, exempt_answers):
    case = send(BULKY, exempt_answers)
    case = act(case, "ask_correction", clerk, fields=["lines"], message="数を確かめてください。")
    more = [{"_id": "r1", "item": "sofa_2", "qty": 4}]
    case = act(case, "correct", applicant(case), answers={"lines": more})
    case = act(case, "complete", clerk, outcome="ok", checked=CHECKED[BULKY])

    assert holds(case)[0] == [("confirmed", 4)]


def test_not_put_out_another_day_is_booked_and_a_new_slip_takes_the_place_of_the_old(clerk):
    answers = bulky()
    case = act(send(BULKY, answers), "complete", clerk, outcome="absent")
    assert active(case) == ["again"]

    case = act(case, "correct", applicant(case), answers={"day": day_for(answers, first=2, owner=case.owner)})

    assert active(case) == ["collect"]
    assert holds(case) == ([("confirmed", 3)], [("due", 1800)], ["valid", "superseded"])


def test_a_slot_of_another_area_or_with_another_day_cannot_be_smuggled_in(joso):
    answers = bulky()
    lied = {**answers, "day": {**answers["day"], "day": (today().replace(year=today().year + 1)).isoformat()}}
    unknown = {**answers, "day": {**answers["day"], "id": "0" * 8}}
    foreign = {**answers, "day": _day_elsewhere(answers)}

    for wrong in (lied, unknown, foreign):
        with pytest.raises(procedures.Refused) as refused:
            send(BULKY, wrong)
        assert list(refused.value.errors) == ["day"]
    assert not procedures.Case.objects.exists()


def _towns():
    return procedures.form_of(current("procedure", BULKY)).tables["towns"]


def _day_elsewhere(answers):
    """A day of another collection area."""
    towns = _towns()
    route = towns[answers["town"]]["route"]
    other = next(key for key, row in towns.items() if row["route"] != route)
    return day_for({**answers, "town": other})


def test_the_place_one_holds_oneself_counts_as_free(joso):
    answers = bulky()
    version = current("procedure", BULKY)
    sheet = procedures.form_of(version).evaluate(answers, today=today())
    procedures.hold_chosen(version, sheet, owner="draft:me")
    take_all_places(answers)

    def days(owner):
        return [str(one.slot_id) for one in procedures.free_days(version, sheet, "pickup", owner=owner)]

    assert answers["day"]["id"] in days("draft:me")
    assert answers["day"]["id"] not in days("draft:you")


def test_no_days_are_offered_while_the_area_is_not_known(joso):
    version = current("procedure", BULKY)
    sheet = procedures.form_of(version).evaluate({"lines": []}, today=today())

    assert procedures.free_days(version, sheet, "pickup") == []


def test_a_name_that_no_font_can_print_is_refused_with_the_letter(joso):
    with pytest.raises(procedures.Refused) as refused:
        send(BULKY, bulky(name="\U0003134f 健"))

    assert "\U0003134f" in refused.value.message
    assert not procedures.Case.objects.filter(code=BULKY).exists()
