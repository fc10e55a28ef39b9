"""Internal procedures at the desk: from the catalogue to the answer; and from outside they do not exist."""

import json

import pytest
from django.test import Client

from fixtures.cases import account, act, draft_internal, person, telework
from machi.engines.definitions.public import current, current_all
from machi.engines.people.models import Appointment, Post
from machi.engines.procedures import public as procedures
from machi.engines.questions.models import Draft
from machi.engines.search.public import find

CODE, TRANSFER = "office.telework", "office.asset_transfer"
PAGES = {
    "when": ("first_day", "last_day", "hours"),
    "where": ("place", "phone", "reason"),
    "what": ("work", "device", "device_number"),
    "rules": ("no_paper", "no_onlookers", "reports", "loses"),
}


def begin(client, code=CODE):
    """Begin an internal procedure; returns its draft."""
    answer = client.post(f"/desk/start/{code}/start/")
    return Draft.objects.get(id=answer.url.split("/")[4])


def boxes(key, value):
    """What a browser sends for one answer."""
    if key.endswith("_day"):
        return dict(zip((f"{key}-year", f"{key}-month", f"{key}-day"), value.split("-"), strict=True))
    return {key: "true" if value is True else value}


def send_page(client, draft, page, **more):
    """Post one page as a browser does."""
    draft.refresh_from_db()
    said = {name: text for key in PAGES[page] for name, text in boxes(key, telework()[key]).items()}
    posted = {"_do": "next", "_asked": PAGES[page], "revision": draft.revision, **said, **more}
    return client.post(f"/desk/start/drafts/{draft.id}/{page}/", posted)


def fill(client, draft):
    """Fill every page; returns the page before sending."""
    for page in PAGES:
        answer = send_page(client, draft, page)
        assert answer.status_code == 302, answer.context["errors"]
    return client.get(answer.url)


def test_staff_find_read_fill_send_and_follow(sign_in):
    clerk = sign_in("doro.tanto")
    assert "テレワーク申請" in clerk.get("/desk/start/?q=在宅").content.decode()
    assert "備品の所管換え" not in clerk.get("/desk/start/?q=在宅").content.decode()
    assert "用意するもの" in clerk.get(f"/desk/start/{CODE}/").content.decode()

    draft = begin(clerk)
    review = fill(clerk, draft)
    assert "道路課主任" in review.content.decode()
    posted = {"command_id": str(review.context["command_id"]), "post": review.context["post"]}
    sent = clerk.post(f"/desk/start/drafts/{draft.id}/review/", posted)
    again = clerk.post(f"/desk/start/drafts/{draft.id}/review/", posted)  # a double click

    case = procedures.Case.objects.get(drafter__account=account("doro.tanto").pk)
    assert sent.url.startswith(f"/desk/start/cases/{case.id}/") and again.url == f"/desk/start/cases/{case.id}/"
    assert case.reference in clerk.get(sent.url).content.decode()
    assert str(case.number) in clerk.get("/desk/start/mine/").content.decode()


def test_what_is_not_right_is_said_and_what_was_typed_stays(sign_in):
    clerk = sign_in("doro.tanto")
    draft = begin(clerk)
    answer = send_page(clerk, draft, "what", work="", device_number="T-777")

    assert answer.status_code == 422 and "T-777" in answer.content.decode()


def test_a_draft_waits_in_the_catalogue_and_can_be_thrown_away(sign_in):
    clerk = sign_in("doro.tanto")
    draft = begin(clerk)
    address = f"/desk/start/drafts/{draft.id}/"
    left = send_page(clerk, draft, "when", _do="later")
    assert left.url == f"{address}later/" and clerk.get(left.url).status_code == 200
    assert address in clerk.get("/desk/start/").content.decode()

    assert clerk.post(f"{address}discard/").url == "/desk/start/"
    assert not Draft.objects.filter(id=draft.id).exists()


