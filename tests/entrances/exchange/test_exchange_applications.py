"""Applications of the national platform: one fate each, filed once, and no file is ever lost."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fixtures.cases import TOWN, account, person
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.entrances.exchange import actions
from machi.entrances.exchange.intake.reading import IntakeRefused, read
from machi.entrances.exchange.models import ApplicationFile, Filed

CODE, CLERK = "disaster.damage_certificate", "bosai.tanto"
SAID = {
    "受付番号": "A-0001",
    "手続名称": "罹災証明書の発行申請",
    "申請者氏名": "𠮷野　健",
    "申請者電話番号": "０９０－００００－０００２",
    "申請者メールアドレス": "ken@joso.example",
    "本人との関係": "本人",
    "罹災日": "令和8年9月10日",
    "罹災原因": "洪水",
    "罹災場所町名": TOWN,
    "罹災場所番地": "1-2",
    "居住の形態": "持ち家",
    "世帯主氏名": "髙橋 花子",
    "世帯人数": "３",
    "住家の被害": "床上浸水、外壁・窓",
    "浸水の深さ": "45",
    "使用目的": "支援金・義援金・見舞金",
}
HEADINGS = [*SAID]


def row(number="A-0001", **more):
    return [*{**SAID, "受付番号": number, **more}.values()]


def table(*rows, coding="utf-8-sig"):
    return "\r\n".join(",".join(f'"{cell}"' for cell in one) for one in [HEADINGS, *rows]).encode(coding)


def document(*, number="X-1", more="", **said):
    values = dict(zip(HEADINGS, row(number, **said), strict=True))
    inner = "".join(f"<a:{name}>{words}</a:{name}>" for name, words in values.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><a:申請 xmlns:a="urn:x">{inner}{more}</a:申請>'.encode()


def packed(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def photo():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def bring(joso):
    return lambda data, name="a.csv": actions.bring_applications(data=data, name=name, actor=person(CLERK))


def states(found):
    return [(fate.reference, fate.state) for fate in found]


def test_a_row_with_eras_and_wide_figures_becomes_one_case_whatever_file_it_comes_in(bring):
    came = bring(table(row(), row("A-0002", 罹災原因="戦争"), row("A-0003", 手続名称="転入届")))
    before = actions.fates(came)
    assert states(before) == [("A-0001", "ready"), ("A-0002", "faulty"), ("A-0003", "unknown")]
    assert procedures.Case.objects.count() == 0

    done = actions.file_applications(came=came, actor=person(CLERK))
    assert states(done) == [("A-0001", "now"), ("A-0002", "faulty"), ("A-0003", "unknown")]
    case = procedures.Case.objects.get()
    assert (case.code, case.applicant, case.assurance, case.origin) == (CODE, "𠮷野　健", "card", "platform")
    answers = procedures.answers_of(case)
    assert (answers["happened_on"], answers["people"], answers["cause"]) == ("2026-09-10", 3, "flood")
    assert answers["damages"] == ["above", "walls"]

    again = bring(table(row()) + b"\r\n")
    assert states(actions.file_applications(came=again, actor=person(CLERK))) == [("A-0001", "filed")]
    assert (procedures.Case.objects.count(), Filed.objects.count()) == (1, 1)


def test_an_xml_with_photos_in_its_folder_becomes_a_case_with_its_files(bring):
    data = packed({
        "A/申請.xml": document(), "A/被害写真1.jpg": photo(), "A/家計簿.xlsx": b"x", "B/申請.xml": b"<broken",
        "C/申請.xml": document(number="X-2"), "C/写真.jpg": b"MZ not a photo",
    })  # fmt: skip
    came = bring(data, "a.zip")
    found = {fate.reference: fate for fate in actions.file_applications(came=came, actor=person(CLERK))}

    assert {name: fate.state for name, fate in found.items()} == {"X-1": "now", "B/申請.xml": "faulty", "X-2": "faulty"}
    assert "家計簿.xlsx" in found["X-1"].notes[0]
    case = procedures.Case.objects.get()
    (link,) = files.links(case.owner)
    assert procedures.answers_of(case)["home_photos"] == [str(link.id)]
    assert "写真" in found["X-2"].notes[0]
    (kept,) = files.links(came.owner)
    assert files.read(kept.blob) == data, "what could not be filed is still there"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_every_coding_that_offices_use_is_read(coding):
    (found,) = read(table(row(申請者氏名="高橋 健"), coding=coding), "a.csv")

    assert found.item("申請者氏名") == "高橋 健"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "申請データ（XMLかCSV）が入っていません"),
        (b"PK\x03\x04broken", "a.zip", "入っていません"),
        (packed({"a.txt": b"x"}), "a.zip", "入っていません"),
        (packed({f"{n}.xml": b"" for n in range(2100)}), "a.zip", "多すぎる"),
        (packed({"a.csv": b"x"})[:-30], "a.zip", "入っていません|開けません"),
    ],
)
def test_a_file_without_applications_is_refused_in_words(data, name, words):
    with pytest.raises(IntakeRefused, match=words):
        read(data, name)


def test_an_xml_that_would_grow_or_reach_outside_is_listed_and_not_read():
    bomb = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'
    (found,) = read(bomb, "a.xml")
    (sly,) = read(bomb.decode().encode("utf-16"), "a.xml")

    assert "DOCTYPE" in found.fault and "DOCTYPE" in sly.fault


def test_the_clerk_of_another_unit_files_nothing(bring):
    came = bring(table(row()))

    done = actions.file_applications(came=came, actor=person("kankyo.tanto"))
    assert states(done) == [("A-0001", "others")]
    assert procedures.Case.objects.count() == 0


def test_at_the_screen_every_fate_is_shown_before_anything_happens(joso):
    clerk = Client()
    clerk.force_login(account(CLERK), backend="django.contrib.auth.backends.ModelBackend")
    sent = {"file": SimpleUploadedFile("申請.csv", table(row(), row("A-0002", 世帯人数="たくさん")))}
    address = clerk.post("/exchange/applications/", sent)["Location"]

    shown = clerk.get(address).content.decode()
    assert "1件を案件にする" in shown and "本物のファイルでまだ確かめていない" in shown
    assert procedures.Case.objects.count() == 0
    done = clerk.post(address).content.decode()
    assert f"/desk/cases/{procedures.Case.objects.get().id}/" in done
    assert clerk.get(f"{address}file/").content == files.read(files.links(ApplicationFile.objects.get().owner)[0].blob)
    assert clerk.post("/exchange/applications/", {"file": SimpleUploadedFile("a.pdf", b"%PDF")}).status_code == 422
    assert clerk.get("/exchange/")["Location"] == "/exchange/applications/"
    assert clerk.get("/exchange/packages/").status_code == 404
