"""The front page from memory: the same as without it, for everybody it is meant for and nobody else."""

import io

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client

from machi.engines.people.public import Account
from machi.entrances.portal.front import FrontPage


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class Counted:
    """Django behind a counter of the requests that reach it."""

    def __init__(self):
        self.django, self.asked = get_wsgi_application(), 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.django(environ, start_response)


@pytest.fixture
def django():
    return Counted()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def front(joso, django, clock):
    for signal in (request_started, request_finished):  # they would close the test's own transaction
        signal.disconnect(close_old_connections)
    yield FrontPage(django, keep=1.0, clock=clock)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def get(front, path="/", *, query="", method="GET", **headers):
    """(status, headers, text) of an answer."""
    said = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **{f"HTTP_{name}": value for name, value in headers.items()},
    }
    answer = front(environ, lambda *words: said.append(words))
    text = b"".join(answer).decode()
    getattr(answer, "close", lambda: None)()
    return said[-1][0], dict(said[-1][1]), text


def signed_in(mail):
    client = Client()
    client.force_login(Account.objects.get(email=f"{mail}@joso.example"), "django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


def test_the_second_visitor_gets_the_same_page_without_django(front, django):
    first, second = get(front), get(front)

    assert first == second
    assert first[0] == "200 OK"
    assert "default-src" in second[1]["Content-Security-Policy"]
    assert django.asked == 1


def test_after_a_second_the_page_is_made_anew(front, django, clock):
    get(front)
    clock.now += 1.1
    get(front)

    assert django.asked == 2


def test_each_language_has_its_own_page(front):
    japanese, portuguese = get(front), get(front, ACCEPT_LANGUAGE="pt-BR,pt;q=0.9")
    chosen = get(front, ACCEPT_LANGUAGE="pt-BR", COOKIE="lang=en")

    assert japanese[1]["Content-Language"] == "ja"
    assert portuguese[1]["Content-Language"] == "pt-BR"
    assert chosen[1]["Content-Language"] == "en"
    assert len({japanese[2], portuguese[2], chosen[2]}) == 3


def test_who_is_signed_in_gets_a_page_of_their_own_and_leaves_nothing_behind(front):
    stranger = get(front)
    hanako = get(front, COOKIE=signed_in("hanako"))

    assert "/my/" in hanako[2]
    assert "/my/" not in stranger[2]
    assert get(front) == stranger


def test_a_waiting_message_is_shown_to_its_visitor_alone(front, django):
    get(front)
    get(front, COOKIE="messages=anything")

    assert django.asked == 2


@pytest.mark.parametrize(
    "asked", [{"query": "lang=en"}, {"method": "HEAD"}, {"path": "/procedures/"}, {"HX_REQUEST": "true"}]
)
def test_everything_else_goes_to_django(front, django, asked):
    get(front)
    get(front, **asked)

    assert django.asked == 2


def test_an_answer_that_is_no_page_or_sets_a_cookie_is_not_kept(clock):
    answers = iter([("503 Unavailable", []), ("200 OK", [("Set-Cookie", "a=b")]), ("200 OK", [])])
    asked = []

    def application(environ, start_response):
        asked.append(environ)
        start_response(*next(answers))
        return [b"words"]

    front = FrontPage(application, clock=clock)
    for _visit in range(5):
        get(front)

    assert len(asked) == 3
