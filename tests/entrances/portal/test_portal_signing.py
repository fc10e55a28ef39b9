"""Consenting to what somebody else applied for: the mailed link, the code, the two answers."""

import re

import pytest
from django.test import Client

from fixtures.answers import filled
from fixtures.cases import account, active, send
from machi.engines.definitions.public import current
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures
from machi.ground.ids import new_id

FARM = "farm.conversion"


@pytest.fixture
def case(joso):
    """A field is to be sold to Hanako; the seller is asked by mail."""
    version, draft = current("procedure", FARM), f"draft:{new_id()}"
    lot = {"town": "mitsukaido_suwa", "lot": "1-1", "registered": "field", "present": "field", "square": 200}
    given = {
        "article": "five", "zone": "urban", "giver": "鈴木 一", "giver_by": "mail", "parcels": [lot], "use_for": "home",
        "giver_mail": "hajime@joso.example", "reason": "家を建てる。", "phone": "090-1111-2222",
    }  # fmt: skip
    return send(FARM, filled(version.bundle["form"], given, owner=draft), mail="hanako")


@pytest.fixture
def party(case):
    return procedures.signers_of(case)[0][1][0]


@pytest.fixture
def address(party):
    return "/s/" + re.search(r"/s/([^/]+)/", procedures.link_to_sign(party))[1] + "/"


@pytest.fixture
def proved(client, address, case):
    """A browser in which the code was typed."""
    client.post(address, {"_do": "mail"})
    code = re.search(r"\d{6}", Notice.objects.get(owner=case.owner, code="general.cosign_code").subject)[0]
    assert client.post(address, {"_do": "code", "code": code}).url == address
    return client


def answer(client, address, do="consent", **more):
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(command_id|revision|digest)" value="([^"]*)"', page))
    return client.post(address, {**hidden, "_do": do, **more})


def test_the_link_alone_shows_nothing_of_the_case(client, address, case):
    page = client.get(address).content.decode()

    assert "h•••@joso.example" in page
    for word in ("山田", "鈴木", "hajime@", "1-1", "家を建てる"):
        assert word not in page
    assert client.get(address + f"files/{new_id()}/").status_code == 404
    assert client.post(address, {"_do": "code", "code": "000000"}).status_code == 422


def test_a_link_that_is_not_ours_opens_nothing(client, joso):
    assert client.get("/s/forged/").status_code == 404


def test_the_seller_sees_what_is_sold_and_nothing_else(proved, address):
    page = proved.get(address).content.decode()

    assert "山田 花子" in page and "鈴木 一" in page and "1-1" in page
    assert "家を建てる。" not in page and "090-1111-2222" not in page


def test_the_seller_consents_and_the_case_goes_on(proved, address, case):
    assert answer(proved, address).status_code == 422, "the sentence must be ticked"
    assert "同意を受け取りました" in answer(proved, address, agree="yes").content.decode()

    case.refresh_from_db()
    assert active(case) == ["look"]
    assert "同意を受け取りました" in proved.get(address).content.decode(), "and the link says so from now on"


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(proved, address, case):
    page = answer(proved, address, "refuse", reason="")
    assert page.status_code == 422
    page = answer(proved, address, "refuse", reason="売らないことにしました。")

    case.refresh_from_db()
    assert (page.status_code, case.status, case.result) == (200, "closed", "lapsed")


def test_whoever_is_signed_in_with_that_address_needs_no_code(address, party):
    party.email = "yoshino@joso.example"
    party.save()
    for mail, opened in (("yoshino", True), ("maria", False)):
        browser = Client()
        browser.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
        assert ("山田 花子" in browser.get(address).content.decode()) is opened


def test_the_applicant_sees_who_has_signed_and_mends_an_address(case, party):
    browser = Client()
    browser.force_login(account("hanako"), backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert "鈴木 一" in page and "返事を待っています" in page

    posted = {"party": party.id, "email": "other@joso.example", "revision": case.revision, "command_id": new_id()}
    assert browser.post(f"/cases/{case.id}/readdress/", posted).url == f"/cases/{case.id}/"

    party.refresh_from_db()
    assert (party.email, party.link_round) == ("other@joso.example", 2)


@pytest.mark.parametrize("language", ["pt-br", "ja-easy", "zh-hans"])
def test_the_pages_speak_the_readers_language(client, address, language):
    page = client.post(address, {"_lang": language}, follow=True).content.decode()
    assert "メールを受け取った人か確かめます" not in page
