"""Programs are told what happened: signed, without personal data, again until they have it, and never inside."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
import time_machine

from fixtures.cases import BULKY, VOICE, act, person, send, voice
from machi.engines.effects import public as effects
from machi.entrances.api.actions import let_in, shut_out
from machi.entrances.api.calling import Unreachable, check_address, post
from machi.entrances.api.models import Webhook

pytestmark = pytest.mark.usefixtures("joso")
ROOT = "/api/v1/webhooks"
EVERYTHING = ["case.submitted", "case.status_changed", "case.decided", "document.issued"]


@pytest.fixture
def receiver(settings):
    """A program's own server: `got` [(headers, body)], answering `status`."""
    settings.WEBHOOKS_INSIDE = True

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(server.status)
            self.send_header("content-length", "0")
            self.send_header("location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.status = [], 200
    server.address = f"http://localhost:{server.server_port}/hook?city=joso"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def program(client):
    """program(procedures) → a caller of the API as that program."""

    def one(name="図書館システム", procedures=()):
        key = let_in(name=name, procedures=procedures)

        def call(method, path="", body=None):
            text = json.dumps(body) if body is not None else ""
            return client.generic(method, f"{ROOT}{path}", text, content_type="application/json", HTTP_X_API_KEY=key)

        return call

    return one


def hook(call, receiver, events=EVERYTHING, **more):
    answer = call("POST", "", {"address": receiver.address, "events": events, **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def work():
    while effects.work_once(limit=50):
        pass


def told(receiver):
    return [json.loads(body) for _headers, body in receiver.got]


def is_signed(headers, body, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    good = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{good}" in headers["webhook-signature"].split()


def test_a_program_is_told_of_a_case_in_a_signed_message_without_personal_data(program, receiver):
    secret = hook(program(), receiver)["secret"]
    case = send(VOICE, voice(name="𠮷野 健", email="ken@joso.example"))
    assert receiver.got == []
    work()

    assert [one["type"] for one in told(receiver)] == ["case.submitted", "case.status_changed"]
    assert all(is_signed(headers, body, secret) for headers, body in receiver.got)
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 2
    said = told(receiver)[1]["data"]
    assert (said["case"], said["procedure"], said["status"]) == (str(case.id), VOICE, "accepted")
    everything = b"".join(body for _headers, body in receiver.got).decode()
    assert not [word for word in ("健", "ken@", "くぼみ") if word in everything]


def test_it_hears_only_of_the_procedures_it_may_see_and_asked_for(program, receiver):
    hook(program("a", [BULKY]), receiver)
    hook(program("b"), receiver, procedures=[BULKY])
    send(VOICE, voice())
    work()
    assert receiver.got == []

    hook(program("c", [VOICE]), receiver, events=["case.submitted"])
    send(VOICE, voice())
    work()
    assert [one["type"] for one in told(receiver)] == ["case.submitted"]


def test_the_end_of_a_case_is_told(program, receiver):
    hook(program(), receiver, events=["case.status_changed"])
    case = send(VOICE, voice())
    act(case, "void", person("doro.kacho"), reason="まちがい")
    work()

    assert told(receiver)[-1]["data"]["status"] == "void"


def test_a_program_that_does_not_answer_is_told_again_and_then_left_to_staff(program, receiver):
    hook(program(), receiver, events=["case.submitted"])
    receiver.status = 500
    send(VOICE, voice())
    with time_machine.travel("2030-01-07 09:00", tick=False) as clock:
        for _attempt in range(20):
            work()
            clock.shift(3700)
    ids = {headers["webhook-id"] for headers, _body in receiver.got}

    assert (len(receiver.got), len(ids)) == (14, 1)
    (stuck,) = effects.stuck()
    assert (stuck.port, stuck.state) == ("api.webhook", "dead")
    receiver.status = 204
    effects.retry(effect_id=stuck.id, actor=person("digital.kanri"))
    work()
    assert effects.stuck().count() == 0


def test_a_redirection_is_not_followed_and_a_program_that_is_gone_is_not_asked_again(program, receiver):
    hook(program(), receiver, events=["case.submitted"])
    for status, calls in ((302, 1), (410, 2)):
        receiver.status = status
        send(VOICE, voice())
        work()
        assert len(receiver.got) == calls
    assert [one.state for one in effects.stuck()] == ["dead"]


def test_after_a_new_secret_both_sign_for_a_day(program, receiver):
    call = program()
    made = hook(call, receiver, events=["case.submitted"])
    new = call("POST", f"/{made['id']}/secret").json()["secret"]
    assert new != made["secret"]
    send(VOICE, voice())
    work()
    (headers, body) = receiver.got[0]
    assert is_signed(headers, body, new) and is_signed(headers, body, made["secret"])

    with time_machine.travel(Webhook.objects.get().rotated_at.timestamp() + 90_000, tick=True):
        send(VOICE, voice())
        work()
    headers, body = receiver.got[-1]
    assert is_signed(headers, body, new) and not is_signed(headers, body, made["secret"])


def test_an_ended_webhook_and_a_program_shut_out_hear_no_more(program, receiver):
    call = program()
    made = hook(call, receiver)
    send(VOICE, voice())
    assert call("DELETE", f"/{made['id']}").status_code == 204
    assert call("DELETE", f"/{made['id']}").status_code == 404
    assert call("GET").json() == []
    hook(call, receiver)
    send(VOICE, voice())
    shut_out(name="図書館システム")
    work()

    assert receiver.got == []
    assert effects.stuck().count() == 0


def test_a_program_has_no_part_in_anothers_webhooks(program, receiver):
    made = hook(program("a"), receiver)
    other = program("b")

    assert other("GET").json() == []
    assert other("DELETE", f"/{made['id']}").status_code == 404
    assert other("POST", f"/{made['id']}/secret").status_code == 404
    assert other("POST", f"/{uuid4()}/secret").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["", "http://example.com/", "https://", "ftp://example.com/", "https://user:pass@example.com/", "//x",
     "https://[::1", "https://example.com:0/", "https://example.com:99999/", "https://exa mple.com/",
     "https://例え.jp/", "x" * 600],
)  # fmt: skip
def test_an_address_that_cannot_be_called_is_refused(program, address):
    answer = program()("POST", "", {"address": address, "events": ["case.decided"]})

    assert answer.status_code == 422
    assert set(answer.json()) == {"message", "errors"}


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]",  # noqa: S104
     "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[2002:7f00:1::]", "224.0.0.1", "localhost", "2130706433"],
)  # fmt: skip
def test_no_message_goes_inside_the_network(inside):
    check_address(f"https://{inside}/")
    with pytest.raises(Unreachable):
        post(f"https://{inside}/", b"{}", {})


def test_a_name_that_also_leads_inside_is_not_called(monkeypatch):
    def two(host, port, **more):
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr("machi.entrances.api.calling.socket.getaddrinfo", two)
    with pytest.raises(Unreachable, match="private network"):
        post("https://example.com/", b"{}", {})


def test_the_secret_is_stored_nowhere(program, receiver):
    secret = hook(program(), receiver)["secret"]

    stored = json.dumps(list(Webhook.objects.values()), default=str)
    assert secret.removeprefix("whsec_") not in stored
    assert "secret" not in json.dumps(program("b")("GET").json())
