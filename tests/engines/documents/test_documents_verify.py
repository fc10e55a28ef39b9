"""Anyone can find out whether a paper is genuine, and nothing more."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from machi.engines.documents import views
from machi.engines.documents.limits import IN_VAIN
from machi.engines.documents.public import pdf, withdraw
from machi.ground.ids import reference_code


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "ja"})


def page(response):
    return response.content.decode()


def test_a_genuine_paper_is_called_genuine(give, browser):
    document = give()
    assert "SHA-256" not in page(browser.get(f"/verify/{document.verify_code}"))
    pdf(document)
    response = browser.get(f"/verify/{document.verify_code}")
    assert response.status_code == 200
    html = page(response)
    for words in ("市が発行した本物です", document.number, "常総市 市民課", document.sha256[:8]):
        assert words in html
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_only_what_the_definition_lists_is_shown_and_names_are_masked(give, browser):
    html = page(browser.get(f"/verify/{give().verify_code}"))
    assert "髙○ 花○" in html
    assert "1,300" in html
    for secret in ("花子", "1990", "平成2年", "case:1"):
        assert secret not in html


def test_withdrawn_and_superseded_papers_are_called_so(give, browser, clerk):
    old = give()
    new = give(supersedes=old)
    withdraw(document_id=new.id, actor=clerk, reason="秘密のわけ")
    assert "新しい書類に替わっています" in page(browser.get(f"/verify/{old.verify_code}"))
    html = page(browser.get(f"/verify/{new.verify_code}"))
    assert "取り消されています" in html
    assert "効力がなくなった日" in html
    assert "秘密のわけ" not in html
    assert "本物です" not in html


@pytest.mark.parametrize(
    "code", [pytest.param(reference_code(), id="free"), "nonsense", "<script>alert", "' OR 1=1", "a" * 3000]
)
def test_an_unknown_code_is_called_unknown(browser, code):
    response = browser.get(f"/verify/{code}")
    assert response.status_code == 404
    assert "市の記録にありません" in page(response)
    assert "<script>alert" not in page(response)


def test_a_typed_code_leads_to_its_page(give, browser):
    document = give()
    typed = document.verify_code.lower().replace("-", " ")
    response = browser.post("/verify/", {"code": typed})
    assert response.status_code == 302
    assert response["Location"] == f"/verify/{document.verify_code}"


@pytest.mark.parametrize(
    ("typed", "sentence"), [("ABCD-EFGH-JKM2", "打ちまちがい"), ("", "確認番号を入力するか")]
)
def test_a_mistyped_code_is_told_and_stays_in_the_box(browser, typed, sentence):
    response = browser.post("/verify/", {"code": typed})
    assert response.status_code == 422
    assert sentence in page(response)
    assert f'value="{typed}"' in page(response)


def test_the_very_file_is_recognised_on_both_pages(give, browser):
    document = give()
    for address in ("/verify/", f"/verify/{document.verify_code}"):
        response = browser.post(address, {"file": SimpleUploadedFile("paper.pdf", pdf(document))})
        assert response.status_code == 200
        assert "市が発行したファイルと同じです" in page(response)
        assert document.number in page(response)


def test_a_changed_file_is_told(give, browser):
    document = give()
    changed = SimpleUploadedFile("paper.pdf", pdf(document) + b" ")
    html = page(browser.post(f"/verify/{document.verify_code}", {"file": changed}))
    assert "同じではありません" in html
    assert "本物です" not in html
    changed.seek(0)
    response = browser.post("/verify/", {"file": changed})
    assert response.status_code == 404
    assert "市の記録にありません" in page(response)


def test_the_file_of_a_withdrawn_paper_is_called_withdrawn(give, browser, clerk):
    document = withdraw(document_id=give().id, actor=clerk, reason="誤り")
    html = page(browser.post("/verify/", {"file": SimpleUploadedFile("p.pdf", pdf(document))}))
    assert "取り消されています" in html


def test_a_file_that_is_too_large_is_refused_in_a_sentence(give, browser, monkeypatch):
    document = give()
    monkeypatch.setattr(views, "LARGEST", 10)
    for address in ("/verify/", f"/verify/{document.verify_code}"):
        response = browser.post(address, {"file": SimpleUploadedFile("p.pdf", b"x" * 11)})
        assert response.status_code == 422
        assert "ファイルが大きすぎます" in page(response)


def test_who_asks_in_vain_too_often_waits_and_learns_nothing(give, browser):
    document = give()
    for _again in range(IN_VAIN):
        assert browser.get(f"/verify/{reference_code()}").status_code == 404
    response = browser.get(f"/verify/{document.verify_code}")
    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert document.number not in page(response)
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.get(f"/verify/{document.verify_code}").status_code == 200


def test_asking_for_papers_that_exist_is_never_limited(give, browser):
    document = give()
    answers = {browser.get(f"/verify/{document.verify_code}").status_code for _again in range(IN_VAIN * 2)}
    assert answers == {200}


def test_forms_are_protected_and_work_without_scripts():
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "ja"})
    html = page(strict.get("/verify/"))
    assert 'enctype="multipart/form-data"' in html
    assert html.count("csrfmiddlewaretoken") == 2
    assert strict.post("/verify/", {"code": "x"}).status_code == 403


def test_the_page_speaks_the_languages_of_the_definition(give):
    html = page(Client(headers={"accept-language": "en"}).get(f"/verify/{give().verify_code}"))
    for words in ("Proof", "Joso City", "Fee"):
        assert words in html
