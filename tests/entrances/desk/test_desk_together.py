"""Cases beside a case: likely the same, merged, related, in groups; the daily mail; what is sealed."""

import re

import pytest

from fixtures.answers import filled
from fixtures.cases import CERTIFICATE, certificate, person, send
from machi.engines.definitions.public import current
from machi.engines.procedures import public as procedures
from machi.engines.procedures.actions import fire_timer
from machi.ground.ids import new_id

HOLE = {"lat": 36.0236, "lng": 139.9938, "text": "橋のたもと"}


def report(**more):
    return send("roads.damage_report", {"report": "trouble", "damage": "pothole", "place": HOLE, **more})


def do(client, case, verb, **said):
    posted = {"_verb": verb, "_command": str(new_id()), "_revision": case.revision}
    return client.post(f"/desk/cases/{case.id}/act/", {**posted, **{f"_{key}": text for key, text in said.items()}})


@pytest.fixture
def roads(sign_in):
    return sign_in("doro.tanto")


def test_a_duplicate_is_offered_merged_shown_in_the_other_and_let_go(roads):
    main, twin = report(), report(note_text="わたしも見ました。")
    page = roads.get(f"/desk/cases/{twin.id}/").content.decode()
    assert "同じ内容かもしれない案件" in page and str(main) in page

    assert do(roads, twin, "merge", into=str(main), reason="同じ穴です。").status_code == 302

    assert "わたしも見ました。" in roads.get(f"/desk/cases/{main.id}/").content.decode()
    twin.refresh_from_db()
    assert "ほかの案件にまとめました" in roads.get(f"/desk/cases/{twin.id}/").content.decode()
    assert do(roads, twin, "unmerge").status_code == 302
    twin.refresh_from_db()
    assert twin.status == "working"


def test_a_merge_without_its_reason_says_so_and_keeps_the_number(roads):
    main, twin = report(), report()
    page = do(roads, twin, "merge", into=str(main), reason="")
    assert page.status_code == 422
    assert f'value="{main}"' in page.content.decode()


def test_ticked_cases_become_a_group_with_all_that_can_be_done_at_once(roads):
    cases = [report(), report(damage="lamp")]
    there = roads.post("/desk/bulk/", {"verb": "group", "case": [str(one.id) for one in cases]}).url
    (group,) = procedures.visible_groups(person("doro.tanto"))
    assert there == f"/desk/groups/{group.id}/"

    roads.post(f"{there}change/", {"title": "台風の日の通報", "kind": "event"})
    page = roads.get(there).content.decode()
    assert "台風の日の通報" in page and "一つの出来事" in page
    assert [str(case) in page for case in cases] == [True, True]
    listed = re.findall(r'name="case" value="([^"]+)"', page)
    roads.post("/desk/bulk/", {"verb": "claim", "case": listed, "back": there})
    assert {case.steps.get(state="active").claimed_by.email for case in cases} == {"doro.tanto@joso.example"}

    roads.post(f"{there}change/", {"out": str(cases[0].id)})
    assert list(group.cases.all()) == [cases[1]]
    assert roads.post(f"{there}change/", {"title": " ", "kind": "event"}).status_code == 422


def test_a_group_shows_only_what_one_may_see(roads, sign_in):
    mine, theirs = report(), send(CERTIFICATE, certificate(), mail="hanako")
    group = procedures.make_group(title="火事", kind="event", cases=[mine], actor=person("doro.tanto"))
    procedures.put_in(group=group, case=theirs, actor=person("shimin.tanto"))

    page = roads.get(f"/desk/groups/{group.id}/").content.decode()

    assert str(mine) in page and str(theirs) not in page and "見る権限のない案件が 1 件" in page
    assert sign_in("gakko.tanto").get(f"/desk/groups/{group.id}/").status_code == 404
    with pytest.raises(procedures.Refused):
        procedures.take_out(group=group, case=theirs, actor=person("doro.tanto"))


def test_what_one_plan_led_to_is_one_group_from_the_second_on(joso):
    one, two = report(), report(damage="lamp")
    about = {"key": "plan:1", "title": "引っ越し", "kind": "visit", "actor": person("hanako")}
    assert procedures.gather(**about, cases=[one]) is None
    procedures.gather(**about, cases=[one, two])
    group = procedures.gather(**about, cases=[one, two])
    assert set(group.cases.all()) == {one, two}


def test_the_daily_mail_is_switched_off_and_on(roads):
    assert "doro.tanto@joso.example" in roads.get("/desk/digest/").content.decode()
    roads.post("/desk/digest/", {"on": "false"})
    assert "いまは送っていません" in roads.get("/desk/digest/").content.decode()


def test_a_sealed_quote_is_read_by_nobody_before_its_day(joso, sign_in):
    version, draft = current("procedure", "procurement.quote"), f"draft:{new_id()}"
    given = {"request": "pc_2027", "lines": [{"item": "封印の箱", "qty": 3, "price": 120001}], "valid": "2027-06-30"}
    answers = filled(version.bundle["form"], given, owner=draft, whole=True)
    case = send("procurement.quote", answers, mail="hanako")
    clerk = sign_in("shisan.tanto")
    page = f"/desk/cases/{case.id}/"

    before = clerk.get(page).content.decode()
    assert "封をしています" in before and "封印の箱" not in before and "120,001" not in before
    paper = procedures.answers_of(case).get("papers")
    for link in paper or ():
        assert clerk.get(f"{page}files/{link}/").status_code == 404

    opens = case.steps.get(state="active")
    fire_timer(case_id=case.id, step_id=opens.id)
    assert "封印の箱" in clerk.get(page).content.decode()
