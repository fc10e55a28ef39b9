"""The facing screen and the signature: what is shown to whom, what agreeing means, and when it is void."""

from datetime import timedelta

import pytest
import time_machine
from counter_steps import INK, begun_at_home, clerk, facing, pairings, seen_by, signed, told, words

from fixtures.cases import account
from machi.engines.audit.public import history
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.entrances.counter import rules
from machi.entrances.counter.models import Errand, Screen
from machi.ground.calendar import now


@pytest.fixture
def counter(joso):
    """(draft, the clerk's browser, the screen's browser): a draft begun at home, opened, with a screen."""
    draft, code = begun_at_home()
    browser = clerk()
    browser.post("/counter/open/", {"code": code})
    return draft, browser, facing(browser)


def ask(draft, browser):
    return browser.post(f"/counter/drafts/{draft.id}/ask/")


def send(draft, browser, **said):
    return browser.post(f"/counter/drafts/{draft.id}/review/", {"identity": "photo", **said})


def test_the_screen_speaks_the_persons_language_and_shows_what_is_typed(counter):
    draft, browser, screen = counter
    browser.post(f"/counter/drafts/{draft.id}/you/", {"_asked": "name", "name": "SILVA MARIA", "_do": "live"})

    shown = words(screen.get("/counter/screen/"))

    assert 'lang="pt-BR"' in shown and "SILVA MARIA" in shown
    assert "desk-nav" not in shown and "/desk/" not in shown


def test_the_screen_is_drawn_anew_only_when_something_changed(counter):
    draft, browser, screen = counter
    stamp = screen.get("/counter/screen/").context["stamp"]
    assert screen.get("/counter/screen/now/", {"at": stamp}).status_code == 204

    browser.post(f"/counter/drafts/{draft.id}/you/", {"_asked": "name", "name": "SILVA", "_do": "live"})

    assert "SILVA" in words(screen.get("/counter/screen/now/", {"at": stamp}))


def test_a_screen_shows_nothing_of_anybody_before_and_after_the_visit(counter):
    _draft, browser, screen = counter
    stranger = facing()
    assert "山田 花子" in words(screen.get("/counter/screen/"))
    assert "山田 花子" not in words(stranger.get("/counter/screen/"))

    browser.post("/counter/close/")

    assert seen_by(screen) == "waiting"
    assert "山田 花子" not in words(screen.get("/counter/screen/"))
    assert pairings() == 0


def test_a_screen_lets_go_when_the_clerk_is_away_too_long(counter):
    _draft, _browser, screen = counter
    with time_machine.travel(now() + rules.IDLE + timedelta(seconds=1), tick=False):
        assert seen_by(screen) == "waiting"
    assert pairings() == 0


def test_the_code_of_no_screen_and_of_one_that_is_gone_are_refused(joso):
    browser = clerk()
    screen = facing()
    code = screen.get("/counter/screen/").context["screen"].code
    Screen.objects.update(seen_at=now() - rules.LOST - timedelta(seconds=1))

    for said in ("ABCDEF", "", code):
        browser.post("/counter/screen/pair/", {"screen": said})
        assert "この番号の画面は見つかりません" in told(browser)[0]
    assert pairings() == 0


def test_another_screen_takes_the_place_of_the_first(counter):
    _draft, browser, screen = counter
    second = facing(browser)

    assert (seen_by(screen), seen_by(second)) == ("waiting", "typing")


def test_nothing_is_sent_before_the_person_agreed(counter):
    draft, browser, _screen = counter

    answer = send(draft, browser)

    assert answer.status_code == 422
    assert "内容の確認と署名が、まだです" in words(answer)
    assert procedures.case_sent_from(draft.owner) is None


def test_what_was_signed_is_sealed_and_goes_with_the_case(counter):
    draft, browser, screen = counter
    ask(draft, browser)
    signed(screen)
    assert seen_by(screen) == "agreed"

    assert send(draft, browser).status_code == 302
    send(draft, browser)  # pressed twice

    case = procedures.case_sent_from(draft.owner)
    event = next(entry for entry in history(case.owner) if entry.verb == "submitted")
    first = case.answers.get(n=1)
    assert event.actor_key == f"staff:{account('shimin.tanto').pk}"
    assert event.payload["origin"] == case.origin == "counter"
    assert event.payload["confirmed"] == {
        "way": "glass", "digest": first.digest, "identity": "photo", "language": "pt-br",
    }  # fmt: skip
    (signature,) = files.links(case.owner, "_signature")
    assert files.read(signature.blob).startswith(b"\x89PNG")
    assert (case.assurance, case.language) == ("card", "pt-br")
    assert seen_by(screen) == "sent" and case.reference in words(screen.get("/counter/screen/"))


