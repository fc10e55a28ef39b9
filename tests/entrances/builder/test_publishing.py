"""From a manuscript to what is in force: who may write what, what was tried becomes a test, nothing gets lost."""

import pytest
from django.test import Client

from fixtures.cases import VOICE, account, person
from machi.engines.definitions import public as definitions
from machi.entrances.builder import rights
from machi.entrances.builder.views.starting import archetypes

SETTINGS, FORM, FLOW = rights.LEVELS


def client_of(mail):
    client = Client()
    client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(joso):
    return client_of("digital.kanri")


def begin(clerk, origin, code="parks.bench", **more):
    return clerk.post("/builder/start/", {"from": origin, "title": "ベンチ", "code": code, **more})["Location"]


def manuscript_at(address):
    return definitions.manuscript(address.split("/")[2])


def press(clerk, address, **said):
    return clerk.post(f"{address}change/", {"clock": manuscript_at(address).clock, **said})


def handed_over(clerk, address):
    clerk.post(f"{address}propose/", {"clock": manuscript_at(address).clock})
    return definitions.drafts()[0]


@pytest.mark.parametrize(
    ("change", "verb"),
    [
        ({"settings": {"price": {"type": "yen", "value": "500", "label": {"ja": "1つの金額"}}}}, SETTINGS),
        ({"settings": {}}, FORM),
        ({"title": {"ja": "別の名前"}}, FORM),
        ({"fields": []}, FORM),
        ({"assurance": "card"}, FLOW),
        ({"flow": {"start": "done"}}, FLOW),
        ({"owner": "roads"}, FLOW),
    ],
)
def test_a_change_needs_the_right_for_what_it_changes(change, verb):
    before = archetypes()["order"]
    before = {**before, "settings": {"price": {**before["settings"]["price"], "label": {"ja": "1つの金額"}}}}

    assert rights.needed(before, {**before, **change}) == verb


def test_a_clerk_changes_words_and_questions_of_their_own_unit_only(joso):
    clerk = client_of("hisho.tanto")
    address = begin(clerk, f"edit/{VOICE}")
    title = {"do": "set_title", "title_ja": "声", "summary_ja": "声を送れます。", "owner": "secretary"}

    assert press(clerk, address, **title).status_code == 302
    assert press(clerk, address, do="set_flow", due_days="3", due_unit="BD").status_code == 422
    assert client_of("doro.tanto").get(address).status_code == 404
    assert begin_refused(clerk)


def test_what_a_clerk_may_not_change_is_text_with_who_may(joso):
    clerk = client_of("hisho.tanto")
    address = begin(clerk, f"edit/{VOICE}")
    flow, form = (clerk.get(f"{address}{place}").content.decode() for place in ("flow/", ""))

    assert "手続を設計する係の職員が変えます" in flow
    assert 'value="set_flow"' not in flow
    assert 'value="add_step"' not in flow
    assert 'value="set_page"' in form


def begin_refused(clerk):
    answer = clerk.post("/builder/start/", {"from": "new/report", "title": "通報", "code": "x.report"})
    return answer.status_code == 422


def test_what_was_tried_becomes_a_test_that_later_changes_must_pass(clerk):
    address = begin(clerk, "new/order")
    clerk.post(f"{address}trials/on/", {"do": "again"})
    for page, answers in (("order", {"qty": "2"}), ("you", {"name": "花子", "phone": "0900000000", "email": "a@b.jp"})):
        clerk.post(f"{address}trials/on/", {"page": page, "_do": "next", "_asked": list(answers), **answers})
    clerk.post(f"{address}trials/on/", {"do": "take", "outcome": "given"})
    kept = {"do": "keep", "name": "2つ申し込む", "clock": manuscript_at(address).clock}
    clerk.post(f"{address}trials/on/", kept)
    (test,) = manuscript_at(address).revision.source["tests"]

    assert test["given"] == {"qty": "2", "name": "花子", "phone": "0900000000", "email": "a@b.jp"}
    assert test["expect"] == {"total": "600", "path": ["receive", "pay", "hand", "done"]}
    assert "そのとおり" in clerk.get(f"{address}trials/").content.decode()
    press(clerk, address, do="set_settings", **{"value:price": "400"})
    said = clerk.get(f"{address}trials/").content.decode()
    assert "total: 600 のはずが、800 でした。" in said
    assert clerk.post(f"{address}propose/", {"clock": manuscript_at(address).clock}).status_code == 422


def test_a_published_manuscript_is_closed_and_the_next_goes_on_from_what_is_in_force(clerk):
    address = begin(clerk, "new/notification")
    draft = handed_over(clerk, address)
    definitions.publish(version_id=draft.id, actor=person("digital.kokai"))

    assert definitions.manuscripts() == []
    assert clerk.get(address).status_code == 404
    following = manuscript_at(begin(clerk, "edit/parks.bench"))
    assert following.base.number == 1


def test_when_another_version_was_published_meanwhile_both_changes_can_stand(clerk):
    draft = handed_over(clerk, begin(clerk, "new/notification"))
    definitions.publish(version_id=draft.id, actor=person("digital.kokai"))
    mine = begin(clerk, "edit/parks.bench")
    press(clerk, mine, do="add_field", page="facts", label="公園", type="text")
    theirs = {**draft.source, "title": {"ja": "ベンチの届出"}}
    publish_elsewhere(theirs)

    refused = clerk.post(f"{mine}propose/", {"clock": manuscript_at(mine).clock})
    assert refused.status_code == 422
    assert "第2版が公開されました" in refused.content.decode()
    clerk.post(f"{mine}catch-up/", {"clock": manuscript_at(mine).clock, "keep": "both"})
    tree = manuscript_at(mine).revision.source
    assert tree["title"] == {"ja": "ベンチの届出"}
    assert tree["fields"][-1]["label"] == {"ja": "公園"}
    assert handed_over(clerk, mine).number == 3


def publish_elsewhere(tree):
    """Somebody else's version of a definition gets into force, past the manuscript."""
    from machi.engines.definitions.force import new_version, put_in_force
    from machi.engines.definitions.manuscripts import examine
    from machi.engines.definitions.models import Definition

    definition = Definition.objects.get(kind="procedure", code=tree["code"])
    version = new_version(definition, examine(tree).compiled, person("digital.kokai"))
    put_in_force(version, person("digital.kanri"), "")


@pytest.mark.parametrize("place", ["", "flow/", "about/", "told/", "languages/", "trials/", "publishing/"])
def test_every_page_of_the_largest_procedure_opens(clerk, place):
    address = begin(clerk, "edit/waste.bulky_pickup")

    assert clerk.get(f"{address}{place}").status_code == 200


@pytest.mark.parametrize("code", ["office.expenditure", "office.draft", "office.leave", "disaster.damage_certificate"])
def test_every_kind_of_step_in_use_has_its_form(clerk, code):
    address = begin(clerk, f"edit/{code}")
    steps = manuscript_at(address).revision.source["flow"]["steps"]

    assert {clerk.get(f"{address}flow/?step={key}").status_code for key in steps} == {200}


def test_every_step_and_question_of_a_procedure_has_its_form(clerk):
    address = begin(clerk, "edit/waste.bulky_pickup")
    tree = manuscript_at(address).revision.source
    asked = [f"flow/?step={key}" for key in tree["flow"]["steps"]] + ["flow/?pool=pickup"]
    asked += [f"?field={key}" for key in ("town", "lines", "lines.item", "exempt", "proof", "day", "fix/agreed")]

    assert {clerk.get(f"{address}{one}").status_code for one in asked} == {200}
