"""Pages of questions: what was typed stays, whatever happens to it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from portal_forms import NAME, PLACE, YOU, fill, huge_picture, picture, review, send_items, send_page, start

from fixtures.cases import TOWN
from machi.engines.files.models import FileLink

pytestmark = pytest.mark.usefixtures("joso")


@pytest.fixture
def draft(joso, client):
    return start(client)


def test_a_page_with_errors_says_them_at_the_field_and_at_the_top(client, draft):
    answer = send_page(client, draft, "place", town="", line="3222番地3", spot="")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("「収集する町名」を選んでください。") == 2
    assert 'href="#town"' in page
    assert 'value="3222番地3"' in page


def test_ten_thousand_letters_in_a_box_are_refused_and_still_there(client, draft):
    answer = send_page(client, draft, "place", **{**PLACE, "line": "長" * 10_000})

    assert answer.status_code == 422
    assert "120文字まで" in answer.content.decode()
    assert "長" * 10_000 in answer.content.decode()


def test_a_script_in_a_name_is_only_a_name(client, draft):
    fill(client, draft, you={**YOU, "name": "<script>alert(1)</script>"})

    page = review(client, draft)[0].content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_letters_of_names_are_never_exchanged(client, draft):
    fill(client, draft)

    assert NAME in review(client, draft)[0].content.decode()
    draft.refresh_from_db()
    assert draft.answers["name"] == NAME


def test_changing_the_language_keeps_what_was_typed_and_where_one_is(client, draft):
    answer = client.post(
        f"/drafts/{draft.id}/place/?from=review",
        {"_lang": "pt-br", "_asked": ["line", "spot"], "line": "3222番地3", "spot": ""},
    )

    assert answer.url == f"/drafts/{draft.id}/place/?from=review"
    page = client.get(answer.url).content.decode()
    assert 'lang="pt-BR"' in page
    assert 'value="3222番地3"' in page
    draft.refresh_from_db()
    assert draft.language == "ja"  # the language it was last saved in; the next save is in Portuguese


def test_the_back_button_of_the_page_asks_for_nothing(client, draft):
    send_page(client, draft, "place", **PLACE)

    answer = send_items(client, draft, do="back", item="", qty="x")

    assert answer.url.endswith("/place/")
    assert 'value="x"' in client.get(f"/drafts/{draft.id}/items/").content.decode()


def test_rows_come_and_go_without_javascript(client, draft):
    send_page(client, draft, "place", **PLACE)

    added = send_items(client, draft, do="add:lines")
    draft.refresh_from_db()

    assert added.status_code == 302
    assert added.url.startswith(f"/drafts/{draft.id}/items/#lines-")
    assert len(draft.answers["lines"]) == 2
    assert draft.answers["lines"][0]["qty"] == 2
    gone = draft.answers["lines"][1]["_id"]
    send_items(client, draft, do=f"remove:lines:{gone}", **{"lines._rows": ["r1", gone]})
    draft.refresh_from_db()
    assert [row["_id"] for row in draft.answers["lines"]] == ["r1"]


def test_live_parts_are_the_same_section_made_anew(client, draft):
    send_page(client, draft, "place", **PLACE)

    answer = client.post(
        f"/drafts/{draft.id}/exemption/",
        {"_do": "live", "_asked": "exempt", "exempt": "yes", "revision": draft.revision},
        headers={"HX-Request": "true"},
    )

    part = answer.content.decode()
    assert part.startswith('<div id="questions"')
    assert 'name="proof"' in part
    assert "<html" not in part


REFUSED = {
    "program.jpg": b"MZ\x90\x00" + b"\0" * 3000,
    "broken.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 300,
    "large.jpg": b"\xff\xd8\xff\xe0" + b"\0" * (10 * 1024 * 1024 + 1),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_file_is_refused_at_its_field_and_the_rest_stays(client, draft, name):
    send_page(client, draft, "place", **PLACE)

    answer = send_items(client, draft, qty="3", **{"lines.r1.photo": SimpleUploadedFile(name, REFUSED[name])})

    assert answer.status_code == 422
    assert any(error["href"] == "#lines-r1-photo" for error in answer.context["errors"])
    assert 'value="3"' in answer.content.decode()
    assert not FileLink.objects.filter(owner=draft.owner).exists()


def test_a_picture_of_twenty_thousand_pixels_is_refused_before_it_is_unpacked(client, draft):
    send_page(client, draft, "place", **PLACE)

    answer = send_items(client, draft, **{"lines.r1.photo": huge_picture(20_000)})

    assert answer.status_code == 422
    assert [error["href"] for error in answer.context["errors"]] == ["#lines-r1-photo"]
    assert "画素" in answer.content.decode()


def test_a_photograph_is_kept_shown_small_and_taken_away_again(client, draft):
    send_page(client, draft, "place", **PLACE)
    send_items(client, draft, **{"lines.r1.photo": picture()})
    link = FileLink.objects.get(owner=draft.owner)
    address = f"/drafts/{draft.id}/files/{link.id}/"

    page = client.get(f"/drafts/{draft.id}/items/").content.decode()

    assert f'src="{address}?size=160"' in page
    assert client.get(f"{address}?size=160")["Content-Type"] == "image/jpeg"
    assert client.get(address).status_code == 200
    send_items(client, draft, do=f"drop:{link.id}")
    assert client.get(address).status_code == 404


def test_two_windows_on_one_page_keep_the_newer_input_and_say_what_it_replaced(client, draft):
    old = {"_asked": ["town", "line", "spot"], "town": TOWN, "spot": "玄関の前", "revision": draft.revision}
    client.post(f"/drafts/{draft.id}/place/", {**old, "_do": "next", "line": "1番地"})

    client.post(f"/drafts/{draft.id}/place/", {**old, "_do": "next", "line": "2番地"})

    page = client.get(f"/drafts/{draft.id}/place/").content.decode()
    assert 'value="2番地"' in page
    assert "「番地・建物名」は「1番地」でした" in page


def test_an_older_page_with_the_same_answers_says_nothing(client, draft):
    same = {"_asked": list(PLACE), **PLACE, "revision": draft.revision, "_do": "next"}
    client.post(f"/drafts/{draft.id}/place/", same)

    client.post(f"/drafts/{draft.id}/place/", same)

    assert "ほかの画面でも" not in client.get(f"/drafts/{draft.id}/items/").content.decode()
