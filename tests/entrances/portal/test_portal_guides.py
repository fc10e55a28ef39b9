"""A guide as a browser without scripts uses it: questions, the list, an application begun with what was answered."""

import pytest
from django.test import Client

from fixtures.cases import BULKY, account
from machi.engines.audit.public import accesses
from machi.engines.guides.models import Plan
from machi.engines.questions.models import Draft
from machi.engines.search.public import find

GUIDE = "life.moving_in"
MOVE = {"moved_on-year": "2026", "moved_on-month": "11", "moved_on-day": "1", "from_where": "abroad"}
YOU = {"name": "SILVA MARIA", "phone": "090-1111-2222", "email": "maria@joso.example"}


@pytest.fixture
def visitor(joso):
    return Client()


def begin(client, code=GUIDE):
    """Begin a guide; returns its Plan."""
    answer = client.post(f"/guide/{code}/start/")
    return Plan.objects.get(draft_id=answer.url.split("/")[2])


def send(client, plan, page, *, do="next", **boxes):
    """Post one page of the interview."""
    plan.draft.refresh_from_db()
    asked = list(dict.fromkeys(name.split("-")[0] for name in boxes))
    said = {"_do": do, "_asked": asked, "revision": plan.draft.revision, **boxes}
    return client.post(f"/plans/{plan.draft_id}/{page}/", said)


def fill(client, plan):
    """Answer all pages; returns the last response."""
    send(client, plan, "move", **MOVE)
    send(client, plan, "people", cards=["foreign"], family=["pupil"])
    send(client, plan, "rest", matters=["dog"])
    return send(client, plan, "you", **YOU)


def tasks_on(page):
    return {task.key: task for _phase, inside in page.context["phases"] for task in inside}


def test_the_answers_give_the_list_in_order_of_time(visitor):
    plan = begin(visitor)
    page = visitor.get(fill(visitor, plan).url)

    tasks = tasks_on(page)
    assert list(tasks)[:2] == ["water", "move_in"]
    assert tasks["move_in"].due.isoformat() == "2026-11-15"
    assert [key for key, _words in tasks["move_in"].bring] == ["id", "residence_card", "passport"]
    assert "health_join" not in tasks
    assert [visit.title for visit in page.context["visits"]] == ["市役所 本庁舎"]
    assert plan.code in page.content.decode()


def test_a_page_that_is_not_answered_comes_again_with_what_was_typed(visitor):
    plan = begin(visitor)

    answer = send(visitor, plan, "move", **{**MOVE, "moved_on-month": "13"})

    assert answer.status_code == 422
    assert 'value="13"' in answer.content.decode()
    assert visitor.get(f"/plans/{plan.draft_id}/").url == f"/plans/{plan.draft_id}/move/"


def test_an_application_begun_from_the_list_is_prefilled_and_shown_as_begun(visitor):
    plan = begin(visitor)
    fill(visitor, plan)

    answer = visitor.post(f"/plans/{plan.draft_id}/begin/bulky/")

    draft = Draft.objects.get(id=answer.url.split("/")[2])
    assert draft.code == BULKY
    assert {key: draft.answers[key] for key in YOU} == YOU
    assert draft.answers["_from"] == dict.fromkeys(YOU, "guide")
    begun = tasks_on(visitor.get(f"/plans/{plan.draft_id}/"))["bulky"].begun
    assert begun["href"].startswith(f"/drafts/{draft.id}/")
    assert visitor.post(f"/plans/{plan.draft_id}/begin/bulky/").url == begun["href"]
    assert Draft.objects.filter(kind="procedure").count() == 1


def test_a_task_is_ticked_off_and_put_back(visitor):
    plan = begin(visitor)
    fill(visitor, plan)
    address = f"/plans/{plan.draft_id}/"

    visitor.post(f"{address}mark/", {"task": "move_in", "done": "1"})
    page = visitor.get(address)
    assert tasks_on(page)["move_in"].done
    assert "passport" not in dict(page.context["things"])

    visitor.post(f"{address}mark/", {"task": "move_in", "done": "0"})
    visitor.post(f"{address}mark/", {"task": "no_such_task", "done": "1"})
    plan.refresh_from_db()
    assert plan.done == []


