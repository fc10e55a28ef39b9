"""The case page: what is shown to whom, what each button does, and what happens to who comes second."""

import re

import pytest

from fixtures.cases import (
    BULKY,
    CERTIFICATE,
    REGISTER,
    VOICE,
    act,
    applicant,
    bulky,
    certificate,
    pay,
    person,
    send,
    voice,
)
from machi.engines.audit.public import accesses, saw
from machi.engines.documents.public import documents_of
from machi.engines.procedures.public import Step
from machi.ground.ids import new_id


def page(client, case, status=200):
    """The words of the case page."""
    answer = client.get(f"/desk/cases/{case.id}/")
    assert answer.status_code == status
    return answer.content.decode()


def press(client, case, verb, *, revision=None, command=None, **typed):
    """The answer to one press of a button; names as the page has them."""
    posted = {f"_{name.removeprefix('own_')}": value for name, value in typed.items() if name != "form"}
    posted |= {"_verb": verb, "_revision": case.revision if revision is None else revision}
    posted |= {"_command": command or str(new_id()), **typed.get("form", {})}
    answer = client.post(f"/desk/cases/{case.id}/act/", posted)
    case.refresh_from_db()
    return answer


def plain(html):
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


GRANTED = {"step": "check", "outcome": "ok", "checked": ["readable", "entitled"]}


# what is shown


def test_answers_stand_in_the_words_of_the_form_and_repeated_things_as_a_table(clerk):
    text = page(clerk, send(BULKY, bulky()))
    assert "ソファ" in text and "1,800円" in text and "𠮷野 健" in text
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', text)
    assert heads == ["品目", "数", "手数料"]


def test_what_the_applicant_changed_is_marked_with_what_stood_there_before(clerk, exempt):
    case = exempt()
    case = act(
        case, "ask_correction", person("kankyo.tanto"), step="check", fields=["spot"], message="どこですか。"
    )
    case = act(case, "correct", applicant(case), answers={"spot": "物置の横"})
    text = page(clerk, case)
    (changed,) = re.findall(r'<div class="changed"><dt>([^<]+)</dt>', text)
    assert changed == "出しておく場所"
    assert "物置の横" in text and "前の内容: 玄関の前" in text


def test_a_script_in_a_name_is_only_a_name(clerk):
    text = page(clerk, send(BULKY, bulky(name="<script>alert(1)</script>")))
    assert "&lt;script&gt;alert(1)" in text and "<script>alert(1)" not in text


def test_the_proof_is_masked_for_who_may_not_read_special_things(sign_in, exempt):
    case = exempt()
    (link,) = re.findall(rf"/desk/cases/{case.id}/files/[0-9a-f-]+/", page(sign_in("kankyo.tanto"), case))[:1]
    assert sign_in("kankyo.tanto").get(link)["Content-Type"] == "image/png"
    auditor = sign_in("kansa")
    text = page(auditor, case)
    assert "手帳" not in text and "●●●（見るには権限が必要です）" in text and "𠮷野 健" in text
    assert auditor.get(link).status_code == 404
    assert {line.what for line in accesses(case.owner)} == {"case", "file proof"}


def test_a_viewer_reads_neither_names_nor_what_people_wrote(sign_in):
    case = send(VOICE, voice(topic="garbage", name="山田 花子", wants_answer=True, email="hana@joso.example"))
    case = act(case, "note", person("kankyo.tanto"), text="ひみつのメモ")
    text = page(sign_in("hisho.tanto"), case)
    assert "市民の声" in text and "メモ" in text
    assert not [secret for secret in ("山田 花子", "hana@joso.example", "ひみつのメモ") if secret in text]
    assert "_verb" not in text


def test_a_file_or_document_of_another_case_is_not_found_under_this_one(clerk, exempt):
    mine, other = exempt(name="一"), exempt(name="二")
    link = re.search(rf"/desk/cases/{other.id}(/files/[0-9a-f-]+/)", page(clerk, other))[1]
    assert clerk.get(f"/desk/cases/{mine.id}{link}").status_code == 404
    (slip,) = documents_of(send(BULKY, bulky()).owner)
    assert clerk.get(f"/desk/cases/{mine.id}/documents/{slip.id}/").status_code == 404


def test_who_else_is_looking_is_said(clerk):
    case = send(BULKY, bulky())
    assert "この案件を開いています" not in page(clerk, case)
    saw(actor=person("kankyo.kacho"), owner=case.owner, what="case")
    assert "いま 鈴木 一郎 さんもこの案件を開いています。" in page(clerk, case)


