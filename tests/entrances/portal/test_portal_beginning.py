"""Beginning an application: who may, what is chosen already, and what brings other days."""

import pytest
from portal_forms import start

from fixtures.cases import CERTIFICATE, CHECKED, REGISTER, account, act, certificate, pay, person, send
from machi.engines.definitions.public import current
from machi.engines.documents import public as documents
from machi.engines.procedures import public as procedures
from machi.engines.questions.models import Draft

pytestmark = pytest.mark.usefixtures("joso")


def test_who_cannot_send_it_does_not_begin_it(client, monkeypatch):
    version = current("procedure", "waste.bulky_pickup")
    monkeypatch.setitem(version.bundle, "assurance", "contact")
    monkeypatch.setattr("machi.entrances.filling.host.current", lambda *_: version)

    answer = client.post("/procedures/waste.bulky_pickup/start/")

    assert answer.url == "/procedures/waste.bulky_pickup/"
    assert not Draft.objects.exists()


def test_what_the_definition_chooses_at_first_is_chosen_for_anybody(client):
    draft = start(client, "roads.damage_report")
    assert draft.answers["report"] == "trouble"


def test_a_field_that_only_decides_which_days_are_offered_brings_them_anew():
    version = current("procedure", "health.cancer_screening")
    assert procedures.deciding(version, ["day"]) >= {"place"}
    assert procedures.deciding(version, ["name"]) == set()


def test_a_paper_that_cannot_be_made_is_a_sentence_and_not_a_crash(client, monkeypatch):
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case = act(case, "complete", person("shimin.tanto"), outcome="ok", checked=CHECKED[CERTIFICATE], answers=REGISTER)
    pay(act(case, "decide", person("shimin.kacho"), outcome="granted"))
    (paper,) = documents.documents_of(case.owner)

    def fails(_document):
        raise documents.DocumentFault("unknown variable: nam")

    monkeypatch.setattr(documents, "pdf", fails)
    for mail, page in (("hanako", f"/cases/{case.id}/"), ("shimin.tanto", f"/desk/cases/{case.id}/")):
        client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"{page}documents/{paper.id}/").url == page
