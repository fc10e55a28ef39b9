"""A session that ended, a page that is old, a button pressed twice: clear sentences, nothing lost, nothing
twice.
"""

from uuid import uuid4

import pytest
from django.test import Client

from fixtures.cases import VOICE, account, person, send, voice
from machi.engines.procedures import public as procedures
from machi.engines.questions.models import Draft

pytestmark = pytest.mark.usefixtures("joso")


@pytest.fixture
def begun():
    """A browser that has begun a voice, and the address of its first page."""
    browser = Client()
    answer = browser.post(f"/procedures/{VOICE}/start/")
    return browser, answer["Location"]


def test_who_comes_back_without_the_session_finds_no_draft_but_the_draft_is_kept(begun):
    browser, page = begun
    browser.post(page, {"topic": "roads", "heading": "道", "body": "くぼみ", "_do": "next"})
    browser.cookies.clear()

    assert browser.get(page).status_code == 404
    assert Draft.objects.get().answers["heading"] == "道"


def test_a_clerk_whose_session_ended_is_led_to_sign_in_and_back(joso):
    case = send(VOICE, voice())
    browser = Client()
    browser.force_login(account("doro.tanto"))
    assert browser.get(f"/desk/cases/{case.id}/").status_code == 200
    browser.cookies.clear()

    answer = browser.post(f"/desk/cases/{case.id}/act/", {"_verb": "claim", "_revision": case.revision})

    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/staff/?next=")
    assert procedures.Case.objects.get(id=case.id).revision == case.revision


def test_a_form_without_its_secret_is_refused_with_a_sentence(begun):
    _browser, page = begun
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(page, {"heading": "道", "_do": "next"})

    assert answer.status_code == 403
    assert "もう一度" in answer.content.decode()


def test_the_button_that_sends_pressed_twice_is_one_case(begun):
    browser, page = begun
    typed = {"topic": "roads", "heading": "道", "body": "くぼみ", "_do": "next"}
    for _page in range(6):
        answer = browser.post(page, typed)
        if answer.status_code != 302 or answer["Location"].endswith("/review/"):
            break
        page = answer["Location"]
    assert answer.status_code == 302, answer.content.decode()[:2000]
    review = answer["Location"]
    command = {"command_id": str(uuid4())}

    first, second = browser.post(review, command), browser.post(review, command)

    assert procedures.Case.objects.count() == 1
    assert first["Location"].split("?")[0] == second["Location"].split("?")[0]


def test_a_page_that_is_old_tells_what_changed_and_keeps_what_was_typed(joso):
    case = send(VOICE, voice())
    browser = Client()
    browser.force_login(account("doro.kacho"))
    old = case.revision
    from fixtures.cases import act

    act(case, "claim", person("doro.tanto"))
    answer = browser.post(
        f"/desk/cases/{case.id}/act/",
        {"_verb": "note", "_text": "長いメモです", "_revision": old, "_command": str(uuid4())},
    )

    assert answer.status_code == 409
    assert "長いメモです" in answer.content.decode() and "変わりました" in answer.content.decode()