def test_the_chief_sees_what_the_clerk_wrote_before_deciding(sign_in):
    case = send(VOICE, voice(topic="garbage"))
    act(
        case,
        "complete",
        person("kankyo.tanto"),
        step="answer",
        outcome="propose",
        answers={"answer": "来週直します。"},
    )
    assert "来週直します。" in page(sign_in("kankyo.kacho"), case)


# what buttons do


def test_asking_for_a_correction_needs_fields_and_words_and_keeps_both(clerk, exempt):
    case = exempt()
    answer = press(clerk, case, "ask_correction", step="check", message="番地が読めません。")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "項目を一つ以上選んでください。" in text and "番地が読めません。" in text
    answer = press(clerk, case, "ask_correction", step="check", fields=["line", "proof"])
    assert answer.status_code == 422
    assert re.search(r'value="line"[^>]*checked', answer.content.decode())
    answer = press(clerk, case, "ask_correction", step="check", fields=["line"], message="番地が読めません。")
    assert answer.status_code == 302 and case.status == "awaiting_applicant"
    assert "申請者の返事を" in page(clerk, case)


def test_only_fields_the_applicant_sees_can_be_asked_for_again(clerk, exempt):
    text = page(clerk, exempt())
    offered = re.findall(r'name="_fields" value="(\w+)"', text)
    assert "proof" in offered and "lines" in offered
    assert not {"total", "load"} & set(offered)


def test_what_is_not_ticked_is_refused_at_its_place_and_a_refusal_needs_no_ticks(clerk, exempt):
    case = exempt()
    answer = press(clerk, case, "complete", step="check", outcome="ok", checked=["readable"])
    text = answer.content.decode()
    assert answer.status_code == 422 and "すべて確認してからにしてください。" in text
    assert re.search(r'value="readable"[^>]* checked', text) and 'href="#complete-checked"' in text
    assert press(clerk, case, "complete", step="check", outcome="refuse").status_code == 302


def test_a_refusal_without_reasons_is_refused_and_with_reasons_told(sign_in, exempt):
    case, chief = exempt(), sign_in("kankyo.kacho")
    act(case, "complete", person("kankyo.tanto"), step="check", outcome="refuse")
    case.refresh_from_db()
    answer = press(chief, case, "decide", step="decision", outcome="refused")
    assert answer.status_code == 422 and "この決定には理由が必要です。" in answer.content.decode()
    press(chief, case, "decide", step="decision", outcome="refused", reasons="要件に当てはまりません。")
    text = plain(page(chief, case))
    assert (
        case.result == "refused" and "要件に当てはまりません。" in text and "生活環境課課長 鈴木 一郎" in text
    )


def test_money_is_taken_once_however_often_one_presses(clerk):
    case, command = send(BULKY, bulky()), str(new_id())
    charge = re.search(r'name="_charge" value="([^"]+)"', page(clerk, case))[1]
    first = press(clerk, case, "take_payment", charge=charge, command=command)
    again = press(clerk, case, "take_payment", charge=charge, command=command, revision=1)
    assert (first.status_code, again.status_code) == (302, 302)
    text = page(clerk, case)
    assert "納付済み" in text and "現金で受け取った" not in text and plain(text).count("納付された") == 1


def test_a_case_is_handed_to_another_unit_with_the_reason(sign_in, clerk):
    case = send(VOICE, voice(topic="garbage"))
    assert press(clerk, case, "transfer", unit="nowhere").status_code == 422
    answer = press(clerk, case, "transfer", unit="roads", reason="市道の話です。")
    assert answer["Location"] == "/desk/queue/"
    page(clerk, case, status=404)
    assert "市道の話です。" in page(sign_in("doro.tanto"), case)


def test_a_closed_case_is_opened_again_from_a_step_with_the_reason(sign_in, clerk):
    case, chief = send(BULKY, bulky()), sign_in("kankyo.kacho")
    press(clerk, case, "complete", step="collect", outcome="taken")
    assert case.status == "closed" and "再開する" not in page(clerk, case)
    assert press(chief, case, "reopen", step="collect").status_code == 422
    press(chief, case, "reopen", step="collect", reason="別の家の品でした。")
    assert case.status == "working" and Step.objects.filter(case=case, key="collect", state="active").exists()


def test_a_case_sent_twice_is_struck_with_the_reason(sign_in):
    case, chief = send(BULKY, bulky()), sign_in("kankyo.kacho")
    assert press(chief, case, "void").status_code == 422
    press(chief, case, "void", reason="二重の申込み")
    assert case.status == "void" and "二重の申込み" in page(chief, case)


