"""Sending once, changing before it, and what is in the way."""

import pytest
from django.test import Client
from portal_forms import PLACE, fill, review, send_page, start

from fixtures.cases import BULKY, CERTIFICATE, day_for
from machi.engines.bookings import public as bookings
from machi.engines.notices.models import Delivery, Notice
from machi.engines.procedures.models import Case
from machi.engines.questions.models import Draft

pytestmark = pytest.mark.usefixtures("joso")


@pytest.fixture
def filled(joso, client):
    draft = start(client)
    answer = fill(client, draft)
    assert answer.url.endswith("/review/")
    draft.refresh_from_db()
    return draft


def test_the_page_before_sending_shows_everything_with_links_to_change_it(client, filled):
    answer, _command = review(client, filled)

    page = answer.content.decode()
    assert "ソファ（2人掛け以上）" in page
    assert "2,000円" in page
    assert f'href="/drafts/{filled.id}/items/?from=review#lines-r1-qty"' in page
    assert answer["Cache-Control"].count("no-store") == 1


def test_a_change_leads_back_to_the_page_before_sending(client, filled):
    answer = send_page(client, filled, "place", query="?from=review", **{**PLACE, "spot": "車庫"})

    assert answer.url == f"/drafts/{filled.id}/review/"
    assert "車庫" in client.get(answer.url).content.decode()


def test_a_double_click_makes_one_case_and_both_end_at_the_receipt(client, filled):
    _page, command = review(client, filled)
    address = f"/drafts/{filled.id}/review/"

    first = client.post(address, {"command_id": command})
    second = client.post(address, {"command_id": command})

    case = Case.objects.get(code=BULKY)
    assert first.url == f"/cases/{case.id}/?sent=1"
    assert second.url == f"/cases/{case.id}/"
    assert case.reference in client.get(first.url).content.decode()
    sent = Delivery.objects.filter(notice__owner=case.owner, notice__code="general.receipt")
    assert [one.address for one in sent] == ["taro@joso.example"]


def test_two_windows_that_send_the_same_draft_make_one_case(client, filled):
    commands = [review(client, filled)[1] for _window in range(2)]

    for command in commands:
        client.post(f"/drafts/{filled.id}/review/", {"command_id": command})

    assert Case.objects.filter(code=BULKY).count() == 1


def test_going_back_after_sending_leads_to_the_receipt(client, filled):
    _page, command = review(client, filled)
    client.post(f"/drafts/{filled.id}/review/", {"command_id": command})
    case = Case.objects.get(code=BULKY)

    for page in ("review", "place", "later"):
        assert client.get(f"/drafts/{filled.id}/{page}/").url == f"/cases/{case.id}/"


def test_a_day_taken_by_somebody_else_is_said_and_nothing_is_lost(client, filled):
    bookings.release(owner=filled.owner)
    slot = bookings.Slot.objects.get(id=filled.answers["day"]["id"])
    bookings.hold(slot_id=slot.id, weight=slot.capacity - slot.taken, owner="draft:other", minutes=60)
    _page, command = review(client, filled)

    answer = client.post(f"/drafts/{filled.id}/review/", {"command_id": command})

    assert answer.status_code == 422
    assert answer.context["errors"] == [
        {
            "href": f"/drafts/{filled.id}/day/?from=review#day",
            "text": "選んだ日はいっぱいになりました。別の日を選んでください。",
        }
    ]
    assert not Case.objects.filter(code=BULKY).exists()
    other = day_for(filled.answers, owner=filled.owner)
    assert other["id"] != filled.answers["day"]["id"]
    send_page(client, filled, "day", query="?from=review", day=f"{other['id']}@{other['day']}@")
    sent = client.post(f"/drafts/{filled.id}/review/", {"command_id": command})
    assert "/cases/" in sent.url


def test_a_day_that_was_just_taken_is_said_on_its_own_page(client, joso):
    draft = start(client)
    fill(client, draft)
    draft.refresh_from_db()
    bookings.release(owner=draft.owner)
    day = draft.answers["day"]
    slot = bookings.Slot.objects.get(id=day["id"])
    bookings.hold(slot_id=slot.id, weight=slot.capacity - slot.taken, owner="draft:other", minutes=60)

    answer = send_page(client, draft, "day", day=f"{day['id']}@{day['day']}@")

    assert answer.status_code == 422
    assert [error["href"] for error in answer.context["errors"]] == ["#day"]


def test_my_own_place_still_counts_as_free_for_me(client, filled):
    slot = bookings.Slot.objects.get(id=filled.answers["day"]["id"])
    bookings.hold(slot_id=slot.id, weight=slot.capacity - slot.taken, owner="draft:other", minutes=60)

    page = client.get(f"/drafts/{filled.id}/day/").content.decode()

    chosen = page.index(f'value="{slot.id}@')
    assert "checked" in page[chosen : chosen + 200]
    assert "disabled" not in page[chosen : chosen + 200]


def test_continuing_later_opens_elsewhere_by_the_mailed_link_alone(client, filled):
    client.post(f"/drafts/{filled.id}/later/", {"email": "later@joso.example"})
    notice = Notice.objects.get(owner=filled.owner, code="general.resume_link")
    path = notice.text.partition("/d/")[2].split()[0]

    elsewhere = Client()

    assert elsewhere.get(f"/drafts/{filled.id}/place/").status_code == 404
    assert elsewhere.get(f"/d/{path}").url == f"/drafts/{filled.id}/you/"
    assert "3222番地3" in elsewhere.get(f"/drafts/{filled.id}/place/").content.decode()
    client.post(f"/drafts/{filled.id}/later/", {"email": "later@joso.example"})
    assert Client().get(f"/d/{path}").status_code == 404


def test_a_wrong_mail_address_stays_in_its_box(client, filled):
    answer = client.post(f"/drafts/{filled.id}/later/", {"email": "taro＠"})

    assert answer.status_code == 422
    assert 'value="taro＠"' in answer.content.decode()


def test_a_draft_that_is_thrown_away_is_gone(client, filled):
    client.post(f"/drafts/{filled.id}/discard/")

    assert not Draft.objects.filter(id=filled.id).exists()
    assert client.get(f"/drafts/{filled.id}/place/").status_code == 404


def test_a_certificate_asks_for_proof_first(client, joso):
    answer = client.post(f"/procedures/{CERTIFICATE}/start/")

    assert answer.url == f"/procedures/{CERTIFICATE}/"
    page = client.get(answer.url).content.decode()
    assert "先に本人確認が必要です" in page
    assert f"/accounts/login/?next=/procedures/{CERTIFICATE}/" in page
