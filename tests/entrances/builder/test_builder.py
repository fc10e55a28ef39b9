"""The builder: a clerk makes a procedure; two who write at once, broken text and broken rules lose nothing."""

import pytest
from django.test import Client

from fixtures.cases import VOICE, account
from machi.engines.definitions import public as definitions
from machi.engines.definitions.manuscripts import FILE
from machi.engines.definitions.source import read
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.views.starting import archetypes


@pytest.fixture
def clerk(joso):
    client = Client()
    client.force_login(account("digital.kokai"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def begin(clerk, code="parks.bench", origin="new/notification"):
    return clerk.post("/builder/start/", {"from": origin, "title": "ベンチの寄附", "code": code})


@pytest.fixture
def bench(clerk):
    """bench(do=…, **said) → the answer to one operation on a new procedure; `bench.tree()` what it says then."""
    address = begin(clerk)["Location"]

    def press(*, clock=None, **said):
        clock = clock or press.manuscript().clock
        return clerk.post(f"{address}change/", {"clock": clock, **said})

    press.address, press.manuscript = address, lambda: definitions.manuscript(address.split("/")[2])
    press.tree = lambda: press.manuscript().revision.source
    return press


def propose(bench, clerk):
    return clerk.post(f"{bench.address}propose/", {"clock": bench.manuscript().clock})


def labels(tree):
    return [field["label"]["ja"] for field in tree["fields"] if "label" in field]


@pytest.mark.parametrize("name", sorted(archetypes()))
def test_an_archetype_can_be_handed_over_as_it_is(clerk, name):
    begin(clerk, origin=f"new/{name}")
    (manuscript,) = definitions.manuscripts()

    assert definitions.examine(manuscript.revision.source).errors == []


def test_a_clerk_makes_a_procedure_and_a_second_person_publishes_it(bench, clerk):
    bench(do="add_field", page="facts", label="公園", type="text")
    bench(do="set_field", key="q1", label_ja="どの公園ですか", label_en="Which park?", required="1")
    assert propose(bench, clerk)["Location"].endswith("/publishing/")

    (draft,) = definitions.drafts()
    with pytest.raises(definitions.PublishRefused):
        definitions.publish(version_id=draft.id, actor=definitions_actor(draft))
    assert "どの公園ですか" in str(draft.bundle)
    assert definitions.current("procedure", "parks.bench") is None


def definitions_actor(draft):
    from machi.engines.audit.define import Actor

    return Actor(kind="staff", account=int(draft.author.partition(":")[2]))


def test_the_second_of_two_who_write_at_once_is_told_and_keeps_what_was_typed(bench):
    clock = bench.manuscript().clock
    bench(clock=clock, do="add_page", label="一人目")
    late = bench(clock=clock, do="add_field", page="facts", label="二人目の項目", type="text")

    assert late.status_code == 409
    assert "二人目の項目" in late.content.decode()
    assert labels(bench.tree()) == ["いつから"]


def test_what_was_done_can_be_undone_and_done_again(bench):
    bench(do="add_field", page="facts", label="公園", type="text")
    bench(do="undo")
    assert labels(bench.tree()) == ["いつから"]
    bench(do="redo")
    assert labels(bench.tree()) == ["いつから", "公園"]


def test_a_deleted_question_that_a_condition_uses_becomes_a_task_and_stops_publishing(bench, clerk):
    bench(do="add_field", page="facts", label="減免", type="bool")
    bench(do="add_field", page="facts", label="理由", type="text")
    bench(do="add_comparison", where="field:q2:visible_if", answer="q1", kind="bool", how="yes")
    assert "「減免」が「はい」のとき" in clerk.get(f"{bench.address}?field=q2").content.decode()
    bench(do="remove_field", key="q1")

    assert "公開の前に" in clerk.get(bench.address).content.decode()
    assert propose(bench, clerk).status_code == 422
    assert definitions.drafts() == []
    assert "減免" in clerk.get(f"{bench.address}preview/?page=facts").content.decode()


def test_a_label_of_ten_thousand_letters_is_refused_and_kept(bench):
    answer = bench(do="add_field", page="facts", label="長" * 10_000, type="text")

    assert answer.status_code == 422
    assert "長" * 10_000 in answer.content.decode()


def test_a_code_that_exists_is_refused(clerk, bench):
    assert begin(clerk, origin="new/report").status_code == 422
    assert begin(clerk, code=VOICE).status_code == 422


def test_a_broken_text_stays_as_typed_with_the_line_of_the_fault(bench, clerk):
    broken = "machi: 1\nkind: procedure\ntitle: [\n"
    answer = clerk.post(f"{bench.address}text/", {"clock": bench.manuscript().clock, "text": broken})

    assert answer.status_code == 422
    assert "行目" in answer.content.decode()
    assert "title: [" in answer.content.decode()


def test_a_text_with_pages_of_another_shape_is_not_kept(bench, clerk):
    text = definitions.write({**bench.tree(), "pages": "x"})
    answer = clerk.post(f"{bench.address}text/", {"clock": bench.manuscript().clock, "text": text})

    assert answer.status_code == 422
    assert clerk.get(bench.address).status_code == 200


def test_every_procedure_in_force_is_written_as_a_file_that_reads_the_same(joso):
    for version in definitions.current_all("procedure"):
        (tree,), faults = read(definitions.write(version.source).encode(), FILE)
        assert faults == []
        assert tree == version.source
        assert list(tree) == list(version.source)


def test_the_resident_is_shown_in_their_language_what_follows_from_their_answers(bench, clerk):
    bench(do="add_field", page="facts", label="公園", type="text")
    bench(do="set_field", key="q1", label_ja="公園", **{"label_pt-BR": "Parque"})
    address = f"{bench.address}preview/?page=facts&in=pt-br"

    assert "Parque" in clerk.get(address).content.decode()
    assert "Hirota" in clerk.post(address, {"q1": "Hirota"}).content.decode()


def test_moving_past_the_edge_of_a_page_goes_to_the_next_page():
    tree = {"pages": [{"key": "a", "fields": ["x"]}, {"key": "b", "fields": ["y"]}]}

    moved = apply("move_field", tree, {"key": "x", "way": "down"})

    assert [page["fields"] for page in moved["pages"]] == [[], ["x", "y"]]


def test_a_button_pressed_twice_does_it_once_and_frightens_nobody(bench, clerk):
    clock = bench.manuscript().clock
    first, second = (bench(clock=clock, do="add_page", label="二枚目") for _press in range(2))
    again = begin(clerk)
    asked = bench.manuscript().clock
    for _press in range(2):
        clerk.post(f"{bench.address}propose/", {"clock": asked})

    assert (first.status_code, second.status_code) == (302, 302)
    assert [page["title"]["ja"] for page in bench.tree()["pages"]].count("二枚目") == 1
    assert again.status_code == 422  # something was changed since: that is no second press
    assert "先に変えました" not in clerk.get(f"{bench.address}publishing/").content.decode()
    assert len(definitions.drafts()) == 1


def test_beginning_twice_leads_to_the_same(clerk):
    assert begin(clerk)["Location"] == begin(clerk)["Location"]


def test_a_form_of_twelve_pages_stays_handy(bench, clerk, django_assert_max_num_queries):
    tree = bench.tree()
    for number in range(12):
        tree = apply("add_page", tree, {"label": f"ページ {number}"})
        for question in range(5):
            said = {"page": tree["pages"][-1]["key"], "label": f"質問 {number}-{question}", "type": "text"}
            tree = apply("add_field", tree, said)
    text = definitions.write(tree)
    clerk.post(f"{bench.address}text/", {"clock": bench.manuscript().clock, "text": text})
    with django_assert_max_num_queries(60):
        page = clerk.get(f"{bench.address}?field=q60").content.decode()

    assert "質問 11-4" in page
    assert bench(do="set_field", key="q60", label_ja="最後の質問").status_code == 302
