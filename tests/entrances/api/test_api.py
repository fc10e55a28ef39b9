"""The API as another program uses it."""

import json
from uuid import uuid4

import pytest

from fixtures.cases import BULKY, CERTIFICATE, VOICE, bulky, send, voice
from machi.engines.procedures import public as procedures
from machi.entrances.api.actions import let_in, shut_out

pytestmark = pytest.mark.usefixtures("joso")
ROOT = "/api/v1"


@pytest.fixture
def key(joso):
    """The key of a program that may submit anything public."""
    return let_in(name="図書館システム")


@pytest.fixture
def post(client):
    def send_json(path, body, key=None, **headers):
        found = {"HTTP_X_API_KEY": key} if key else {}
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return client.post(f"{ROOT}{path}", text, content_type="application/json", **found, **headers)

    return send_json


def submission(answers, **more):
    return {"command_id": str(uuid4()), "answers": answers, **more}


def follow(client, token):
    return client.get(f"{ROOT}/case", HTTP_AUTHORIZATION=f"Bearer {token}")


def test_what_may_be_started_is_listed_for_everybody(client):
    listed = {one["code"]: one for one in client.get(f"{ROOT}/procedures").json()}

    assert {VOICE, BULKY, CERTIFICATE} <= set(listed)
    assert listed[BULKY]["title"]["pt-BR"] and listed[VOICE]["assurance"] == "none"


def test_one_procedure_comes_with_the_schema_of_its_answers(client):
    found = client.get(f"{ROOT}/procedures/{BULKY}").json()

    assert found["answers"]["$schema"].endswith("2020-12/schema")
    assert {"town", "lines", "day"} <= set(found["answers"]["properties"])
    assert "total" not in found["answers"]["properties"], "what is counted is not sent"


@pytest.mark.parametrize("code", ["nothing.here", "general.receipt", "x" * 300, "%00", "あ", ".."])
def test_an_unknown_procedure_is_not_found(client, post, key, code):
    assert client.get(f"{ROOT}/procedures/{code}").status_code == 404
    assert post(f"/procedures/{code}/days", {"answers": {}}).status_code == 404
    assert post(f"/procedures/{code}/cases", submission({}), key).status_code == 404


def test_a_voice_is_sent_and_followed_with_its_token(client, post, key):
    sent = post(f"/procedures/{VOICE}/cases", submission(voice(email="a@joso.example")), key)

    assert sent.status_code == 201, sent.content
    case = sent.json()["case"]
    assert (case["procedure"], case["status"], case["version"]) == (VOICE, "working", 1)
    followed = follow(client, sent.json()["token"])
    assert followed.json() == case
    assert [event["verb"] for event in followed.json()["events"]] == ["submitted", "accepted"]
    assert procedures.Case.objects.get(id=case["id"]).origin == "api"


def test_the_same_command_twice_is_one_case(post, key):
    body = submission(voice())

    first, second = (post(f"/procedures/{VOICE}/cases", body, key) for _turn in range(2))

    assert (first.status_code, first.json()) == (201, second.json())
    assert procedures.Case.objects.count() == 1


def test_two_programs_with_the_same_command_id_do_not_meet(post, key):
    body = submission(voice())
    other = let_in(name="別のシステム")

    cases = {post(f"/procedures/{VOICE}/cases", body, one).json()["case"]["id"] for one in (key, other)}

    assert len(cases) == 2


def test_without_a_good_key_nothing_is_submitted(post, key):
    shut_out(name="図書館システム")

    for wrong in (None, "wrong", key, "\x00", "あ"):
        answer = post(f"/procedures/{VOICE}/cases", submission(voice()), wrong)
        assert (answer.status_code, set(answer.json())) == (401, {"message", "errors"})
    assert not procedures.Case.objects.exists()


def test_a_program_submits_only_what_it_was_let_in_for(post):
    key = let_in(name="ごみアプリ", procedures=[BULKY])

    assert post(f"/procedures/{VOICE}/cases", submission(voice()), key).status_code == 403


