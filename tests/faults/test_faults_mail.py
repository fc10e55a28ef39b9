"""The mail server is down: the case stands, and the mail goes out later, once."""

from datetime import timedelta

import pytest
import time_machine

from fixtures.cases import VOICE, act, person, send, voice
from machi.engines.effects.models import Effect
from machi.engines.effects.public import work_once
from machi.engines.procedures import public as procedures
from machi.ground.calendar import now

ADDRESS = "a@joso.example"


def mails():
    return Effect.objects.filter(port="mail")


def later(**delay):
    return time_machine.travel(now() + timedelta(**delay), tick=True)


def test_the_case_stands_while_the_mail_server_is_down_and_the_mail_goes_out_once(live_joso, smtp_sink, settings):
    from machi.house.up import free_port

    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    case = send(VOICE, voice(email=ADDRESS, wants_answer=True))
    work_once()
    assert case.status == "working" and mails().get().state == "retry"
    assert smtp_sink.messages == []

    case = act(case, "claim", person("doro.tanto"))
    assert case.revision == 2, "work goes on without mail"

    settings.EMAIL_PORT = there
    for hours in (2, 4, 6):
        with later(hours=hours):
            work_once()

    (mail,) = smtp_sink.to(ADDRESS)
    assert case.reference in mail.get_body(("plain",)).get_content()
    assert mails().get().state == "done"


def test_a_server_that_says_later_gets_the_mail_later_once(live_joso, smtp_sink):
    smtp_sink.refusing = True
    send(VOICE, voice(email=ADDRESS, wants_answer=True))
    work_once()
    assert smtp_sink.messages == []

    smtp_sink.refusing = False
    for hours in (2, 4):
        with later(hours=hours):
            work_once()

    assert len(smtp_sink.to(ADDRESS)) == 1


def test_a_submission_that_is_refused_sends_no_mail(live_joso, smtp_sink):
    with pytest.raises(procedures.Refused):
        send(VOICE, voice(email="not an address", wants_answer=True))
    work_once()

    assert smtp_sink.messages == [] and not mails().exists()
