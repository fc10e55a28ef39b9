"""Packages at the screen: looked at first, taken in by somebody, and told in words when they are not one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fixtures.cases import BULKY, account
from fixtures.neighbour import ITEMS, THEIRS, as_neighbours, in_words
from machi.engines.definitions import public as definitions
from machi.engines.packages import public as packages
from machi.engines.packages.archive import pack, unpack


def signed_in(mail):
    client = Client()
    client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(joso):
    """Somebody who may write definitions and publish those of others."""
    return signed_in("digital.kokai")


def bring(client, data, name="pickup.machi.zip"):
    return client.post("/exchange/packages/", {"file": SimpleUploadedFile(name, data)})


def test_a_procedure_in_force_leaves_as_a_signed_file(clerk):
    answer = clerk.get("/exchange/packages/export/", {"code": BULKY})

    assert answer["Content-Disposition"] == f'attachment; filename="{BULKY}.machi.zip"'
    assert answer.content == packages.export("procedure", BULKY, "Apache-2.0")[1]
    assert clerk.get("/exchange/packages/export/", {"code": "no.such"}).status_code == 422


def test_an_unsigned_file_is_refused_where_it_was_brought(clerk):
    contents = unpack(packages.export("procedure", BULKY, "Apache-2.0")[1])
    contents.pop("signature.json")
    answer = bring(clerk, pack(contents))

    assert answer.status_code == 422
    assert "署名がありません" in answer.content.decode()
    assert clerk.post("/exchange/packages/").status_code == 422
    assert packages.arrivals() == []


def test_what_a_neighbour_sent_is_shown_and_taken_in_by_somebody_who_compared_the_key(clerk):
    change = in_words(ITEMS, "fee: 400", "fee: 1400")
    address = bring(clerk, as_neighbours(packages.export("procedure", BULKY, "x")[1], change))["Location"]
    shown = clerk.get(address).content.decode()
    assert "電話などで、鍵の指紋が" in shown
    assert "違うものがある" in shown
    assert "この市に同じものがある（" in shown
    assert clerk.post(address, {"replace": "choices/waste.bulky_items"}).status_code == 422

    done = clerk.post(address, {"accept": "yes", "replace": "choices/waste.bulky_items"}, follow=True)
    assert f"<code>{THEIRS}</code> 原稿にした" in done.content.decode()
    assert [draft.code for draft in definitions.drafts()] == ["waste.bulky_items"]
    assert clerk.get("/exchange/packages/").status_code == 200


def test_only_who_may_write_definitions_comes_in(joso):
    assert signed_in("kankyo.tanto").get("/exchange/packages/").status_code == 404
    assert Client().get("/exchange/packages/").status_code == 302
