"""A page without scripts: what was typed stays, rows come and go, files are taken, page after page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from questions_forms import TODAY, a_field, a_form, bulky_form, drawn, read, sent_from

from machi.engines.bookings.queries import Free
from machi.engines.files import public as files
from machi.engines.questions.public import control_id, prefilled

FORM = bulky_form()
LINES = st.text(st.characters(exclude_characters="\r\n\t", exclude_categories=("Cs",)), max_size=40)


def filled(page, answers, **typed):
    """What the page shows for these answers, with some boxes typed over."""
    return {**sent_from(drawn(FORM, page, answers)), **{name: [text] for name, text in typed.items()}}


def a_photo(name="sofa.png"):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {
            "name": LINES,
            "kana": LINES,
            "email": LINES,
            "phone": LINES,
            "birth-year": LINES,
            "birth-month": LINES,
            "birth-day": LINES,
            "home-postal": LINES,
            "home-line": LINES,
            "home-town": st.sampled_from(["", "toyooka", "gone"]),
        }
    )
)
def test_reading_what_the_page_shows_again_changes_nothing(boxes):
    first = read(FORM, "you", {**sent_from(drawn(FORM, "you", {})), **boxes}).answers
    second = read(FORM, "you", sent_from(drawn(FORM, "you", first)), first).answers
    if "home" in first.get("_typed", {}):  # a town that is gone cannot be shown in a list of towns
        first["_typed"].pop("home"), second.pop("home", None), second.get("_typed", {}).pop("home", None)
        first = {key: value for key, value in first.items() if value != {}}
        second = {key: value for key, value in second.items() if value != {}}
    assert second == first


def test_the_other_pages_fixed_points():
    answers = {
        "lines": [{"_id": "a", "item": "sofa", "qty": 2}, {"_id": "b", "qty": 1}],
        "exempt": True,
        "reason": ["card"],
        "note": "一行目\n\n  三行目",
        "agree": True,
        "place": {"lat": 36.02, "lng": 139.99, "text": "門の前"},
        "weight": "12.5",
    }
    for page in ("items", "rest"):
        assert read(FORM, page, sent_from(drawn(FORM, page, answers)), answers).answers == answers


def test_what_cannot_be_read_is_shown_again_as_it_was_typed():
    reading = read(FORM, "items", filled("items", {}, **{"lines.r1.qty": "ふたつ"}))
    assert reading.refused["lines.r1.qty"] == "「個数」は数字で入力してください。例：3"
    html = drawn(FORM, "items", reading.answers, errors=reading.refused)
    assert sent_from(html)["lines.r1.qty"] == ["ふたつ"]
    assert "数字で入力してください" in html
    mended = read(FORM, "items", filled("items", reading.answers, **{"lines.r1.qty": "2"}), reading.answers)
    assert mended.refused == {}
    assert "_typed" not in mended.answers
    assert mended.answers["lines"][0]["qty"] == 2


def test_words_on_a_page_are_escaped():
    html = drawn(FORM, "you", {"name": '"><script>alert(1)</script>'})
    assert "<script>" not in html
    assert sent_from(html)["name"] == ['"><script>alert(1)</script>']


def test_rows_are_added_and_taken_away_and_nothing_typed_is_lost():
    first = read(
        FORM,
        "items",
        {**filled("items", {}), "lines.r1.item": "sofa", "lines.r1.qty": "x", "_do": "add:lines"},
    )
    assert first.did == "add:lines"
    assert first.focus.startswith("lines.r")
    assert len(first.answers["lines"]) == 2
    assert first.answers["lines"][1]["qty"] == 1
    assert first.answers["_typed"] == {"lines.r1.qty": {"": ["x"]}}
    second_id = first.answers["lines"][1]["_id"]
    second = read(
        FORM,
        "items",
        {**filled("items", first.answers), f"lines.{second_id}.item": "chair", "_do": "remove:lines:r1"},
        first.answers,
    )
    assert second.did == "remove:lines:r1"
    assert second.answers == {"lines": [{"_id": second_id, "item": "chair", "qty": 1}]}


def test_no_more_rows_than_the_form_allows():
    rows = [{"_id": f"r{n}", "qty": 1} for n in range(3)]
    reading = read(FORM, "items", {**filled("items", {"lines": rows}), "_do": "add:lines"}, {"lines": rows})
    assert "3件まで" in reading.refused["lines"]
    assert len(reading.answers["lines"]) == 3
    assert "add:lines" not in drawn(FORM, "items", reading.answers)


def test_the_last_needed_row_has_no_button_that_takes_it_away():
    assert "remove:lines" not in drawn(FORM, "items", {"lines": [{"_id": "a"}]})
    assert "remove:lines:b" in drawn(FORM, "items", {"lines": [{"_id": "a"}, {"_id": "b"}]})


@pytest.mark.parametrize(
    "do", ["add:name", "remove:lines:nobody", "drop:xyz", "lang:xx", "format:c", "", "add:", "remove"]
)
def test_a_button_that_does_not_exist_only_saves(do):
    posted = {**filled("items", {}), "lines.r1.item": "chair", "_do": do}
    reading = read(FORM, "items", posted)
    assert reading.answers["lines"][0]["item"] == "chair"
    assert reading.did in ("save", "remove:lines:nobody")


def test_the_language_button_keeps_what_was_typed():
    reading = read(FORM, "you", {**filled("you", {}), "name": "神", "_lang": "pt-br"})
    assert (reading.did, reading.answers["name"]) == ("lang:pt-br", "神")


def test_fields_of_other_pages_and_fields_not_shown_keep_their_answers():
    before = {"name": "山田", "proof": ["1" * 32], "reason": ["aid"], "exempt": True}
    reading = read(FORM, "rest", {"_asked": ["exempt", "note"], "note": "a", "name": "evil"}, before)
    assert reading.answers["name"] == "山田"
    assert reading.answers["reason"] == ["aid"]
    assert reading.answers["exempt"] is False


def test_a_cleared_box_is_cleared():
    reading = read(FORM, "you", filled("you", {"name": "山田"}, name=""), {"name": "山田"})
    assert "name" not in reading.answers


def test_only_some_fields_can_be_asked_again():
    reading = read(
        FORM,
        None,
        {"_asked": ["name", "note"], "name": "新", "note": "新"},
        {"name": "旧", "note": "旧"},
        only=["note"],
    )
    assert reading.answers == {"name": "旧", "note": "新"}


@pytest.mark.django_db
class TestFiles:
    def upload(self, answers, *uploads, **boxes):
        posted = {**sent_from(drawn(FORM, "rest", answers, owner="draft:1")), **boxes}
        return read(
            FORM, "rest", posted, answers, files=MultiValueDict({"proof": list(uploads)}), owner="draft:1"
        )

    def test_files_are_taken_shown_and_dropped(self):
        reading = self.upload({"exempt": True}, a_photo("証明.png"))
        (link,) = reading.answers["proof"]
        assert files.link(link).owner == "draft:1"
        assert files.link(link).field == "proof"
        html = drawn(FORM, "rest", reading.answers, owner="draft:1", file_url=lambda found: f"/f/{found.id}/")
        assert "証明" in html
        assert f'href="/f/{link}/"' in html
        dropped = self.upload(reading.answers, _do=f"drop:{link}")
        assert dropped.answers.get("proof") in (None, [])
        assert files.links("draft:1") == []

    def test_a_wrong_file_is_refused_with_a_sentence_and_the_rest_is_kept(self):
        bad = SimpleUploadedFile("photo.jpg", b"MZ\x90\x00" + b"x" * 100)
        reading = self.upload({"exempt": True}, bad, note="まだある")
        assert reading.refused["proof"]
        assert reading.answers["note"] == "まだある"
        assert "proof" not in reading.answers

    def test_more_files_than_allowed_are_refused(self):
        reading = self.upload({"exempt": True}, a_photo(), a_photo(), a_photo())
        assert len(reading.answers["proof"]) == 2
        assert "2個まで" in reading.refused["proof"]

    def test_a_single_file_is_replaced_by_the_next(self):
        form = a_form(a_field("photo", "file"))
        answers = {}
        for name in ("one.png", "two.png"):
            posted = {"_asked": ["photo"]}
            answers = read(
                form, "p", posted, answers, files=MultiValueDict({"photo": [a_photo(name)]}), owner="draft:2"
            ).answers
        assert [link.name for link in files.links("draft:2")] == ["two.png"]
        assert len(answers["photo"]) == 1

    def test_the_files_of_a_row_go_with_it(self):
        rows = {"lines": [{"_id": "a"}, {"_id": "b"}]}
        posted = sent_from(drawn(FORM, "items", rows))
        with_photo = read(
            FORM, "items", posted, rows, files=MultiValueDict({"lines.b.photo": [a_photo()]}), owner="draft:3"
        ).answers
        assert len(files.links("draft:3", "lines.b.photo")) == 1
        read(FORM, "items", {**posted, "_do": "remove:lines:b"}, with_photo, owner="draft:3")
        assert files.links("draft:3") == []

    def test_a_file_of_somebody_else_cannot_be_dropped_or_shown(self):
        other = self.upload({"exempt": True}, a_photo("secret.png")).answers["proof"][0]
        reading = read(
            FORM,
            "rest",
            {"_asked": ["exempt"], "exempt": "yes", "_do": f"drop:{other}"},
            {"exempt": True},
            owner="draft:9",
        )
        assert reading.did == "save"
        assert files.link(other)
        assert "secret" not in drawn(FORM, "rest", {"exempt": True, "proof": [other]}, owner="draft:9")


def test_days_are_offered_by_the_caller():
    form = a_form(a_field("day", "slot", pool="pickup", required=True))
    free = Free(slot_id="0190aa", day=TODAY, starts=None, left=2)
    html = drawn(
        form, "p", {"day": {"id": "0190aa", "day": TODAY.isoformat(), "label": ""}}, slots={"day": [free]}
    )
    assert sent_from(html)["day"] == [f"0190aa@{TODAY.isoformat()}@"]
    assert read(form, "p", sent_from(html)).answers == {
        "day": {"id": "0190aa", "day": TODAY.isoformat(), "label": ""}
    }


def test_fields_that_others_rest_on_are_marked_for_the_script():
    html = drawn(FORM, "items", {})
    assert html.count("data-decides") == 4  # two radio buttons, the quantity, the photo
    assert 'id="lines-r1-item"' in html
    assert control_id("lines.r1.item") == "lines-r1-item"


def test_a_form_begins_with_defaults_and_what_the_profile_knows():
    profile = {
        "name": "山田 花子",
        "birth": "1990-05-03",
        "email": "not shown",
        "address": {"postal": "3038501", "town": "豊岡町", "line": "1", "building": ""},
        "provenance": {"name": "card"},
    }
    begun = prefilled(FORM.bundle, profile)
    assert begun == {"name": "山田 花子", "birth": "1990-05-03", "_from": {"name": "card", "birth": "typed"}}
    kept = read(FORM, "you", filled("you", begun), begun).answers
    assert kept["_from"] == {"name": "card", "birth": "typed"}
    changed = read(FORM, "you", filled("you", begun, name="山田 華子"), begun).answers
    assert changed["_from"] == {"birth": "typed"}


def test_a_profile_address_finds_its_town():
    form = a_form(a_field("home", "address", prefill="address", **{"from": "towns"}))
    said = {"postal": "", "town": "茨城県常総市豊岡町", "line": "丙1", "building": ""}
    assert prefilled(form.bundle, {"address": said})["home"]["town"] == "toyooka"
    assert prefilled(form.bundle, {"address": {**said, "town": "東京都千代田区丸の内"}})["home"]["town"] == ""


def test_whoever_is_still_filling_a_date_is_not_told_that_it_is_wrong():
    form = a_form(a_field("day", "date"), a_field("other", "date"))
    begun = {"_asked": ["day", "other"], "day-year": "2026", "day-month": "", "day-day": "", "other-year": "2026",
             "other-month": "13", "other-day": "1"}  # fmt: skip

    typing, done = read(form, "p", {**begun, "_do": "live"}), read(form, "p", {**begun, "_do": "next"})

    assert list(typing.refused) == ["other"], "what is whole and wrong is said at once"
    assert sorted(done.refused) == ["day", "other"]
    assert typing.answers["_typed"]["day"]["year"] == ["2026"]
