"""A clerk writes the letter that goes out, with the names of questions in it, and sees it as it will be printed."""

import pytest
from django.test import Client

from fixtures.cases import account
from machi.engines.definitions import public as definitions
from machi.entrances.builder.operations.letters import keyed, labelled
from machi.entrances.builder.operations.table import apply
from machi.entrances.builder.operations.words import Refused
from machi.entrances.builder.views.starting import archetypes

OFFERED = {"as:org": "団体の名前", "as:day": "いつから"}


def test_names_of_questions_become_their_keys_and_come_back():
    words = "{団体の名前} の申出（{いつから}から、{case.number}）{だれか}"
    kept = keyed(words, OFFERED)

    assert kept == "{org} の申出（{day}から、{case.number}）{だれか}"
    assert labelled(kept, {"org": "団体の名前", "day": "いつから"}) == words


def test_a_letter_that_a_step_issues_stays():
    tree = apply("add_letter", archetypes()["application"], {"title": "承認通知書"})
    tree["flow"]["steps"]["paper"]["document"] = "letter/letter1"

    with pytest.raises(Refused, match="発行する段階"):
        apply("remove_letter", tree, {"key": "letter1"})
    with pytest.raises(Refused, match="本文"):
        apply("set_letter", tree, {"key": "letter1", "title_ja": "承認通知書", "body": " "})


def test_a_clerk_writes_a_letter_and_sees_it_printed(joso):
    clerk = Client()
    clerk.force_login(account("digital.kanri"), backend="django.contrib.auth.backends.ModelBackend")
    address = clerk.post("/builder/start/", {"from": "new/application", "title": "花", "code": "x.flower"})["Location"]

    def manuscript():
        return definitions.manuscript(address.split("/")[2])

    def press(**said):
        return clerk.post(f"{address}change/", {"clock": manuscript().clock, **said})

    press(do="add_letter", title="承認通知書")
    words = {"title_ja": "承認通知書", "to": "{氏名}", "body": "{氏名} 様の申請を認めます。", "as:name": "氏名"}
    press(do="set_letter", key="letter1", facts_listed="1", **words)
    press(do="set_step", key="paper", title_ja="通知書", document="letter/letter1")
    page = clerk.get(f"{address}letters/").content.decode()
    paper = clerk.get(f"{address}letters/letter1/")

    assert manuscript().revision.source["letters"]["letter1"]["body"] == "{name} 様の申請を認めます。"
    assert "{氏名} 様の申請を認めます。" in page
    assert definitions.examine(manuscript().revision.source).errors == []
    assert paper.content.startswith(b"%PDF")
    press(do="set_letter", key="letter1", **{**words, "body": "{だれか} 様"})
    assert "「{だれか}」に当たる項目はありません。" in clerk.get(f"{address}letters/").content.decode()
