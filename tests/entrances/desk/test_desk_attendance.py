"""The clock and the sheets at the desk: mine with one button, others' only for those who may; terms and leave."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fixtures.cases import account, person
from machi.engines.attendance import public as attendance
from machi.engines.attendance.models import Clock, Terms
from machi.engines.audit.public import accesses
from machi.engines.ledger import public as ledger
from machi.ground.calendar import fiscal_year, today

HEAD = "メール,任用,採用日,週の日数,1日の時間,始業,終業,休憩の分数,適用日\n"
ROW = "kankyo.kaikei@joso.example,会計年度任用職員,令和5年4月1日,3,５:30,9:00,15:30,60,2026-12-01\n"
TYPED = {
    "employment": "fiscal_year", "hired_on": "2023-04-01", "weekly_days": "3", "day_minutes": "5:30",
    "starts": "9:00", "ends": "15:30", "rest_minutes": "60", "from_day": "令和8年12月1日",
}  # fmt: skip


def test_one_button_comes_and_goes(sign_in):
    clerk = sign_in("doro.tanto")
    assert "出勤する" in clerk.get("/desk/attendance/").content.decode()
    clerk.post("/desk/attendance/clock/", {"kind": "in"})
    shown = clerk.get("/desk/attendance/").content.decode()
    assert "退勤する" in shown and "出勤する" not in shown and "年次有給休暇の残り 20日" in shown
    clerk.post("/desk/attendance/clock/", {"kind": "in"})  # a second press, or the back button
    assert Clock.objects.count() == 1
    assert clerk.get("/desk/attendance/?month=2026-13&file=csv").status_code == 200


def test_a_chief_sees_the_section_and_that_is_written_down(sign_in):
    chief, clerk = sign_in("kankyo.kacho"), account("kankyo.kaikei")
    listed = chief.get("/desk/attendance/staff/").content.decode()
    assert "小川 真由" in listed and "小林 大輔" not in listed
    shown = chief.get(f"/desk/attendance/?person={clerk.pk}").content.decode()
    assert "会計年度任用職員" in shown and "週4日" in shown and "出勤する" not in shown
    assert accesses(f"attendance:{clerk.person.pk}")


def test_who_may_not_see_others_finds_nothing(sign_in):
    clerk = sign_in("doro.tanto")
    own = account("doro.tanto").pk
    for address in (f"?person={account('doro.kacho').pk}", "staff/", "leave/", "terms/", f"terms/{own}/"):
        assert clerk.get(f"/desk/attendance/{address}").status_code == 404


def test_personnel_sees_what_is_granted(sign_in):
    shown = sign_in("somu.tanto").get("/desk/attendance/leave/").content.decode()
    assert "付与済み" in shown and "小川 真由" in shown and "今、付与するものはありません。" in shown


def test_personnel_sets_the_terms_of_a_part_timer_from_a_day_on(sign_in):
    clerk, whose = sign_in("somu.tanto"), account("kankyo.kaikei")
    address = f"/desk/attendance/terms/{whose.pk}/"
    assert address in clerk.get("/desk/attendance/terms/").content.decode()
    assert clerk.post(address, TYPED).url == address
    newest = attendance.terms_of(whose.person)[0]
    assert (newest.from_day, newest.weekly_days, newest.day_minutes) == (date(2026, 12, 1), 3, 330)
    assert "令和8年12月1日" in clerk.get(address).content.decode()
    assert accesses(f"attendance:{whose.person.pk}")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day_minutes": "7"}, "5:30です"),
        ({"weekly_days": "8"}, "1から7まで"),
        ({"starts": "9時"}, "8:30"),
        ({"from_day": "2020-01-01"}, "採用日と同じか後"),
        ({"employment": "x"}, "会計年度任用職員"),
        ({"ends": "17:30", "day_minutes": "8:00", "rest_minutes": "30"}, "45分以上"),
    ],
)
def test_terms_that_cannot_be_are_said_and_what_was_typed_stays(sign_in, wrong, words):
    whose = account("kankyo.kaikei")
    before = Terms.objects.filter(person=whose.person).count()
    told = sign_in("somu.tanto").post(f"/desk/attendance/terms/{whose.pk}/", {**TYPED, **wrong})
    assert told.status_code == 422 and words in told.content.decode()
    assert 'value="令和8年12月1日"' in told.content.decode() or "from_day" in wrong
    assert Terms.objects.filter(person=whose.person).count() == before


def test_a_file_of_terms_is_shown_before_it_counts_and_a_wrong_one_tells_its_rows(sign_in):
    clerk, address = sign_in("somu.tanto"), "/desk/attendance/terms/"

    def send(text):
        return clerk.post(address, {"file": SimpleUploadedFile("x.csv", text.encode("cp932"))})

    wrong = send(HEAD + "nobody@joso.example,常勤,2020-04-01,5,7:45,8:30,17:15,60,x\n").content.decode()
    assert "2行目: 「nobody@joso.example」という職員はいません。" in wrong and "2行目: 日を" in wrong
    assert "見出しがありません" in send("氏名,任用\n小川,常勤\n").content.decode()

    shown = send(HEAD + ROW).content.decode()
    assert "1件のうち、1件が変わります。" in shown
    signed = re.search(r'name="signed" value="([^"]+)"', shown)[1]
    assert clerk.post(address, {"signed": signed}).url == address
    assert attendance.terms_of(account("kankyo.kaikei").person)[0].weekly_days == 3
    assert "0件が変わります" in send(HEAD + ROW).content.decode()
    assert "kankyo.kaikei@joso.example,会計年度任用職員" in clerk.get(f"{address}?file=csv").content.decode("utf-8-sig")


def test_leave_given_besides_counts_once_and_no_more_is_taken_back_than_is_left(sign_in):
    clerk, whose = sign_in("somu.tanto"), account("doro.tanto")
    address, code = f"/desk/attendance/terms/{whose.pk}/", f"staff:{whose.pk}-{fiscal_year(today())}"
    had = ledger.balance("office.leave", code)["free"]
    given = {"do": "leave", "days": "2", "reason": "任用替えの引継ぎ", "command_id": "0192"}
    for _twice in range(2):
        assert clerk.post(address, given).status_code == 302
    assert ledger.balance("office.leave", code)["free"] == had + 2 * 465
    told = clerk.post(address, {**given, "days": "-40", "command_id": "0193"})
    assert told.status_code == 422 and "残りより多く" in told.content.decode()


def test_who_is_new_gets_leave_after_six_months_and_not_before(joso):
    whose, personnel = account("kankyo.kaikei"), person("somu.tanto")
    year = fiscal_year(today()) + 1
    attendance.set_terms(
        person=whose.person, from_day=date(year, 4, 1), actor=personnel,
        **{**vars_of(attendance.terms_of(whose.person)[0]), "hired_on": date(year, 4, 1)},
    )  # fmt: skip
    ledger.close_account(account_id=ledger.account("office.leave", f"staff:{whose.pk}-{year - 1}").pk, actor=personnel)
    attendance.grant(year=year, day=date(year, 4, 1), actor=personnel)
    assert ledger.account("office.leave", f"staff:{whose.pk}-{year}") is None
    attendance.grant(year=year, day=date(year, 10, 1), actor=personnel)
    assert ledger.balance("office.leave", f"staff:{whose.pk}-{year}")["free"] > 0


def vars_of(terms):
    kept = ("employment", "weekly_days", "day_minutes", "starts", "ends", "rest_minutes")
    return {name: getattr(terms, name) for name in kept}
