"""What tests of the counter do again and again."""

import json
from datetime import timedelta

from django.test import Client

from fixtures.cases import CERTIFICATE, account, certificate
from machi.engines.definitions.public import current
from machi.engines.questions import public as questions
from machi.entrances.counter.models import Screen
from machi.ground.calendar import today

INK = json.dumps([[[100, 100], [300, 200], [500, 100]], [[520, 80], [600, 220]]])


def clerk(mail="shimin.tanto"):
    """A browser in which this member of staff is signed in."""
    browser = Client(headers={"accept-language": "ja"})
    browser.force_login(account(mail))
    return browser


def begun_at_home(code=CERTIFICATE, answers=None, *, days=9, language="pt-br", mail=None):
    """An unsent application, and the code that was drawn for it."""
    draft = questions.start_draft(
        kind="procedure", version=current("procedure", code), language=language,
        answers=certificate() if answers is None else answers, expires_on=today() + timedelta(days=days),
        account_id=account(mail).pk if mail else None,
    )  # fmt: skip
    return draft, questions.recall_code(draft=draft)


def facing(browser=None):
    """A browser that is a screen, and the code it shows."""
    screen = Client(headers={"accept-language": "ja"})
    screen.post("/counter/screen/begin/")
    if browser:
        code = screen.get("/counter/screen/").context["screen"].code
        browser.post("/counter/screen/pair/", {"screen": code})
    return screen


def words(answer):
    """The text of a page."""
    return answer.content.decode()


def told(browser):
    """What the next page of the counter says at its top."""
    return [str(message) for message in browser.get("/counter/").context["messages"]]


def signed(screen, **said):
    """The person ticks and signs what their screen shows."""
    seen = screen.get("/counter/screen/").context
    return screen.post(
        "/counter/screen/answer/",
        {"errand": seen["errand"].id, "digest": seen["digest"], "agreed": "1", "ink": INK, "_do": "agree", **said},
    )


def seen_by(screen):
    """Which face a screen shows."""
    return screen.get("/counter/screen/").context["face"]


def pairings():
    """How many screens face somebody."""
    return Screen.objects.exclude(sitting=None).count()