def test_the_back_button_after_sending_leads_to_the_sitting(counter):
    draft, browser, screen = counter
    ask(draft, browser)
    signed(screen)
    send(draft, browser)

    answer = browser.get(f"/counter/drafts/{draft.id}/review/", follow=True)

    assert answer.redirect_chain[-1][0] == "/counter/"


def test_a_change_after_signing_voids_the_signature(counter):
    draft, browser, screen = counter
    ask(draft, browser)
    signed(screen)
    browser.post(f"/counter/drafts/{draft.id}/use/", {"_asked": "copies", "copies": "3", "_do": "live"})

    assert seen_by(screen) == "typing"
    assert send(draft, browser).status_code == 422
    assert "確認のあとで内容が変わりました" in words(browser.get(f"/counter/drafts/{draft.id}/review/"))


def test_signing_what_changed_meanwhile_is_refused(counter):
    draft, browser, screen = counter
    ask(draft, browser)
    seen = screen.get("/counter/screen/").context
    browser.post(f"/counter/drafts/{draft.id}/use/", {"_asked": "copies", "copies": "3", "_do": "live"})
    ask(draft, browser)

    said = {"errand": seen["errand"].id, "digest": seen["digest"], "agreed": "1", "ink": INK}
    answer = screen.post("/counter/screen/answer/", said)

    assert answer.status_code == 422
    assert Errand.objects.get().digest == ""


def test_a_tick_alone_a_dot_and_no_tick_are_no_signature(counter):
    draft, browser, screen = counter
    ask(draft, browser)

    for said in ({"ink": ""}, {"ink": "[[[1,1],[2,2]]]"}, {"ink": "nonsense"}, {"agreed": ""}):
        assert signed(screen, **said).status_code == 422
    assert Errand.objects.get().digest == ""


def test_without_the_glass_a_typed_name_is_kept(counter):
    draft, browser, screen = counter
    ask(draft, browser)

    signed(screen, ink="", name="マリア・シルバ")

    (kept,) = files.links(draft.owner, "_signature")
    assert (Errand.objects.get().way, files.read(kept.blob).decode()) == ("name", "マリア・シルバ")


def test_a_new_signature_takes_the_place_of_the_old_one(counter):
    draft, browser, screen = counter
    ask(draft, browser)
    signed(screen)
    browser.post(f"/counter/drafts/{draft.id}/use/", {"_asked": "copies", "copies": "3", "_do": "live"})
    ask(draft, browser)
    signed(screen, ink="", name="マリア")

    assert [link.blob.mime for link in files.links(draft.owner, "_signature")] == ["text/plain"]


def test_the_person_says_that_something_is_wrong(counter):
    draft, browser, screen = counter
    ask(draft, browser)
    signed(screen, _do="wrong")

    assert seen_by(screen) == "typing"
    assert "「直すところがあります」と言われました" in words(browser.get(f"/counter/drafts/{draft.id}/agreed/"))


def test_signed_on_paper_needs_no_screen(joso):
    draft, code = begun_at_home()
    browser = clerk()
    browser.post("/counter/open/", {"code": code})
    digest = browser.get(f"/counter/drafts/{draft.id}/review/").context["digest"]
    browser.post(f"/counter/drafts/{draft.id}/paper/", {"digest": digest})

    send(draft, browser, identity="two")

    case = procedures.case_sent_from(draft.owner)
    event = next(entry for entry in history(case.owner) if entry.verb == "submitted")
    assert (event.payload["confirmed"]["way"], event.payload["confirmed"]["identity"]) == ("paper", "two")


def test_who_was_not_identified_cannot_apply_for_what_needs_it(joso):
    draft, code = begun_at_home()
    browser = clerk()
    browser.post("/counter/open/", {"code": code})
    digest = browser.get(f"/counter/drafts/{draft.id}/review/").context["digest"]
    browser.post(f"/counter/drafts/{draft.id}/paper/", {"digest": digest})

    assert "本人をどう確かめたかを選んでください" in words(send(draft, browser, identity=""))
    assert "より確かな本人確認が必要です" in words(send(draft, browser, identity="unseen"))


def test_the_accounts_owner_gets_the_case_though_a_clerk_typed_it(joso):
    draft, code = begun_at_home(mail="hanako")
    browser = clerk()
    browser.post("/counter/open/", {"code": code})
    digest = browser.get(f"/counter/drafts/{draft.id}/review/").context["digest"]
    browser.post(f"/counter/drafts/{draft.id}/paper/", {"digest": digest})
    send(draft, browser)

    case = procedures.case_sent_from(draft.owner)
    assert (case.account_id, case.email) == (account("hanako").pk, "hanako@joso.example")
