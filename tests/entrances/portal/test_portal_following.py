"""Whose things one may open, answering the city, taking back, the inbox."""

import pytest
from django.test import Client
from portal_forms import fill, start

from fixtures.cases import (
    BULKY,
    CERTIFICATE,
    CHECKED,
    REGISTER,
    VOICE,
    account,
    act,
    bulky,
    certificate,
    person,
    send,
    voice,
)
from machi.engines.procedures import public as procedures
from machi.engines.procedures.models import Case
from machi.ground.ids import new_id

pytestmark = pytest.mark.usefixtures("joso")


def signed_in(mail):
    client = Client()
    client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def hanako(joso):
    return signed_in("hanako")


@pytest.fixture
def asked(joso):
    """A certificate of Hanako's about which the city has asked."""
    case = send(CERTIFICATE, certificate(), mail="hanako")
    words = {"fields": ["copies"], "message": "何通か確かめてください。"}
    return act(case, "ask_correction", person("shimin.tanto"), **words)


def post_correction(client, case, **boxes):
    said = {"_do": "next", "_asked": list(boxes), "revision": case.revision, "command_id": new_id(), **boxes}
    return client.post(f"/cases/{case.id}/correct/", said)


def test_what_is_somebody_elses_cannot_be_told_from_what_is_not_there(client, hanako):
    draft = start(client)
    case = send(VOICE, voice())

    for address in (
        f"/drafts/{draft.id}/place/",
        f"/cases/{case.id}/",
        f"/cases/{new_id()}/",
        f"/drafts/{new_id()}/place/",
    ):
        answer = hanako.get(address)
        assert answer.status_code == 404
        assert "このページは、ここでは開けません" in answer.content.decode()


def test_what_belongs_to_an_account_asks_to_sign_in_first(client, asked):
    answer = client.get(f"/cases/{asked.id}/correct/")

    assert answer.url == f"/accounts/login/?next=/cases/{asked.id}/correct/"
    assert signed_in("maria").get(f"/cases/{asked.id}/").status_code == 404


def test_a_mailed_link_opens_one_case_and_a_renewed_one_closes_it(client, joso):
    case = send(VOICE, voice(email="a@joso.example", wants_answer=True))
    token = procedures.token_of(case)

    assert client.get(f"/c/{token}/").url == f"/cases/{case.id}/"
    assert case.reference in client.get(f"/cases/{case.id}/").content.decode()
    Case.objects.filter(id=case.id).update(link_round=case.link_round + 1)
    assert Client().get(f"/c/{token}/").status_code == 404
    assert Client().get(f"/c/{token[:-2]}xx/").status_code == 404


def test_a_draft_begun_before_signing_in_is_found_on_my_page(joso):
    client = Client()
    draft = start(client)
    client.force_login(account("hanako"), backend="django.contrib.auth.backends.ModelBackend")

    client.get(f"/drafts/{draft.id}/place/")

    assert f"/drafts/{draft.id}/" in signed_in("hanako").get("/my/").content.decode()


def test_a_correction_shows_only_what_was_asked_and_is_taken_once(hanako, asked):
    page = hanako.get(f"/cases/{asked.id}/correct/").content.decode()
    assert "何通か確かめてください。" in page
    assert 'name="copies"' in page
    assert 'name="purpose"' not in page

    wrong = post_correction(hanako, asked, copies="99")
    assert wrong.status_code == 422
    assert 'value="99"' in wrong.content.decode()
    assert 'value="99"' in hanako.get(f"/cases/{asked.id}/correct/").content.decode()

    assert post_correction(hanako, asked, copies="1").url == f"/cases/{asked.id}/"
    asked.refresh_from_db()
    assert asked.status == "working"
    assert procedures.answers_of(asked)["copies"] == 1
    assert post_correction(hanako, asked, copies="2").url == f"/cases/{asked.id}/"
    assert procedures.answers_of(asked)["copies"] == 1


