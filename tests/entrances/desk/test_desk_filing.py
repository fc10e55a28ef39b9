"""Document management at the desk: receiving, finding, binders, one document's life."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fixtures.answers import picture
from fixtures.cases import account, person, send
from fixtures.cases import act as act_on
from fixtures.papers import INQUIRY, NOTICES, binder, completed, received, work, years_later
from machi.engines.audit.public import accesses
from machi.engines.filing import public as filing
from machi.ground.calendar import era_date, fiscal_year, today
from machi.ground.ids import new_id


@pytest.fixture(autouse=True)
def city(joso):
    """The loaded city."""


def sign_in(mail):
    client = Client()
    client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk():
    return sign_in("kankyo.tanto")


def form(**more):
    return {
        "document_id": str(new_id()), "unit": "environment", "kind": "received", "correspondent": "茨城県環境部",
        "subject": "不法投棄の照会", "into": f"environment/{INQUIRY}", "received_on": era_date(today()),
        "disclosure": "", "sensitivity": "internal", "handling": "ordinary", **more,
    }  # fmt: skip


def test_a_document_is_received_into_a_class_that_has_no_binder_yet(clerk):
    said = form(files=SimpleUploadedFile("照会.png", picture()))
    answer = clerk.post("/desk/filing/receive/", said, follow=True)
    text = answer.content.decode()
    document = filing.Document.objects.get()

    assert [str(one) for one in answer.context["messages"]] == ["環収第1号として受け付けました。"]
    assert (document.binder.title, document.disclosure, document.received_on) == ("照会・回答・報告", "open", today())
    assert "照会.png" in text
    assert "続けて受け付ける" in text
    assert clerk.post("/desk/filing/receive/", said).status_code == 302
    assert filing.Document.objects.count() == 1


def test_what_was_typed_is_still_there_when_something_is_missing(clerk):
    answer = clerk.post("/desk/filing/receive/", form(subject="", correspondent="茨城県庁", received_on="3月"))
    text = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="茨城県庁"' in text
    assert 'value="3月"' in text
    assert filing.Document.objects.count() == 0


def test_a_forged_unit_or_binder_opens_nothing(clerk):
    roads = binder(who="doro.tanto", unit="roads")
    for into in ("roads/010301", str(roads.id), "environment/030101", "x/y/z", ""):
        assert clerk.post("/desk/filing/receive/", form(into=into)).status_code in (404, 422)
    assert filing.Document.objects.count() == 0


def test_documents_are_found_by_words_kind_class_and_days(clerk):
    mine = binder()
    document, other = received(mine, subject="ゴミ集積所について"), received(mine, subject="別の件")

    def found(query):
        text = clerk.get(f"/desk/filing/?{query}").content.decode()
        return [one for one in (document, other) if str(one.id) in text]

    assert found("q=ごみ+集積所") == [document]
    assert found("kind=received&section=01&state=open") == [document, other]
    assert found("section=02") == found("kind=case") == found("since=2099-01-01") == []
    assert found(f"binder={mine.id}&since=R8.1.1&unit=environment&year={fiscal_year(today())}") == [document, other]
    assert found("since=???&year=x&binder=x&page=z") == [document, other]


def test_reading_a_document_leaves_a_line_and_others_do_not_read_it(clerk):
    document = received(binder(), subject="山田様からの相談", sensitivity="special")
    address = f"/desk/filing/{document.id}/"

    assert "山田様からの相談" in clerk.get(address).content.decode()
    assert [line.what for line in accesses(document.stream)] == ["document"]
    for mail in ("doro.tanto", "somu.bunsho", "shicho"):
        assert sign_in(mail).get(address).status_code == 404
    assert len(accesses(document.stream)) == 1


def act(client, document, **said):
    return client.post(f"/desk/filing/{document.id}/act/", said, follow=True)


def test_a_document_goes_its_way_from_the_page(clerk):
    document = received(binder())
    act(clerk, document, _do="revise", revision="1", _revision="1", subject="照会（県）", note="至急")
    issued = act(
        clerk, document, _do="issue", issue_id=str(new_id()), addressee="茨城県知事", sender="常総市長", seal="omitted",
        way="mail", proofread_by="中山 翔太", issued_on=era_date(today()),
    )  # fmt: skip
    text = act(clerk, document, _do="complete", on=era_date(today())).content.decode()
    document.refresh_from_db()

    assert (document.subject, document.state) == ("照会（県）", "completed")
    assert "環第1号" in issued.content.decode()
    stages = re.findall(r'<p class="title">([^<]+?)(?: <span|</p>)', text)
    assert stages[-5:] == ["収受", "施行", "完結", "保存", "廃棄・移管"]


def test_a_refusal_stands_at_its_field_and_a_stale_form_is_told(clerk):
    document = received(binder())
    refused = act(clerk, document, _do="complete", on="2099-01-01")
    stale = act(clerk, document, _do="revise", _revision="7", subject="書きかけの件名")

    assert (refused.status_code, stale.status_code) == (422, 409)
    assert 'href="#complete-on"' in refused.content.decode()
    assert "書きかけの件名" in stale.content.decode()


def test_a_hold_is_seen_and_lifted_by_who_may(clerk):
    document = completed(binder())
    assert act(clerk, document, _do="hold", reason="監査").status_code == 403
    chief = sign_in("kankyo.kacho")
    assert "廃棄差止め" in act(chief, document, _do="hold", reason="監査の対象").content.decode()
    held = filing.held(document).get()
    act(chief, document, _do="lift", hold=str(held.id), reason="監査が終わった")

    assert filing.held(document).count() == 0


def test_binders_are_made_closed_and_handed_over_from_their_pages(clerk):
    year = fiscal_year(today())
    said = {"unit": "environment", "year": str(year), "code": INQUIRY, "title": "照会（県）", "listed": "yes"}
    assert "簿冊「照会（県）」を作りました。" in clerk.post("/desk/filing/binders/", said, follow=True).content.decode()
    again = clerk.post("/desk/filing/binders/", said)
    one = filing.Binder.objects.get()
    address = f"/desk/filing/binders/{one.id}/"
    received(one)
    clerk.post(address, {"_do": "close"})
    moved = clerk.post(address, {"_do": "hand_over", "to": "general", "place": "書庫"}, follow=True)

    assert again.status_code == 422
    assert moved.status_code == 200
    assert filing.Binder.objects.get().holder == "general"
    assert clerk.get(address).status_code == 404
    assert "書庫" in sign_in("somu.kacho").get(address).content.decode()


def test_spine_labels_of_one_binder_and_of_a_year_are_printed_and_others_get_none(clerk):
    found, this = binder(), fiscal_year(today())
    of_one = clerk.get(f"/desk/filing/binders/{found.id}/spine/")
    assert [(one["title"], one["code"], one["keep"]) for one in of_one.context["labels"]] == [
        (found.title, "01-03-01", "3年")
    ]
    assert of_one.context["labels"][0]["until"] == f"{era_date(date(this + 4, 3, 31))}まで"

    binder(NOTICES)
    of_year = clerk.get(f"/desk/filing/binders/spines/environment/{this}/")
    assert [one["code"] for one in of_year.context["labels"]] == ["01-01-05", "01-03-01"]
    assert sign_in("doro.tanto").get(f"/desk/filing/binders/{found.id}/spine/").status_code == 404
    assert clerk.get(f"/desk/filing/binders/spines/environment/{10**12}/").status_code == 404


def test_the_menu_shows_document_management_to_who_may_see_documents(clerk):
    assert "/desk/filing/" in clerk.get("/desk/").content.decode()
    assert sign_in("kaikei.tanto").get("/desk/filing/").status_code == 200
    assert sign_in("digital.kokai").get("/desk/filing/").status_code == 404
    assert person("digital.kokai").posts


def test_a_request_for_disclosure_names_its_documents_and_holds_them_till_it_is_over():
    document = completed(binder("010301", "somu.kacho", unit="general"), "somu.kacho", subject="庁舎清掃の契約書")
    answers = {
        "documents": "庁舎清掃の契約書", "how": ["view"], "name": "見本 太郎", "phone": "090-0000-0001",
        "email": "taro@joso.example",
        "address": {"postal": "303-0023", "town": "茨城県常総市水海道宝町", "line": "9999番地1", "building": ""},
    }  # fmt: skip
    case = send("general.disclosure", answers)
    chief = sign_in("somu.kacho")
    address = f"/desk/filing/cases/{case.id}/"

    assert "庁舎清掃の契約書" in chief.get(f"{address}?q=清掃").content.decode()
    chosen = chief.post(address, {"connect": document.id, "q": "清掃"}, follow=True)
    assert "対象の文書に加えました。" in chosen.content.decode()
    assert "庁舎清掃の契約書" in chief.get(f"/desk/cases/{case.id}/").content.decode()
    assert [hold.owner for hold in filing.held(document)] == [case.owner]
    assert sign_in("doro.tanto").get(address).status_code == 404
    act_on(case, "void", person("somu.kacho"), reason="二重")

    assert filing.held(document).count() == 0
    assert filing.connected(case.owner) == [document]


def test_the_public_catalogue_names_binders_and_never_documents(clerk):
    mine, secret = binder(), binder(title="調査中の案件", listed=False)
    document = received(mine, subject="だれかの名前のある件名")
    anybody = Client()
    text = anybody.get("/binders/").content.decode()

    assert "照会・回答・報告" in text
    assert "3年" in text
    assert secret.title not in text
    assert document.subject not in text
    assert "照会・回答・報告" not in anybody.get("/binders/?unit=roads").content.decode()
    assert anybody.get("/binders/?unit=environment&year=99999&page=x").status_code == 200
    assert "3 anos" in anybody.get("/binders/?lang=pt-BR", follow=True).content.decode()


def test_a_list_is_made_changed_and_confirmed_by_another_from_its_page(clerk):
    document = completed(binder())
    with years_later():
        assert "1件" in clerk.get("/desk/filing/disposal/").content.decode()
        answer = clerk.post("/desk/filing/disposal/", {"unit": "environment"}, follow=True)
        address, line = answer.request["PATH_INFO"], answer.context["lines"][0]["line"]
        refused = clerk.post(address, {"_do": "propose", f"choice-{line.id}": "extend", f"until-{line.id}": "いつか"})
        said = {"_do": "propose", f"choice-{line.id}": "destroy"}
        proposed = clerk.post(address, said, follow=True).content.decode()
        chief = sign_in("kankyo.kacho")
        confirmed_page = chief.post(address, {"_do": "confirm"}, follow=True).content.decode()
        work()

        assert refused.status_code == 422
        assert 'value="いつか"' in refused.content.decode()
        assert "確認待ち" in proposed
        assert "確認しました" in confirmed_page
        assert "廃棄した 1" in chief.get(address).content.decode()
        assert chief.get(f"{address}certificate/")["Content-Type"] == "application/pdf"
    assert filing.Document.objects.get(id=document.id).state == "destroyed"
