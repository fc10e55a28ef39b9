"""Two clerks press at once: threads against PostgreSQL, through the real views."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from fixtures.cases import BULKY, VOICE, account, bulky, send, voice
from machi.engines.audit.public import verify
from machi.engines.procedures.public import Case, Step
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
