"""The catalogue as another program reads it: everything one must know before applying, and as 制度 of GIF."""

import pytest

from fixtures.cases import BULKY, CERTIFICATE

pytestmark = pytest.mark.usefixtures("joso")
ROOT = "/api/v1"


def test_a_procedure_says_whom_what_how_much_and_on_which_law(client):
    found = client.get(f"{ROOT}/procedures/{BULKY}").json()

    assert found["target"]["en"].startswith("Residents with bulky waste")
    assert "Waste Management" in found["legal_basis"][0]["text"]["en"]
    assert (found["contact"]["unit"], bool(found["contact"]["phone"])) == ("environment", True)
    assert len(found["documents"]) == 2 and found["fee"]["ja"] and found["answer"]["ja"]
    assert "sofa" in found["words"]["en"]
    assert {"ja", "ja-easy", "en", "pt-BR", "es", "zh-Hans"} == set(found["languages"])
    assert client.get(found["links"]["scheme"]).status_code == 200


def test_the_same_as_scheme_of_the_government(client):
    found = client.get(f"{ROOT}/schemes/{BULKY}").json()

    assert found["制度番号"] == BULKY
    assert found["根拠法令"].startswith("廃棄物の処理及び清掃に関する法律")
    assert found["制度所管組織"].startswith("常総市")
    assert found["電子申請の有無"] is True
    assert len(client.get(f"{ROOT}/schemes").json()) == len(client.get(f"{ROOT}/procedures").json())
    assert client.get(f"{ROOT}/schemes/no.such").status_code == 404


def test_pages_follow_each_other_by_their_links(client):
    whole = [one["code"] for one in client.get(f"{ROOT}/procedures").json()]
    pages, address = [], f"{ROOT}/procedures?limit=15"
    while address:
        answer = client.get(address)
        assert answer["X-Total-Count"] == str(len(whole))
        pages.append([one["code"] for one in answer.json()])
        address = answer.get("Link", "").partition(">")[0].lstrip("<") or None

    assert len(pages) > 2
    assert [code for page in pages for code in page] == whole
    for wrong in ("limit=0", "limit=1000", "offset=-1", "limit=x"):
        assert client.get(f"{ROOT}/procedures?{wrong}").status_code == 422


def test_what_is_known_already_is_not_sent_again(client):
    first = client.get(f"{ROOT}/procedures/{CERTIFICATE}")
    again = client.get(f"{ROOT}/procedures/{CERTIFICATE}", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{ROOT}/procedures", HTTP_IF_NONE_MATCH='"other"').status_code == 200
