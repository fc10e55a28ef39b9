"""Mail against a real SMTP server: once, never twice, never lost."""

import logging
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone, translation
from smtp_sink import Sink, free_port

from machi.engines.audit.define import Actor
from machi.engines.audit.public import history
from machi.engines.effects.public import work_once
from machi.engines.notices.models import Delivery
from machi.engines.notices.public import Recipient, mail_plain, mark_sent, resend, tell, troubled

HERE = Path(__file__).parent
CLERK = Actor(kind="staff", account=3, name="窓口 一郎")
MARK = "MARKED-山田-090-1234"
BUNDLE = {
    "code": "t.receipt",
    "purpose": "transactional",
    "channels": ["inbox", "mail"],
    "data": {"name": "text", "link": "link"},
    "subject": {"ja": "受け付けました {{ name }}", "pt-BR": "Recebemos {{ name }}"},
    "body": {"ja": "{{ name }} 様\n\n[見る]({{ link }})", "pt-BR": "Olá {{ name }}\n\n[Ver]({{ link }})"},
}


@pytest.fixture(autouse=True)
def _real_smtp(settings):
    settings.EMAIL_BACKEND = "machi.engines.notices.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = False
    settings.DEFAULT_FROM_EMAIL = "no-reply@city.example"


@pytest.fixture
def sink(settings):
    with Sink(settings.EMAIL_PORT) as running:
        yield running


@pytest.fixture
def _city(monkeypatch):
    city = {
        "name": {"ja": "常総市", "pt-BR": "Cidade de Joso"},
        "phone": "0297-00-0000",
        "hours": {"ja": "平日8時30分から"},
        "mail": "desk@city.example",
        "colour": "#0b5a8a",
    }
    monkeypatch.setattr("machi.engines.definitions.public.city", lambda: city)


def say(key="k", email="taro@home.example", language="ja", **data):
    data = {"name": "𠮷田", "link": "https://city.example/c/1"} | data
    return tell(notice=BUNDLE, to=Recipient(None, email, language), data=data, owner="case:1", key=key)


def delivery():
    return Delivery.objects.get()


def later(minutes=120):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
def test_a_notice_becomes_one_mail_with_text_and_html(sink):
    say()
    work_once()
    (mail,) = sink.mails
    assert mail["Subject"] == "受け付けました 𠮷田"
    assert mail["From"] == "常総市 <no-reply@city.example>"
    assert (mail["To"], mail["Reply-To"]) == ("taro@home.example", "desk@city.example")
    assert mail["Message-ID"] == f"<{delivery().id}@city.example>"
    assert (mail["Content-Language"], mail["Auto-Submitted"]) == ("ja", "auto-generated")
    assert mail["List-Unsubscribe"] is None
    plain, html = mail.iter_parts()
    assert "𠮷田 様\n\n見る\nhttps://city.example/c/1" in plain.get_content().replace("\r\n", "\n")
    assert "0297-00-0000" in plain.get_content()
    assert '<html lang="ja">' in html.get_content()
    assert "display:inline-block" in html.get_content()
    assert (delivery().state, delivery().error) == ("sent", "")
    assert delivery().sent_at


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
def test_a_mail_is_in_the_language_of_its_reader(sink):
    with translation.override("ja"):
        say(language="pt-br")
        work_once()
    assert sink.mails[0]["Subject"] == "Recebemos 𠮷田"
    assert sink.mails[0]["Content-Language"] == "pt-BR"
    assert sink.mails[0]["From"] == "Cidade de Joso <no-reply@city.example>"


@pytest.mark.django_db
def test_while_smtp_is_down_it_is_tried_again_and_arrives_once(settings):
    say()
    work_once()
    assert (delivery().state, delivery().error) == ("created", "ConnectionRefusedError")
    with later(60):
        work_once()
        assert delivery().state == "created"
    with Sink(settings.EMAIL_PORT) as sink, later(240):
        assert work_once() == 1
        assert work_once() == 0
        assert len(sink.mails) == 1
    assert delivery().state == "sent"


@pytest.mark.django_db
def test_the_same_key_is_told_once(sink):
    assert say().id == say(name="別の名").id
    work_once()
    assert len(sink.mails) == 1