def test_a_token_opens_its_own_case_only(client):
    mine, other = send(VOICE, voice()), send(VOICE, voice())

    assert follow(client, procedures.token_of(mine)).json()["id"] == str(mine.id)
    forged = procedures.token_of(mine).replace(mine.id.hex, other.id.hex)
    for wrong in (forged, "nonsense", "", procedures.token_of(mine)[:-2]):
        assert follow(client, wrong).status_code == 401
    procedures.Case.objects.filter(id=mine.id).update(link_round=2)
    assert follow(client, procedures.token_of(mine)).status_code == 401


def test_a_day_is_chosen_and_booked(client, post, key):
    answers = {name: value for name, value in bulky().items() if name != "day"}

    days = post(f"/procedures/{BULKY}/days", {"answers": answers}).json()["day"]
    chosen = {"id": days[0]["id"], "day": days[0]["day"], "label": ""}
    sent = post(f"/procedures/{BULKY}/cases", submission({**answers, "day": chosen}), key)

    assert sent.status_code == 201, sent.content
    case = procedures.Case.objects.get(id=sent.json()["case"]["id"])
    assert procedures.what_it_holds(case)["bookings"][0].day.isoformat() == chosen["day"]
    again = post(f"/procedures/{BULKY}/days", {"answers": answers}).json()["day"][0]
    assert (again["id"], again["left"]) == (chosen["id"], days[0]["left"] - 3)


def test_a_full_day_is_told_in_the_language_asked_for(post, key):
    answers = bulky()
    from machi.engines.bookings.models import Slot

    slot = Slot.objects.get(id=answers["day"]["id"])
    Slot.objects.filter(pk=slot.pk).update(taken=slot.capacity)

    told = {
        language: post(f"/procedures/{BULKY}/cases", submission(answers, language=language), key).json()
        for language in ("ja", "pt-br")
    }

    assert told["ja"]["errors"]["day"].startswith("選んだ日はいっぱい")
    assert set(told["pt-br"]["errors"]) == {"day"}
    assert not procedures.Case.objects.exists()


def test_answers_that_do_not_stand_are_told_by_field(post, key):
    answer = post(
        f"/procedures/{VOICE}/cases", submission({**voice(topic="gold", unknown=1), "body": ""}), key
    )

    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"topic", "unknown", "body"}


def test_what_needs_the_card_cannot_be_submitted_by_a_program(post, key):
    from fixtures.cases import certificate

    answer = post(f"/procedures/{CERTIFICATE}/cases", submission(certificate()), key)

    assert (answer.status_code, procedures.Case.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("{", 400),
        ('{"answers": {}, "command_id": NaN}', 422),
        ("[]", 422),
        ("null", 422),
        ({"answers": {}}, 422),
        ({"command_id": "1", "answers": {}}, 422),
        ({**submission({}), "more": 1}, 422),
        ({**submission({}), "language": "xx"}, 422),
        (b"\xff\xfe", 400),
        ('{"command_id": "018f0000-0000-7000-8000-000000000000", "answers": {"body": "\\ud800"}}', 422),
        ('{"command_id": "018f0000-0000-7000-8000-000000000000", "answers": {"body": "a\\u0000b"}}', 422),
        ('{"command_id": "018f0000-0000-7000-8000-000000000000", "answers": ' + "[" * 20000, 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_same_form(post, key, body, status):
    answer = post(f"/procedures/{VOICE}/cases", body, key)

    assert (answer.status_code, set(answer.json())) == (status, {"message", "errors"}), answer.content


@pytest.mark.parametrize("size", [600 * 1024, 10 * 1024 * 1024])
def test_a_body_too_large_is_refused(post, key, size):
    answer = post(f"/procedures/{VOICE}/cases", submission(voice(body="あ" * (size // 3))), key)

    assert (answer.status_code, set(answer.json())) == (413, {"message", "errors"})
    answer = post(f"/procedures/{VOICE}/days", {"answers": voice(body="あ" * (size // 3))})
    assert answer.status_code == 413


def test_sending_needs_no_browser_and_no_cookie(client, post, key):
    client.handler.enforce_csrf_checks = True

    assert post(f"/procedures/{VOICE}/cases", submission(voice()), key).status_code == 201


def test_the_key_of_a_program_is_kept_as_a_digest_only(key):
    from machi.entrances.api.models import Program

    assert key not in json.dumps(list(Program.objects.values("name", "key_digest", "procedures")))
