"""Today, the queue and the list of cases."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fixtures.cases import BULKY, CERTIFICATE, VOICE, account, act, bulky, certificate, person, send, voice
from machi.engines.audit.public import accesses
from machi.engines.procedures.public import Step
from machi.ground.calendar import today


def page(client, address="/desk/queue/"):
    """The words of a page."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(text):
    """The case numbers in the order of the rows."""
    return re.findall(r"data-open>([^<]+)</a>", text)


def due(case, days):
    """Let the active step of the case be due in so many days."""
    Step.objects.filter(case=case, state="active").update(due_on=today() + timedelta(days=days))


@pytest.fixture
def three(exempt):
    """Three cases of the environment section: late, due tomorrow, far away."""
    cases = [exempt(name=name) for name in ("一 郎", "二 郎", "三 郎")]
    for case, days in zip(cases, (-3, 1, 20), strict=True):
        due(case, days)
    return cases


def test_today_counts_what_waits_and_each_count_leads_to_exactly_that(clerk, three):
    act(three[0], "claim", person("kankyo.tanto"))
    text = page(clerk, "/desk/")
    counts = re.findall(r'<a href="([^"]+)"><b>(\d+)</b>([^<]+)</a>', text)
    assert [(label, int(count)) for _href, count, label in counts] == [
        ("自分の担当", 1), ("担当者なし", 2), ("期限超過", 1), ("2日以内", 1), ("申請者待ち", 0),
    ]  # fmt: skip
    for href, count, _label in counts:
        assert len(numbers(page(clerk, href))) == int(count)


def test_today_says_what_others_changed_but_not_what_i_did(clerk, three):
    act(three[0], "transfer", person("kankyo.tanto"), unit="roads")
    act(three[1], "transfer", person("kankyo.tanto2"), unit="environment")
    text = page(clerk, "/desk/")
    assert text.count("移送されました") == 1 and text.count("申請が届きました") == 2


def test_the_most_urgent_stands_first_and_sorting_turns_it_round(clerk, three):
    late, soon, far = (str(case) for case in three)
    assert numbers(page(clerk)) == [late, soon, far]
    assert numbers(page(clerk, "/desk/queue/?sort=-due")) == [far, soon, late]
    assert 'aria-sort="descending"' in page(clerk, "/desk/queue/?sort=-due")


def test_filters_narrow_the_list_and_each_chip_takes_one_away(clerk, three):
    mine = send(VOICE, voice(topic="garbage", heading="カラスの害"))
    text = page(clerk, f"/desk/queue/?procedure={BULKY}&q=二 郎&sort=sent")
    assert numbers(text) == [str(three[1])]
    (without_words,) = re.findall(r'<a href="(\?[^"]*)">言葉: 二 郎', text)
    assert set(numbers(page(clerk, "/desk/queue/" + without_words.replace("&amp;", "&")))) == {
        str(case) for case in three
    }
    assert numbers(page(clerk, "/desk/queue/?q=カラス")) == [str(mine)]
    assert numbers(page(clerk, f"/desk/queue/?q={three[2].reference}")) == [str(three[2])]
    assert "条件に合う案件はありません" in page(clerk, "/desk/queue/?q=%00%27%22<b>")


@pytest.mark.parametrize(
    "query", ["sort=x", "page=0", "page=zz", "view=x", "unit=nowhere", "status=x&as=pdf"]
)
def test_a_strange_address_still_shows_a_list(clerk, three, query):
    page(clerk, f"/desk/queue/?{query}")
    page(clerk, f"/desk/cases/?{query}")


LISTS = ("/desk/", "/desk/queue/", "/desk/cases/", "/desk/queue/?as=csv", "/desk/cases/?as=xlsx")