def test_a_correction_can_change_its_language_midway(hanako, asked):
    hanako.post(f"/cases/{asked.id}/correct/", {"_lang": "en", "_asked": "copies", "copies": "1"})

    page = hanako.get(f"/cases/{asked.id}/correct/").content.decode()
    assert '<html lang="en"' in page
    assert 'value="1"' in page


def test_a_case_that_moved_on_is_said_and_nothing_is_sent(hanako, asked):
    answer = hanako.post(
        f"/cases/{asked.id}/correct/",
        {
            "_do": "next",
            "_asked": "copies",
            "copies": "1",
            "revision": asked.revision - 1,
            "command_id": new_id(),
        },
    )

    assert answer.status_code == 422
    assert "この間に市役所で手続が進みました" in answer.content.decode()
    assert procedures.answers_of(asked)["copies"] == 2


def test_decision_document_and_inbox(hanako, joso):
    case = send(CERTIFICATE, certificate(), mail="hanako")
    checked = {"step": "check", "outcome": "ok", "checked": CHECKED[CERTIFICATE], "answers": REGISTER}
    case = act(case, "complete", person("shimin.tanto"), **checked)
    case = act(case, "decide", person("shimin.kacho"), step="decision", outcome="granted")

    page = hanako.get(f"/cases/{case.id}/").content.decode()

    assert "認められました" in page
    inbox = hanako.get("/my/inbox/").content.decode()
    assert inbox.count('class="chip new"') == inbox.count("/my/inbox/0")
    notice = inbox.partition("/my/inbox/0")[2].partition("/")[0]
    opened = hanako.get(f"/my/inbox/0{notice}/").content.decode()
    assert "<p>山田 花子 様" in opened
    assert signed_in("maria").get(f"/my/inbox/0{notice}/").status_code == 404


def test_taking_back_gives_the_day_back_and_happens_once(client, joso):
    draft = start(client)
    fill(client, draft)
    client.post(f"/drafts/{draft.id}/review/", {"command_id": new_id()})
    case = Case.objects.get(code=BULKY)
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert "この申込みを取り下げる" in page

    for _press in range(2):
        client.post(f"/cases/{case.id}/withdraw/", {"command_id": new_id(), "revision": case.revision})

    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert procedures.what_it_holds(case)["bookings"] == []
    assert "取り下げました" in client.get(f"/cases/{case.id}/").content.decode()


def test_a_document_is_only_for_whom_the_case_is(client, joso):
    case = send(BULKY, bulky(), mail="hanako")
    document = procedures.what_it_holds(case)["documents"][0]
    address = f"/cases/{case.id}/documents/{document.id}/"

    paper = signed_in("hanako").get(address)

    assert paper.content.startswith(b"%PDF")
    assert client.get(address).url.startswith("/accounts/login/")
    assert signed_in("maria").get(address).status_code == 404
    assert client.get(f"/verify/{document.verify_code}").status_code == 200


WISHES = [
    ("ja", "そだい"),
    ("ja", "粗大"),
    ("ja-easy", "おおきい ごみ"),
    ("en", "sofa"),
    ("pt-br", "geladeira"),
    ("es", "sofá"),
    ("zh-hans", "沙发"),
]


@pytest.mark.parametrize(("language", "wish"), WISHES)
def test_the_pickup_is_found_in_the_words_of_every_language(client, joso, language, wish):
    client.cookies["lang"] = language

    page = client.get("/search/", {"q": wish}).content.decode()

    assert f'href="/procedures/{BULKY}/"' in page


def test_a_receipt_number_alone_opens_nothing(client, joso):
    case = send(VOICE, voice(email="a@joso.example", wants_answer=True))

    answers = [
        client.post("/find/", {"reference": case.reference, "email": mail}).content
        for mail in ("a@joso.example", "other@joso.example")
    ]

    assert answers[0] == answers[1]
    assert client.post("/find/", {"reference": "", "email": "x"}).status_code == 422
