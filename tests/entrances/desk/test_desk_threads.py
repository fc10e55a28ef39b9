"""Two clerks press at once: threads against PostgreSQL, through the real views."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from fixtures.cases import BULKY, VOICE, account, bulky, person, send, voice
from fixtures.drafts import office_draft
from machi.engines.approvals import public as approvals
from machi.engines.audit.define import SYSTEM
from machi.engines.audit.public import verify
from machi.engines.people.public import enter_absence
from machi.engines.procedures.public import Case, Step
from machi.ground.calendar import today
from machi.ground.ids import new_id


def at_once(*presses):
    """The status codes of the presses, all made in the same moment by people of their own."""
    barrier, codes = Barrier(len(presses)), [None] * len(presses)

    def run(number, mail, case, posted):
        try:
            client = Client()
            client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
            barrier.wait(20)
            codes[number] = client.post(f"/desk/cases/{case.id}/act/", posted).status_code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number, *press)) for number, press in enumerate(presses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return codes


def posted(case, verb, **more):
    fields = {f"_{name}": value for name, value in more.items()}
    return {"_verb": verb, "_revision": case.revision, "_command": str(new_id()), **fields}


@pytest.mark.parametrize("turn", range(3))
def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told(live_joso, turn):
    case = send(VOICE, voice(topic="garbage"))
    codes = at_once(
        ("kankyo.tanto", case, posted(case, "claim")), ("kankyo.tanto2", case, posted(case, "claim"))
    )
    assert sorted(codes) == [302, 409]
    winner = ("kankyo.tanto", "kankyo.tanto2")[codes.index(302)]
    assert Step.objects.get(case=case, state="active").claimed_by == account(winner)
    assert verify(case.owner) == []


def test_of_six_who_finish_a_step_at_once_one_wins(live_joso):
    case = send(BULKY, bulky())
    done = posted(case, "complete", step="collect", outcome="taken")
    codes = at_once(*[("kankyo.tanto", case, {**done, "_command": str(new_id())}) for _one in range(6)])
    assert sorted(codes) == [302, 409, 409, 409, 409, 409]
    case = Case.objects.get(id=case.id)
    assert (case.status, case.revision) == ("closed", 2) and verify(case.owner) == []


def test_the_same_press_sent_twice_at_once_is_carried_out_once_and_both_hear_yes(live_joso):
    case = send(BULKY, bulky())
    note = posted(case, "note", text="電話した。")
    assert at_once(("kankyo.tanto", case, note), ("kankyo.tanto", case, note)) == [302, 302]
    assert Case.objects.get(id=case.id).revision == 2


def turn(case):
    """What the form of whoever has the turn sends."""
    found = approvals.round_open(case.owner)
    return {"slot": str(found.slots.get(state="open").id), "digest": found.digest}


def test_of_the_deputy_and_the_chief_who_press_at_once_one_mark_counts_and_the_other_is_told(live_joso):
    chief = person("doro.kacho")
    enter_absence(person=account("doro.kacho").person, kind="trip", first=today(), last=today(), actor=SYSTEM)
    case = office_draft(item="inquiry", amount=None, contract=None)
    mark = turn(case)
    codes = at_once(
        ("doro.kacho", case, posted(case, "approve", **mark)), ("doro.hosa", case, posted(case, "approve", **mark))
    )

    assert sorted(codes) == [302, 409]
    (one,) = approvals.Mark.objects.filter(verb="approve")
    assert one.on_behalf_of == ("" if one.by == chief.key else "roads.chief")
    assert Case.objects.get(id=case.id).decisions.count() == 1
    assert verify(case.owner) == []


def test_a_draft_that_is_taken_back_while_the_chief_marks_is_one_or_the_other(live_joso):
    case = office_draft()
    codes = at_once(
        ("doro.tanto", case, posted(case, "recall")), ("doro.kacho", case, posted(case, "approve", **turn(case)))
    )

    assert sorted(codes) == [302, 409]
    recalled = codes[0] == 302
    assert approvals.rounds_of(case.owner)[0].state == ("recalled" if recalled else "open")
    assert approvals.Mark.objects.filter(verb="approve").count() == (0 if recalled else 1)