def questions(client, address):
    """How often a page asks the database; the stamp of the definitions, asked once a second, not counted."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len([one for one in queries if "definitions_stamp" not in one["sql"]])


def test_thirty_rows_ask_the_database_as_often_as_one(clerk):
    send(VOICE, voice(topic="garbage"))
    for address in LISTS:
        clerk.get(address)  # what the process keeps in memory is there
    one = {address: questions(clerk, address) for address in LISTS}
    for _more in range(29):
        send(VOICE, voice(topic="garbage"))
    Step.objects.filter(state="active", id__gt=Step.objects.first().id).update(
        claimed_by=account("kankyo.tanto2")
    )
    assert {address: questions(clerk, address) for address in LISTS} == one
    assert max(one.values()) <= 20


def test_a_case_page_does_not_ask_more_for_more_history(clerk):
    case = send(BULKY, bulky())
    address = f"/desk/cases/{case.id}/"
    clerk.get(address)
    before = questions(clerk, address)
    for _note in range(6):
        case = act(case, "note", person("kankyo.tanto"), text="電話した。")
    assert questions(clerk, address) == before <= 56


def test_many_are_claimed_at_once_and_what_failed_is_said_by_number(clerk, three):
    act(three[0], "claim", person("kankyo.tanto2"))
    posted = {"verb": "claim", "case": [str(case.id) for case in three], "back": "/desk/queue/?view=mine"}
    answer = clerk.post("/desk/bulk/", posted, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [("/desk/queue/?view=mine", 302)]
    assert "2件を処理しました" in text and f"{three[0]}: 中山 翔太さんが担当しています。" in text
    assert set(numbers(text)) == {str(three[1]), str(three[2])}
    clerk.post("/desk/bulk/", {**posted, "verb": "release", "case": [str(three[1].id)]})
    assert set(numbers(page(clerk, "/desk/queue/?view=mine"))) == {str(three[2])}


def test_the_button_of_a_row_claims_that_row_and_comes_back_to_it(clerk, three):
    posted = {"claim_one": str(three[1].id), "case": [str(three[0].id)], "back": "/desk/queue/?q=郎"}
    answer = clerk.post("/desk/bulk/", posted)
    assert answer["Location"].endswith(f"#row-{three[1].id}")
    assert Step.objects.get(case=three[1], state="active").claimed_by == account("kankyo.tanto")
    assert Step.objects.get(case=three[0], state="active").claimed_by is None


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/accounts/", "javascript:1"])
def test_the_way_back_never_leaves_the_desk(clerk, three, back):
    answer = clerk.post("/desk/bulk/", {"verb": "claim", "back": back})
    assert answer["Location"] == "/desk/queue/"


def test_nobody_claims_in_bulk_what_belongs_to_another_unit(clerk):
    theirs = send(CERTIFICATE, certificate(), mail="hanako")
    clerk.post("/desk/bulk/", {"verb": "claim", "case": [str(theirs.id), "no-id", "x" * 36]})
    assert Step.objects.get(case=theirs, state="active").claimed_by is None


def test_a_step_without_form_is_finished_for_many_at_once_and_only_that_step(clerk):
    collected = [send(BULKY, bulky()) for _one in range(3)]
    assert "まとめて「収集した」" not in page(clerk, f"/desk/queue/?procedure={BULKY}")
    assert "まとめて「収集した」" in page(clerk, f"/desk/queue/?procedure={BULKY}&step=collect")
    assert "まとめて「" not in page(clerk, f"/desk/queue/?procedure={BULKY}&step=check")
    posted = {"outcome": "taken", "step": "collect", "case": [str(case.id) for case in collected[:2]]}
    assert "2件を処理しました" in clerk.post("/desk/bulk/", posted, follow=True).content.decode()
    for case in collected:
        case.refresh_from_db()
    assert [case.status for case in collected] == ["closed", "closed", "working"]


# taking out

NAMES = ["=1+1 太郎", "@SUM(A1)", "＋cmd|' /C calc'!A0", "𠮷野 神\t", 'カンマ, "引用"\n改行', "-2+3"]


@pytest.fixture
def odd_names(joso):
    """Voices of people whose names a spreadsheet might calculate."""
    return [send(VOICE, voice(topic="garbage", name=name.strip()[:100])) for name in NAMES]


def applicants(rows):
    place = rows[0].index("申請者")
    return {row[place] for row in rows[1:]}


def test_csv_opens_in_excel_keeps_every_letter_and_never_calculates(clerk, odd_names):
    answer = clerk.get("/desk/queue/?as=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and ".csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    stored = {case.applicant for case in odd_names}
    assert len(rows) == len(NAMES) + 1 and "𠮷野 神" in applicants(rows)
    assert {name.removeprefix("'") for name in applicants(rows)} == stored
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "＋", "\t"))]


def test_xlsx_gives_back_exactly_what_was_stored_as_text(clerk, odd_names):
    answer = clerk.get("/desk/cases/?as=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert applicants(rows) == {case.applicant for case in odd_names}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {
        "s",
        "inlineStr",
    }


def test_taking_out_is_noted_for_every_case_and_follows_the_filter(clerk, three):
    answer = clerk.get("/desk/queue/?q=三&as=csv")
    assert answer.content.decode().count("\n") == 2
    assert [line.what for line in accesses(three[2].owner)] == ["export"]
    assert accesses(three[0].owner) == []


def test_too_many_to_take_out_is_said_and_nothing_is_cut_off(clerk, three, monkeypatch):
    monkeypatch.setattr("machi.entrances.desk.views.queue.EXPORT_MOST", 2)
    answer = clerk.get("/desk/queue/?view=unclaimed&as=csv", follow=True)
    assert answer.redirect_chain == [("?view=unclaimed", 302)]
    assert "一度に書き出せるのは2件までです" in answer.content.decode()


def test_who_may_only_look_reads_no_names_and_takes_nothing_out(sign_in):
    case = send(VOICE, voice(topic="garbage", name="山田 花子", heading="ひみつの件名"))
    viewer = sign_in("hisho.tanto")
    text = page(viewer, f"/desk/cases/?q={case.reference}")
    assert numbers(text) == [str(case)] and "●●●" in text
    assert "山田 花子" not in text and "ひみつの件名" not in text
    rows = list(csv.reader(io.StringIO(viewer.get("/desk/cases/?as=csv").content.decode("utf-8-sig"))))
    assert len(rows) == 1 and accesses(case.owner) == []