def granted_certificate():
    case = send(CERTIFICATE, certificate(), mail="hanako")
    checked = {"outcome": "ok", "checked": ["same_person", "no_hold"], "answers": REGISTER}
    case = act(case, "complete", person("shimin.tanto"), step="check", **checked)
    return pay(act(case, "decide", person("shimin.kacho"), step="decision", outcome="granted"))


def test_an_issued_document_is_withdrawn_with_a_reason_and_everybody_who_checks_it_sees_that(sign_in, client):
    case, chief, clerk = granted_certificate(), sign_in("shimin.kacho"), sign_in("shimin.tanto")
    (document,) = documents_of(case.owner)
    assert "この文書を取り消す" not in page(clerk, case)
    assert press(clerk, case, "withdraw_document", document=document.id, reason="x").status_code == 403
    assert press(chief, case, "withdraw_document", document=document.id).status_code == 422
    press(chief, case, "withdraw_document", document=document.id, reason="記載に誤りがありました。")
    text = page(chief, case)
    assert (
        "文書を取り消した" in text and "記載に誤りがありました。" in text and "この文書を取り消す" not in text
    )
    check = client.get(f"/verify/{document.verify_code}").content.decode()
    assert "この書類は取り消されています" in check and "記載に誤り" not in check
    assert press(chief, case, "withdraw_document", document=document.id, reason="x").status_code == 422


def test_the_document_opens_and_the_look_is_noted(sign_in):
    case, clerk = granted_certificate(), sign_in("shimin.tanto")
    (document,) = documents_of(case.owner)
    answer = clerk.get(f"/desk/cases/{case.id}/documents/{document.id}/")
    assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "private, no-store"
    assert [line.what for line in accesses(case.owner)] == [f"document {document.number}"]


def test_rows_are_added_to_a_staff_form_without_losing_what_stands_in_it(sign_in):
    case, clerk = send(CERTIFICATE, certificate(), mail="hanako"), sign_in("shimin.tanto")
    text = page(clerk, case)
    row = re.search(r'name="rows\._rows" value="(\w+)"', text)[1]
    typed = {"rows._rows": row, f"rows.{row}.name": "山田 花子", "_asked": ["rows"], "_do": "add:rows"}
    answer = press(clerk, case, "complete", step="check", checked=["same_person"], form=typed)
    text = answer.content.decode()
    assert answer.status_code == 200 and text.count('name="rows._rows"') == 2
    assert 'value="山田 花子"' in text and re.search(r'value="same_person"[^>]* checked', text)
    assert case.revision == 1


# who comes second


def test_the_second_of_two_is_told_what_changed_and_keeps_what_was_typed(sign_in, exempt):
    case, clerk, other = exempt(), sign_in("kankyo.tanto"), sign_in("kankyo.tanto2")
    seen = case.revision
    press(other, case, "claim", step="check")
    answer = press(
        clerk,
        case,
        "ask_correction",
        revision=seen,
        step="check",
        fields=["line"],
        message="番地が読めません。",
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "この間に案件が変わりました: 担当した: 減免の確認（中山 翔太）" in text
    assert "番地が読めません。" in text and re.search(r'value="line"[^>]*checked', text)
    assert f'name="_revision" value="{case.revision}"' in text
    fresh = re.search(r'name="_command" value="([^"]+)"', text)[1]
    answer = press(
        clerk,
        case,
        "ask_correction",
        command=fresh,
        step="check",
        fields=["line"],
        message="番地が読めません。",
    )
    assert answer.status_code == 302


def test_what_was_written_for_a_step_that_is_over_can_still_be_copied(sign_in):
    case, clerk, other = (
        send(VOICE, voice(topic="garbage")),
        sign_in("kankyo.tanto"),
        sign_in("kankyo.tanto2"),
    )
    seen = case.revision
    typed = {"form": {"answer": "私の長い回答", "_asked": "answer"}}
    press(
        other,
        case,
        "complete",
        step="answer",
        outcome="propose",
        form={"answer": "先の回答", "_asked": "answer"},
    )
    answer = press(clerk, case, "complete", revision=seen, step="answer", outcome="propose", **typed)
    text = answer.content.decode()
    assert answer.status_code == 409 and "送れなかった内容" in text
    assert "私の長い回答" in text and "先の回答" in text


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999999999999"])
def test_a_strange_revision_changes_nothing(clerk, revision):
    case = send(BULKY, bulky())
    answer = press(clerk, case, "note", revision=revision, text="x")
    assert answer.status_code == 409 and case.revision == 1


def test_a_double_click_is_one_command(clerk):
    case, command = send(BULKY, bulky()), str(new_id())
    answers = [
        press(clerk, case, "note", revision=1, command=command, text="電話した。") for _press in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert case.revision == 2 and page(clerk, case).count("電話した。") == 1
