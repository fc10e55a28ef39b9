"""Trying a procedure: with files, on any day; what was tried becomes a test that says so."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fixtures.cases import account
from machi.engines.definitions import public as definitions
from machi.engines.files.models import FileLink


@pytest.fixture
def clerk(joso):
    client = Client()
    client.force_login(account("digital.kanri"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def trial(clerk):
    """trial(**posted) → the answer to one thing done in a trial of a procedure that asks for a photo."""
    address = clerk.post("/builder/start/", {"from": "new/notification", "title": "花", "code": "x.flower"})["Location"]

    def press(**said):
        return clerk.post(f"{address}trials/on/", {"clock": press.manuscript().clock, **said})

    press.address, press.manuscript = address, lambda: definitions.manuscript(address.split("/")[2])
    photo = {"do": "add_field", "page": "facts", "label": "写真", "type": "file", "clock": press.manuscript().clock}
    clerk.post(f"{address}change/", photo)
    press(do="again")
    return press


def photo(name="flower.png"):
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "pink").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")


FACTS = {"page": "facts", "_do": "next", "_asked": ["since", "q1"]}
SINCE = {"since-year": "2026", "since-month": "7", "since-day": "1"}


def test_a_file_can_be_put_in_and_the_kept_test_knows_that_there_was_one(trial, clerk):
    trial(**FACTS, **SINCE, q1=photo())
    page = clerk.get(f"{trial.address}trials/?page=facts").content.decode()
    (link,) = FileLink.objects.filter(owner__startswith="trial:")

    assert "flower" in page
    assert clerk.get(f"{trial.address}trials/files/{link.id}/").status_code == 200
    trial(do="keep", name="写真付き")
    assert trial.manuscript().revision.source["tests"][0]["given"]["q1"] == ["00000000-0000-0000-0000-000000000001"]
    assert definitions.examine(trial.manuscript().revision.source).errors == []
    assert not FileLink.objects.filter(owner__startswith="trial:").exists()


def test_a_wrong_file_is_a_sentence_and_the_other_answers_stay(trial, clerk):
    trial(**FACTS, **SINCE, q1=SimpleUploadedFile("photo.jpg", b"MZ" + bytes(300), content_type="image/jpeg"))
    page = clerk.get(f"{trial.address}trials/?page=facts").content.decode()

    assert "この形式のファイルは受け付けられません" in page
    assert 'value="2026"' in page


def test_it_is_played_on_the_day_that_was_chosen(trial, clerk):
    clerk.post(
        f"{trial.address}change/",
        {"do": "set_period", "opens": "2026-07-01", "closes": "2026-07-31", "clock": trial.manuscript().clock},
    )
    trial(do="day", page="end", on="２０２６/０８/０１")
    after = clerk.get(f"{trial.address}trials/?page=end").content.decode()
    wrong = trial(do="day", page="end", on="あした")
    trial(do="day", page="end", on="2026-07-31")
    within = clerk.get(f"{trial.address}trials/?page=end").content.decode()
    trial(do="keep", name="最後の日")

    assert "令和8年7月31日（金）で終わりました" in after
    assert "終わりました" not in within
    assert (wrong.status_code, "あした" in wrong.content.decode()) == (422, True)
    assert trial.manuscript().revision.source["tests"][0]["on"] == "2026-07-31"