def test_the_list_opens_by_its_code_and_not_without(visitor):
    plan = begin(visitor)
    fill(visitor, plan)
    other = Client()

    assert other.get(f"/plans/{plan.draft_id}/").status_code == 404
    assert other.get("/g/AAAA-AAAA-AAAA/").url == "/guide/"
    assert other.get(f"/g/{plan.code.lower().replace('-', '')}/").url == f"/plans/{plan.draft_id}/"
    assert other.get(f"/plans/{plan.draft_id}/").status_code == 200


def test_a_list_made_before_signing_in_is_on_my_page_afterwards(visitor):
    plan = begin(visitor)
    fill(visitor, plan)
    visitor.force_login(account("maria"), backend="django.contrib.auth.backends.ModelBackend")

    visitor.get(f"/plans/{plan.draft_id}/")

    assert f"/plans/{plan.draft_id}/" in visitor.get("/my/").content.decode()
    assert Client().get(f"/plans/{plan.draft_id}/").url.startswith("/accounts/login/")


def test_the_days_are_a_calendar_file(visitor):
    plan = begin(visitor)
    fill(visitor, plan)

    answer = visitor.get(f"/plans/{plan.draft_id}/calendar.ics")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20261115" in answer.content.decode()


@pytest.mark.parametrize(
    ("wish", "language", "code"),
    [
        ("引っ越し", "ja", "life.moving_in"),
        ("mudança", "pt-br", "life.moving_in"),
        ("baby", "en", "life.birth"),
        ("人が亡くなった", "ja", "life.death"),
    ],
)
def test_guides_are_found_by_what_people_say(joso, wish, language, code):
    found = [hit.ref for hit in find(wish, language=language, kinds=["procedure", "guide"])]

    assert code in found
    page = Client().get(f"/search/?q={wish}&lang={language}", follow=True)
    assert f"/guide/{code}/" in [item["href"] for item in page.context["items"]]


def test_a_clerk_opens_a_list_by_its_code_and_leaves_a_line(visitor):
    plan = begin(visitor)
    fill(visitor, plan)
    clerk = Client()
    clerk.force_login(account("shimin.tanto"), backend="django.contrib.auth.backends.ModelBackend")

    page = clerk.get(clerk.get(f"/g/{plan.code}/").url)

    assert [task.key for task in page.context["tasks"]][:2] == ["water", "move_in"]
    assert [line.what for line in accesses(plan.draft.owner)] == ["desk:plan"]


def test_a_clerk_does_the_interview_on_one_screen(joso):
    clerk = Client()
    clerk.force_login(account("shimin.tanto"), backend="django.contrib.auth.backends.ModelBackend")
    form = clerk.post(f"/desk/guides/{GUIDE}/start/").url
    assert clerk.get(clerk.get(form.removesuffix("answers/")).url).status_code == 200

    said = {"_asked": ["moved_on", "from_where", "cards", "family", "matters"], **MOVE, "cards": ["health"]}
    the_list = clerk.post(form, said).url

    assert "health_join" in [task.key for task in clerk.get(the_list).context["tasks"]]


def test_what_the_card_has_proved_is_not_overwritten_by_what_was_typed_in_a_guide(visitor):
    visitor.force_login(account("hanako"), backend="django.contrib.auth.backends.ModelBackend")
    plan = begin(visitor)
    fill(visitor, plan)

    answer = visitor.post(f"/plans/{plan.draft_id}/begin/bulky/")

    draft = Draft.objects.get(id=answer.url.split("/")[2])
    assert (draft.answers["name"], draft.answers["_from"]["name"]) == ("山田 花子", "card")