def test_a_drafter_answers_again_and_takes_back_at_the_desk(sign_in):
    clerk, case = sign_in("doro.tanto"), draft_internal("doro.tanto")
    case = act(case, "ask_correction", person("doro.kacho"), fields=["work"], message="詳しく書いてください。")
    address = f"/desk/start/cases/{case.id}/"
    assert "詳しく書いてください。" in clerk.get(f"{address}correct/").content.decode()
    assert address in clerk.get("/desk/start/").content.decode()

    posted = {"_do": "next", "_asked": ["work"], "work": "3章まで", "revision": case.revision}
    assert clerk.post(f"{address}correct/", posted).url == address
    case.refresh_from_db()
    assert procedures.answers_of(case)["work"] == "3章まで"

    clerk.post(f"{address}withdraw/", {"revision": case.revision})
    case.refresh_from_db()
    assert case.status == "withdrawn"


def test_who_holds_two_posts_is_asked_in_which_they_write(sign_in):
    kept = account("doro.tanto").person
    first, second = Appointment.objects.get(person=kept), Post.objects.get(code="disaster.clerk")
    Appointment.objects.create(person=kept, post=second, during=first.during, main=False)
    clerk = sign_in("doro.tanto")
    draft = begin(clerk)
    review = fill(clerk, draft)
    assert [one["value"] for one in review.context["posts"]] == ["roads.clerk", "disaster.clerk"]

    wrong = clerk.post(f"/desk/start/drafts/{draft.id}/review/", {"post": "roads.chief"})
    assert wrong.status_code == 422 and Draft.objects.filter(id=draft.id).exists()
    clerk.post(f"/desk/start/drafts/{draft.id}/review/", {"post": "disaster.clerk"})
    assert procedures.Case.objects.get(drafter__account=account("doro.tanto").pk).unit == "disaster"


@pytest.mark.parametrize("mail", [None, "hanako", "doro.tanto", "doro.kacho", "digital.kokai", "digital.kanri"])
def test_an_internal_procedure_does_not_exist_outside_the_desk(joso, mail):
    case, version = draft_internal("doro.tanto"), current("procedure", CODE)
    draft = Draft.objects.create(
        kind="procedure", code=CODE, version=version, account=account("doro.tanto"), answers={}, expires_on="2099-01-01"
    )
    visitor = Client()
    if mail:
        visitor.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
    session = visitor.session
    session.update({"drafts": [str(draft.id)], "cases": [str(case.id)]})  # even a browser that was let in
    session.save()
    for code in (CODE, TRANSFER):
        assert visitor.get(f"/procedures/{code}/").status_code == 404
        assert visitor.post(f"/procedures/{code}/start/").status_code == 404
        assert visitor.get(f"/api/v1/procedures/{code}").status_code == 404
        asked = {"data": json.dumps({"answers": {}}), "content_type": "application/json"}
        assert visitor.post(f"/api/v1/procedures/{code}/days", **asked).status_code == 404
    for address in (
        f"/drafts/{draft.id}/when/", f"/drafts/{draft.id}/review/", f"/drafts/{draft.id}/later/", f"/cases/{case.id}/",
        f"/cases/{case.id}/correct/", f"/c/{procedures.token_of(case)}/",
    ):  # fmt: skip
        assert visitor.get(address).status_code in (302, 404), address
        assert "テレワーク" not in visitor.get(address, follow=True).content.decode(), address
    listed = ["/", "/procedures/", "/search/?q=在宅勤務", "/doors/money/", "/api/v1/procedures"]
    for address in [*listed, *(["/my/", "/my/inbox/"] if mail else [])]:
        shown = visitor.get(address).content.decode()
        assert "テレワーク" not in shown and CODE not in shown, address


def test_what_was_public_leaves_the_search_when_it_becomes_internal(joso):
    internal = {one.code for one in current_all("procedure") if one.bundle["audience"] == "staff"}
    assert internal >= {CODE, TRANSFER}
    assert not {hit.ref for hit in find("備品 テレワーク", language="ja", kinds=["procedure"])} & internal
