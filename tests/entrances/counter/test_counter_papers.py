"""Paper forms out and in: printed, scanned in any order and turn, two cases in one stack, a page missing."""

import io
import subprocess

import pypdf
import pytest
from counter_steps import begun_at_home, clerk, told, words
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageStat

from fixtures.cases import BULKY, CERTIFICATE, bulky, certificate, send
from machi.engines.audit.public import history
from machi.engines.definitions.public import current
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.engines.questions import public as questions
from machi.entrances.counter import scans
from machi.entrances.counter.models import Scan, Stack


def printed(code, answers=None, *, form=BULKY, language="pt-br"):
    """A form as pictures, one for each page, as a scanner at 200 dpi sees it."""
    made = procedures.form_pdf(current("procedure", form), language=language, answers=answers, code=code)
    count = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    return [_drawn(made, number) for number in range(1, count + 1)]


def _drawn(made, number):
    command = ["pdftoppm", "-f", str(number), "-l", str(number), "-r", "200", "-gray", "-png", "-"]
    return Image.open(io.BytesIO(subprocess.run(command, input=made, capture_output=True, check=True).stdout))


def stack(*pictures):
    """Pictures as one scanned PDF."""
    scanned = io.BytesIO()
    pictures[0].convert("L").save(scanned, "PDF", save_all=True, append_images=pictures[1:], resolution=200)
    return SimpleUploadedFile("scan.pdf", scanned.getvalue(), content_type="application/pdf")


def photo(picture):
    """A picture as a photo."""
    taken = io.BytesIO()
    picture.convert("RGB").save(taken, "JPEG", quality=70)
    return SimpleUploadedFile("photo.jpg", taken.getvalue(), content_type="image/jpeg")


def put_in(browser, *uploads):
    """Put scans in, and let the worker read them."""
    browser.post("/counter/papers/put/", {"scan": list(uploads)})
    for one in Stack.objects.filter(read_at=None):
        scans.read_stack(stack_id=str(one.id))


def names(owner):
    """The paper that lies with a draft or case."""
    return sorted(link.name for link in files.links(owner, "_paper"))


@pytest.fixture
def three_pages(joso):
    """The answers of a bulky pickup whose form has three pages."""
    lines = [{"_id": f"r{number}", "item": "chair", "qty": 1} for number in range(1, 8)]
    return bulky(lines=lines)


def test_a_mixed_turned_stack_of_two_cases_with_a_page_missing_and_a_stranger(joso, three_pages):
    case = send(BULKY, three_pages)
    draft, code = begun_at_home()
    first, second = printed(case.reference, three_pages)[:2]
    (alone,) = printed(code, certificate(), form=CERTIFICATE)
    stranger = Image.new("L", (1654, 2339), "white")
    browser = clerk()

    put_in(browser, stack(second.rotate(90, expand=True), stranger, alone.rotate(180), second))

    assert names(case.owner) == ["申請書 2-3.jpg"]
    assert names(draft.owner) == ["申請書 1-1.jpg"]
    assert sorted(Scan.objects.exclude(reason="").values_list("number", "reason")) == [(2, "unread"), (4, "twice")]
    (shown,) = browser.get("/counter/papers/").context["stacks"]
    assert [(one["there"], one["missing"]) for one in shown["things"]] == [([2], [1, 3]), ([1], [])]

    put_in(browser, photo(first.rotate(3, fillcolor=255)))

    assert names(case.owner) == ["申請書 1-3.jpg", "申請書 2-3.jpg"]
    assert [entry.payload["page"] for entry in history(case.owner) if entry.verb == "scanned"] == [2, 1]
    page = clerk("kankyo.tanto").get(f"/desk/cases/{case.id}/").content.decode()
    assert page.index("申請書 1-3.jpg") < page.index("申請書 2-3.jpg")


def test_a_turned_page_is_kept_upright(joso):
    draft, code = begun_at_home()
    (page,) = printed(code, certificate(), form=CERTIFICATE)

    put_in(clerk(), photo(page.rotate(90, expand=True)))

    (link,) = files.links(draft.owner, "_paper")
    kept = Image.open(io.BytesIO(files.read(link.blob)))
    apart = ImageStat.Stat(ImageChops.difference(kept.resize(page.size).convert("L"), page.convert("L"))).mean[0]
    assert kept.height > kept.width
    assert apart < 6  # upside down it would be 13


def test_paper_that_comes_after_sending_finds_the_case(joso):
    draft, code = begun_at_home()
    case = send(CERTIFICATE, certificate(), mail="hanako")
    case.commands.filter(verb="submit").update(source=draft.owner)
    questions.drop_draft(draft=draft, sent_as=case.owner)

    put_in(clerk(), stack(*printed(code, certificate(), form=CERTIFICATE)))

    assert names(case.owner) == ["申請書 1-1.jpg"]


def test_blank_forms_unknown_codes_and_other_sections_go_to_the_tray(joso):
    _draft, code = begun_at_home()
    blank = printed("", form=CERTIFICATE)[0]
    (gone,) = printed("2345-6789-ABCY", certificate(), form=CERTIFICATE)
    (theirs,) = printed(code, certificate(), form=CERTIFICATE)

    put_in(clerk("doro.tanto"), stack(blank, gone, theirs))

    assert list(Scan.objects.order_by("number").values_list("reason", flat=True)) == ["blank", "gone", "elsewhere"]
    assert set(Scan.objects.values_list("unit", flat=True)) == {"citizens"}
    assert len(clerk().get("/counter/papers/").context["tray"]) == 3
    assert clerk("doro.tanto").get("/counter/papers/").context["tray"] == []


def test_a_clerk_gives_a_page_of_the_tray_its_place(joso):
    draft, code = begun_at_home()
    browser = clerk()
    put_in(browser, photo(Image.new("L", (800, 1100), "white")))
    scan = Scan.objects.get()

    browser.post(f"/counter/papers/{scan.id}/", {"code": code, "page": "x"})
    assert "ページの数字" in told(browser)[0]
    browser.post(f"/counter/papers/{scan.id}/", {"code": code, "page": "2"})

    assert names(draft.owner) == ["申請書 2-2.jpg"]
    assert browser.get("/counter/papers/").context["tray"] == []


def test_a_file_that_is_no_scan_is_refused_by_its_name(joso):
    browser = clerk()
    answer = browser.post("/counter/papers/put/", {"scan": SimpleUploadedFile("x.exe", b"MZ\0\0")})

    assert answer.status_code == 422 and "x.exe" in words(answer)
    assert browser.post("/counter/papers/put/", {}).status_code == 422


def test_a_picture_of_somebody_elses_tray_is_not_shown(joso):
    browser = clerk()
    put_in(browser, photo(Image.new("L", (800, 1100), "white")))

    address = f"/counter/papers/{Scan.objects.get().id}.jpg"
    assert browser.get(address).status_code == 200
    assert clerk("doro.tanto").get(address).status_code == 404
