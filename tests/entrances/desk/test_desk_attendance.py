"""The clock and the sheets at the desk: mine with one button, others' only for those who may."""

from fixtures.cases import account
from machi.engines.attendance.models import Clock
from machi.engines.audit.public import accesses


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
    for address in (f"?person={account('doro.kacho').pk}", "staff/", "leave/"):
        assert clerk.get(f"/desk/attendance/{address}").status_code == 404


def test_personnel_sees_what_is_granted(sign_in):
    shown = sign_in("somu.tanto").get("/desk/attendance/leave/").content.decode()
    assert "付与済み" in shown and "小川 真由" in shown and "全員に付与済みです。" in shown
