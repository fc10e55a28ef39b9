"""What people told the city is read by whom it concerns, and by nobody and nothing else.

Every answer of three cases carries the same mark. The mark must be in no log line, no error page, no public
page, no page of another person, no effect that waits in the queue, and in no notice to anybody else.
"""

import json
import logging
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from fixtures.cases import (
    BULKY,
    CERTIFICATE,
    CHECKED,
    REGISTER,
    VOICE,
    account,
    act,
    bulky,
    certificate,
    pay,
    person,
    send,
    voice,
)
from machi.engines.audit.models import Event
from machi.engines.definitions.public import current
from machi.engines.documents import public as documents
from machi.engines.documents.models import IssuedDocument
from machi.engines.effects.models import Effect
from machi.engines.effects.public import work_once
from machi.engines.files import public as files
from machi.engines.notices.models import Notice
from machi.engines.procedures import public as procedures

MARK = "印印𠮷野"
MAIL = "mark-zebra@joso.example"
NAME = f"{MARK}太郎"
STREET = f"{MARK}丁目9番地"
MARKS = (MARK, "mark-zebra", "090-9876-5432")


class Listener(logging.Handler):
    """Keeps every line, from the setting up of the test on."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        if record.name == "mail.log":
            return  # the mail server of the test itself
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))


@pytest.fixture(autouse=True)
def logged(joso):
    """The lines logged, down to the smallest detail of the program; the database's statements are not kept.
    """
    listener, root = Listener(), logging.getLogger()
    quiet, before = logging.getLogger("django.db.backends"), root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    quiet.setLevel(logging.INFO)
    yield listener.lines
    root.removeHandler(listener)
    root.setLevel(before)
    quiet.setLevel(logging.NOTSET)


@pytest.fixture
def cases(joso, smtp_sink):
    """Three cases full of the mark, worked on by staff, with files, notes, corrections and papers."""
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    blob = files.store(drawn.getvalue(), mime="image/png", name="x.png")
    photo = files.attach(blob=blob, owner="draft:leak", field="photo", name=f"{MARK}.png")
    told = procedures.submit(
        version=current("procedure", VOICE),
        answers=voice(
            heading=f"{MARK}の件", body=f"{MARK}と申します。", name=NAME, email=MAIL, wants_answer=True,
            may_publish=True, photo=[str(photo.id)], place={"lat": 36.02, "lng": 139.99, "text": STREET},
        ),
        sender=procedures.Sender(actor=person("hanako"), account_id=account("hanako").pk, assurance="account"),
        command_id=procedures.new_command_id(),
        from_owner="draft:leak",
    )  # fmt: skip
    clerk, chief = person("doro.tanto"), person("doro.kacho")
    told = act(told, "note", clerk, text=f"{MARK}さんに電話した。")
    told = act(told, "complete", clerk, outcome="propose", answers={"answer": f"{MARK}様、直します。"})
    told = act(told, "decide", chief, outcome="approved")
    told = act(told, "complete", clerk, outcome="publish", answers={"question": "道の件", "reply": "直します。"})
    marked = {"name": NAME, "email": MAIL, "phone": "090-9876-5432"}
    picked = send(BULKY, bulky(**marked, line=STREET, spot=f"{MARK}の前"), mail="hanako")
    asked = send(CERTIFICATE, certificate(**marked, purpose="other", purpose_note=MARK), mail="hanako")
    asked = act(
        asked, "ask_correction", person("shimin.tanto"), fields=["name"], message=f"{MARK}の字を確かめてください。"
    )
    asked = act(asked, "correct", person("hanako"), answers={"name": f"{NAME}二"})
    rows = [{**REGISTER["rows"][0], "name": NAME}]
    asked = act(
        asked, "complete", person("shimin.tanto"), outcome="ok", checked=CHECKED[CERTIFICATE],
        answers={**REGISTER, "rows": rows, "household_head": NAME, "registered_address": STREET},
    )  # fmt: skip
    asked = pay(act(asked, "decide", person("shimin.kacho"), outcome="granted", reasons=f"{MARK}のとおり"))
    work_once(limit=50)
    return told, picked, asked


def leaks(text):
    return [mark for mark in MARKS if mark in text]


def browser(mail=None):
    made = Client(raise_request_exception=False)
    if mail:
        made.force_login(account(mail))
    return made


def test_the_mark_is_really_there(cases):
    told, _picked, _asked = cases

    assert leaks(browser("hanako").get(f"/cases/{told.id}/").content.decode())
    assert leaks(browser("doro.tanto").get(f"/desk/cases/{told.id}/").content.decode())


def test_no_public_page_shows_it(cases):
    codes = IssuedDocument.objects.values_list("verify_code", flat=True)
    pages = [
        "/", "/search/?q=%E5%8D%B0%E5%8D%B0", "/search/?q=zebra", "/voices/", "/verify/", "/healthz", "/find/",
        "/procedures/",
        *(reverse("documents:verify_code", args=[code]) for code in codes),
        *(f"/procedures/{code}/" for code in (VOICE, BULKY, CERTIFICATE)),
        "/api/v1/procedures", f"/api/v1/procedures/{BULKY}", "/api/v1/openapi.json",
    ]  # fmt: skip
    assert len(codes) == 2

    for page in pages:
        answer = browser().get(page)
        shown = answer.content.decode()
        if page.startswith("/search"):
            shown = shown.replace("印印", "")  # what was searched for stands in the box
            shown = shown.replace("zebra", "")
        assert answer.status_code == 200 and leaks(shown) == [], page


def test_the_api_tells_a_follower_no_answers(cases):
    for case in cases:
        token = f"Bearer {procedures.token_of(case)}"
        answer = browser().get("/api/v1/case", HTTP_AUTHORIZATION=token)
        assert answer.status_code == 200 and leaks(answer.content.decode()) == []


@pytest.mark.parametrize("mail", [None, "yoshino", "digital.kacho", "digital.kokai", "digital.kanri"])
def test_no_page_of_another_person_shows_it(cases, mail):
    visitor = browser(mail)
    pages = ["/my/", "/my/inbox/", "/desk/", "/desk/queue/", "/desk/cases/", "/desk/definitions/", "/desk/outside/"]
    for case in cases:
        pages += [f"/cases/{case.id}/", f"/desk/cases/{case.id}/", f"/cases/{case.id}/correct/"]
        pages += [f"/cases/{case.id}/documents/{one.id}/" for one in documents.documents_of(case.owner)]
        pages += [f"/desk/cases/{case.id}/files/{one.id}/" for one in files.links(case.owner)]
        pages += [f"/cases/{case.id}/files/{one.id}/" for one in files.links(case.owner)]
    pages += [f"/my/inbox/{one.id}/" for one in Notice.objects.all()]

    for page in pages:
        answer = visitor.get(page)
        headers = " ".join(answer.headers.values())
        assert leaks(answer.getvalue().decode(errors="replace") + headers) == [], page


def test_no_log_line_names_anybody(cases, logged):
    told, _picked, _asked = cases
    visitor = browser("hanako")
    for page in (f"/cases/{told.id}/", "/my/", f"/cases/{told.id}/files/{files.links(told.owner)[0].id}/"):
        visitor.get(page)
    browser("doro.tanto").get(f"/desk/cases/{told.id}/")
    browser().get(f"/cases/{told.id}/")

    browser().get("/nowhere/")
    assert any("/nowhere/" in line for line in logged), "nobody listened"
    assert [line for line in logged if leaks(line)] == []


def test_an_error_page_shows_nothing_of_the_case(cases, logged, monkeypatch):
    told, _picked, _asked = cases

    def broken(*_args, **_kwargs):
        message = "broken on purpose"
        raise RuntimeError(message)

    monkeypatch.setattr(procedures, "what_it_holds", broken)
    answer = browser("hanako").get(f"/cases/{told.id}/")

    assert answer.status_code == 500 and leaks(answer.content.decode()) == []
    assert "RuntimeError" not in answer.content.decode()
    assert any("broken on purpose" in line for line in logged)
    assert [line for line in logged if leaks(line)] == []


def test_what_waits_in_the_queue_names_nobody(cases):
    waiting = json.dumps(list(Effect.objects.values("key", "owner", "payload", "error")), ensure_ascii=False)

    assert Effect.objects.exists() and leaks(waiting) == []


def test_notices_and_mail_reach_only_the_applicant(cases, smtp_sink):
    for notice in Notice.objects.all():
        if leaks(notice.subject + notice.html):
            assert notice.account_id == account("hanako").pk
    for message in smtp_sink.messages:
        assert set(message.recipients) <= {MAIL, "hanako@joso.example"}


def test_the_open_part_of_the_chain_of_events_names_nobody(cases):
    for case in cases:
        for event in Event.objects.filter(stream__contains=str(case.id)):
            assert leaks(json.dumps(event.payload, ensure_ascii=False)) == []
            assert leaks(str(event.actor_name) if hasattr(event, "actor_name") else "") == []
