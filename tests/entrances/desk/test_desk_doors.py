"""Who may come in at all, and what a door says to the others."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter

from fixtures.cases import BULKY, CERTIFICATE, bulky, certificate, send
from machi.engines.audit.public import accesses
from machi.entrances.desk.urls import urlpatterns
from machi.ground.ids import new_id


def addresses():
    """Every address of the desk, with ids of things that are not there."""
    for pattern in urlpatterns:
        kinds = pattern.pattern.converters.items()
        absent = {name: 0 if isinstance(kind, IntConverter) else new_id() for name, kind in kinds}
        yield reverse(f"desk:{pattern.name}", kwargs=absent)


def ask(client, address):
    """The answer to whichever of GET and POST this address takes."""
    answer = client.get(address)
    return client.post(address) if answer.status_code == 405 else answer


def test_every_address_of_the_desk_is_walked():
    assert len(list(addresses())) == len(urlpatterns) >= 13
    assert get_resolver()


def test_a_stranger_is_led_to_the_sign_in_of_staff(joso):
    for address in addresses():
        answer = ask(Client(), address)
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/staff/"), address


def test_a_resident_is_refused_everywhere(sign_in):
    resident = sign_in("hanako")
    assert {ask(resident, address).status_code for address in addresses()} <= {403, 404}


def test_a_clerk_has_no_door_to_upkeep_that_needs_more_rights(clerk):
    assert clerk.get("/desk/outside/").status_code == 404
    assert clerk.post(reverse("desk:publish", args=[new_id()])).status_code == 404
    assert clerk.post(reverse("desk:settle_mail", args=[new_id()])).status_code == 404
    assert "届かないもの" not in clerk.get("/desk/").content.decode()


def test_the_case_of_another_unit_is_not_found_and_cannot_be_acted_on(clerk):
    theirs = send(CERTIFICATE, certificate(), mail="hanako")
    assert clerk.get(f"/desk/cases/{theirs.id}/").status_code == 404
    answer = clerk.post(f"/desk/cases/{theirs.id}/act/", {"_verb": "claim", "_revision": theirs.revision})
    assert answer.status_code == 404
    assert "山田 花子" not in clerk.get("/desk/cases/").content.decode()
    assert accesses(theirs.owner) == []


def test_reading_a_case_leaves_a_line_with_who_and_what(clerk):
    ours = send(BULKY, bulky())
    clerk.get(f"/desk/cases/{ours.id}/")
    (line,) = accesses(ours.owner)
    assert (line.actor_name, line.what) == ("佐藤 環", "case")


@pytest.mark.parametrize("verb", ["fire", "correct", "withdraw", "nonsense", ""])
def test_verbs_that_are_not_for_staff_are_refused(clerk, verb):
    ours = send(BULKY, bulky())
    answer = clerk.post(f"/desk/cases/{ours.id}/act/", {"_verb": verb, "_revision": ours.revision})
    assert answer.status_code == 403
    ours.refresh_from_db()
    assert ours.revision == 1


def test_a_clerk_cannot_decide_and_a_forged_decision_changes_nothing(sign_in):
    ours = send(CERTIFICATE, certificate(), mail="hanako")
    posted = {"_verb": "void", "_reason": "x", "_revision": ours.revision}
    assert sign_in("shimin.tanto").post(f"/desk/cases/{ours.id}/act/", posted).status_code == 403
    ours.refresh_from_db()
    assert ours.status == "working"