@pytest.mark.django_db
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_shown_to_staff(sink):
    say()
    sink.refuse = "451 busy, later please"
    work_once()
    assert (delivery().state, delivery().error) == ("created", "SMTPRecipientsRefused 451")
    sink.refuse = "550 no such person taro@home.example"
    with later():
        work_once()
    assert (delivery().state, delivery().error) == ("failed", "SMTPRecipientsRefused 550")
    assert list(troubled()) == [delivery()]
    assert sink.mails == []


@pytest.mark.django_db
def test_a_person_may_order_a_failed_mail_again_with_the_same_message_id(sink):
    say()
    sink.refuse = "550 full"
    work_once()
    sink.refuse = None
    resend(delivery_id=delivery().id, actor=CLERK)
    assert delivery().state == "created"
    work_once()
    assert sink.mails[0]["Message-ID"] == f"<{delivery().id}@city.example>"
    assert [(entry.verb, entry.actor_key) for entry in history("case:1")] == [("notices.resend", "staff:3")]
    with pytest.raises(Delivery.DoesNotExist):
        resend(delivery_id=delivery().id, actor=CLERK)


@pytest.mark.django_db
def test_a_server_that_vanishes_after_the_message_leaves_it_unknown(sink, settings):
    settings.EMAIL_TIMEOUT = 1
    sink.wait = 3
    say()
    work_once()
    assert delivery().state == "unknown"
    with later():
        work_once()
        work_once()
    assert (delivery().state, len(sink.mails)) == ("unknown", 1)
    mark_sent(delivery_id=delivery().id, actor=CLERK, evidence="本人に電話で確認")
    assert (delivery().state, len(sink.mails)) == ("sent", 1)


@pytest.mark.django_db
def test_a_server_that_vanishes_before_the_message_is_no_doubt(sink):
    sink.refuse = "421 closing"
    say()
    work_once()
    assert delivery().state == "created"


@pytest.mark.django_db
def test_plain_mail_for_accounts(sink):
    for _ in range(2):
        mail_plain(to="a@home.example", subject="確認\r\nBcc: x@y", body="本文", key="p", owner="account:1")
    work_once()
    (mail,) = sink.mails
    assert (mail["Subject"], mail["Bcc"]) == ("確認 Bcc: x@y", None)
    assert mail.get_content().startswith("本文")


@pytest.mark.django_db
def test_nothing_personal_reaches_the_logs(sink, caplog):
    caplog.set_level(logging.DEBUG)
    for refuse in ("550 no MARKED-090-1234", "451 MARKED", None):
        sink.refuse = refuse
        say(key=f"k{refuse}", name=MARK, email="marked@home.example")
        work_once()
    said = "\n".join(
        record.getMessage() + str(record.exc_info or "")
        for record in caplog.records
        if not record.name.startswith("mail.")
    )
    assert "MARKED" not in said
    assert "marked@home" not in said
    assert not any("MARKED" in error for error in Delivery.objects.values_list("error", flat=True))


@pytest.fixture
def start_worker(settings):
    started = []

    def start():
        database = connection.settings_dict
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
            "MACHI_SMTP": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        script = [sys.executable, HERE / "worker_process.py"]
        process = subprocess.Popen(script, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_send_and_record_leaves_it_unknown_and_nobody_sends_it_twice(
    sink, start_worker
):
    sink.wait = 30
    say()
    worker = start_worker()
    wait_for(lambda: len(sink.mails) == 1)
    worker.kill()
    worker.wait()
    sink.wait = 0
    assert delivery().state == "sending"
    start_worker()
    wait_for(lambda: [found.id for found in troubled()] == [delivery().id])
    say(key="after")
    wait_for(lambda: Delivery.objects.filter(state="sent").count() == 1)
    assert [mail["To"] for mail in sink.mails] == ["taro@home.example"] * 2
    stuck = troubled().get()
    assert stuck.state == "unknown"
    resend(delivery_id=stuck.id, actor=CLERK)
    wait_for(lambda: Delivery.objects.filter(state="sent").count() == 2)
    ours = [mail["Message-ID"].strip("<").split("@")[0] for mail in sink.mails]
    assert (len(ours), ours.count(str(stuck.id))) == (3, 2)
