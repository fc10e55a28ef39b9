"""Receiving people: codes and what is wrong with them, rights, what is carried from one errand to the next."""

import pytest
from counter_steps import begun_at_home, clerk, told

from fixtures.cases import BULKY, CERTIFICATE, VOICE, account, certificate, send
from machi.engines.audit.models import AccessLine
from machi.engines.definitions.public import current
from machi.engines.guides import public as guides
from machi.engines.questions import public as questions
from machi.entrances.counter.models import Errand, Sitting
from machi.ground.ids import code_within


@pytest.mark.parametrize("typed", ["{code}", "{small}", "{code}\n", "http://localhost/x/{code}/", "{bare}"])
def test_a_code_opens_the_draft_however_it_was_typed_or_scanned(joso, typed):
    draft, code = begun_at_home()
    said = typed.format(code=code, small=code.lower(), bare=code.replace("-", ""))

    answer = clerk().post("/counter/open/", {"code": said})

    assert answer["Location"] == f"/counter/drafts/{draft.id}/review/"
    assert Sitting.objects.get().language == "pt-br"


def test_opening_leaves_a_line_in_the_access_log_with_the_clerk(joso):
    draft, code = begun_at_home()

    clerk().post("/counter/open/", {"code": code})

    line = AccessLine.objects.get(owner=draft.owner)
    assert (line.actor_key, line.purpose) == (f"staff:{account('shimin.tanto').pk}", "窓口での受付")


def test_what_is_wrong_with_a_code_is_said_and_nothing_is_opened(joso):
    browser = clerk()
    _draft, code = begun_at_home()
    mistyped = code[:-1] + ("2" if code[-1] != "2" else "3")
    _late, expired = begun_at_home(days=-1)
    sent_draft, sent_code = begun_at_home()
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case.commands.filter(verb="submit").update(source=sent_draft.owner)
    questions.drop_draft(draft=sent_draft, sent_as=case.owner)

    for said, sentence in (
        (mistyped, "コードが違います。"),
        ("", "コードが違います。"),
        (expired, "このコードの入力は見つかりません。"),
        (sent_code, f"受付番号 {case.reference}"),
        (case.reference, f"受付番号 {case.reference}"),
    ):
        browser.post("/counter/open/", {"code": said})
        assert any(sentence in one for one in told(browser)), said
    assert not Errand.objects.exists()


def test_a_clerk_of_another_section_does_not_see_the_draft(joso):
    draft, code = begun_at_home()
    browser = clerk("doro.tanto")

    browser.post("/counter/open/", {"code": code})

    assert "市民課の窓口で受け付けます" in told(browser)[0]
    assert browser.get(f"/counter/drafts/{draft.id}/you/").status_code == 404
    assert not AccessLine.objects.filter(owner=draft.owner).exists()


def test_a_draft_is_open_in_its_own_sitting_only(joso):
    draft, code = begun_at_home()
    first, second = clerk(), clerk("shimin.kacho")
    first.post("/counter/open/", {"code": code})
    assert second.get(f"/counter/drafts/{draft.id}/you/").status_code == 404

    first.post("/counter/close/")

    assert first.get(f"/counter/drafts/{draft.id}/you/").status_code == 404


def test_what_is_open_at_another_counter_is_not_opened_twice(joso):
    _draft, code = begun_at_home()
    clerk("shimin.kacho").post("/counter/open/", {"code": code})
    browser = clerk()

    browser.post("/counter/open/", {"code": code})

    assert "ほかの窓口" in told(browser)[0]
    assert Errand.objects.count() == 1


def test_signing_out_ends_the_visit(joso):
    _draft, code = begun_at_home()
    browser = clerk()
    browser.post("/counter/open/", {"code": code})

    browser.post("/accounts/logout/")

    assert Sitting.objects.get().closed_at is not None


def test_pressing_start_twice_makes_one_sitting(joso):
    browser = clerk()
    browser.post(f"/counter/procedures/{VOICE}/start/")
    browser.post(f"/counter/procedures/{VOICE}/start/")

    assert (Sitting.objects.count(), Errand.objects.count()) == (1, 2)


def test_internal_procedures_are_not_begun_at_the_counter(joso):
    assert clerk().post("/counter/procedures/office.telework/start/").status_code == 404


def test_what_was_answered_in_one_errand_is_known_in_the_next(joso):
    _draft, code = begun_at_home()
    browser = clerk()
    browser.post("/counter/open/", {"code": code})

    browser.post(f"/counter/procedures/{BULKY}/start/")

    draft = questions.Draft.objects.get(code=BULKY)
    assert (draft.answers["name"], draft.answers["phone"]) == ("山田 花子", "090-0000-0001")
    assert draft.answers["_from"]["name"] == "visit"


def test_a_list_brings_its_tasks_and_knows_what_was_begun(joso):
    plan = guides.start(version=guides.guide("life.moving_in"), language="es")
    plan.draft.answers = {"moved_on": "2026-11-20", "from_where": "abroad", "name": "SILVA MARIA"}
    plan.draft.save()
    browser = clerk()
    browser.post("/counter/open/", {"code": plan.code})
    tasks = {task.procedure: allowed for task, allowed in browser.get("/counter/").context["tasks"]}
    assert tasks[BULKY] is True

    browser.post(f"/counter/procedures/{BULKY}/start/")

    draft = questions.Draft.objects.get(code=BULKY)
    plan.refresh_from_db()
    assert plan.begun["bulky"] == draft.owner
    assert draft.answers["name"] == "SILVA MARIA"
    assert draft.language == "es"


def test_the_code_stands_on_the_save_page_of_the_portal_once_it_was_asked_for(joso, client):
    client.force_login(account("hanako"))
    draft = questions.start_draft(
        kind="procedure", version=current("procedure", VOICE), language="ja",
        expires_on=begun_at_home()[0].expires_on, account_id=account("hanako").pk,
    )  # fmt: skip
    page = f"/drafts/{draft.id}/later/"
    assert client.get(page).context["code"] == ""

    client.post(f"/drafts/{draft.id}/counter/")

    code = client.get(page).context["code"]
    assert code_within(code) == code
    assert questions.recalled(code) == draft.id
