"""What comes in: honest files are taken and cleaned, dangerous ones refused with a sentence that says what
to do.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from machi.engines.files.names import safe_name
from machi.engines.files.public import FileRefused, read, receive

pytestmark = pytest.mark.django_db
HEIC = (Path(__file__).parent / "photo.heic").read_bytes()
ALL = ["image", "pdf", "office"]


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def take(data, name="file", accept=ALL, max_mb=10, **options):
    return receive(SimpleUploadedFile(name, data), accept=accept, max_mb=max_mb, **options)


def refused(data, name="file", **options):
    with pytest.raises(FileRefused) as caught:
        take(data, name, **options)
    return caught.value.message


def jpeg(size=(60, 40), *, exif=None, colour="red"):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG", **({"exif": exif} if exif else {}))
    return buffer.getvalue()


def place_exif(*, orientation=1):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRETCAMERA", orientation
    exif[0x8825] = {1: "S", 2: (36.0, 1.0, 24.0), 3: "E", 4: (139.0, 59.0, 40.2)}
    return exif.tobytes()


def pdf(change=lambda writer: None):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def archive(entries, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


def docx(**more):
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>", **more})


def png_bomb(side=20_000):
    """A PNG of `side` × `side` grey pixels: 400 million pixels in a few hundred kilobytes."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_photo_loses_place_and_camera_but_not_the_picture():
    received = take(jpeg(exif=place_exif()), "IMG_0001.JPG")
    data = read(received.blob)
    assert b"SECRETCAMERA" not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert Image.open(io.BytesIO(data)).size == (60, 40)
    assert (received.place, received.name, received.blob.mime) == (None, "IMG_0001.jpg", "image/jpeg")


def test_the_place_is_returned_as_data_only_when_the_service_asks_for_it():
    received = take(jpeg(exif=place_exif()), keep_place=True)
    assert received.place == {"lat": -36.023333, "lng": 139.9945}
    assert not Image.open(io.BytesIO(read(received.blob))).getexif()
    assert take(jpeg(), keep_place=True).place is None


def test_a_photo_taken_sideways_is_turned_upright():
    received = take(jpeg((60, 40), exif=place_exif(orientation=6)))
    assert Image.open(io.BytesIO(read(received.blob))).size == (40, 60)


def test_a_heic_photo_of_a_phone_becomes_a_jpeg_without_its_place():
    received = take(HEIC, "写真.HEIC", accept=["image"], keep_place=True)
    picture = Image.open(io.BytesIO(read(received.blob)))
    assert (picture.format, picture.size, received.name) == ("JPEG", (64, 48), "写真.jpg")
    assert not picture.getexif()
    assert received.place == {"lat": 36.023333, "lng": 139.994444}


def test_a_large_photo_is_shrunk_to_4096():
    assert Image.open(io.BytesIO(read(take(jpeg((6000, 3000))).blob))).size == (4096, 2048)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_mode_are_taken(mode):
    buffer = io.BytesIO()
    Image.new(mode, (8, 8)).save(buffer, "TIFF" if mode == "CMYK" else "PNG")
    if mode == "CMYK":
        buffer = io.BytesIO()
        Image.new(mode, (8, 8)).save(buffer, "JPEG")
    assert take(buffer.getvalue()).blob.mime in ("image/png", "image/jpeg")


def test_a_20000_pixel_bomb_is_refused_by_its_header(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("it was decoded"))
    assert "5,000万画素" in refused(png_bomb(), "small.png")


def test_a_picture_just_above_50_million_pixels_is_refused():
    assert "画素" in refused(png_bomb(7_072))


def test_a_truncated_photo_is_refused():
    assert "読み取れませんでした" in refused(jpeg((600, 400))[:700], "cut.jpg")


@pytest.mark.parametrize("name", ["photo.jpg", "申請書.pdf", "report.docx"])
def test_a_renamed_exe_is_refused(name):
    assert "受け付けられません" in refused(b"MZ\x90\x00" + bytes(2000), name)


def test_an_svg_with_a_script_is_refused():
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert "受け付けられません" in refused(svg, "logo.svg")
    assert "受け付けられません" in refused(svg, "logo.png")


def test_empty_and_too_large_files_are_refused():
    assert "空です" in refused(b"", "empty.pdf")
    assert "1 MB まで" in refused(bytes(1024 * 1024 + 1), max_mb=1)


def test_a_kind_that_is_not_asked_for_is_refused_and_the_sentence_names_what_is():
    assert refused(pdf(), accept=["image"]) == (
        "この形式のファイルは受け付けられません。写真（JPEG・PNG・HEIC）を選んでください。"
    )
    assert "PDF" in refused(jpeg(), accept=["pdf", "office"])


def test_the_sentence_is_in_the_language_of_the_moment_it_is_read():
    with pytest.raises(FileRefused) as caught:
        take(b"")
    with translation.override("ja"):
        assert caught.value.message.endswith("選んでください。")


def test_an_honest_pdf_is_taken_unchanged():
    data = pdf()
    received = take(data, "住民票.PDF")
    assert (read(received.blob), received.name, received.blob.mime) == (data, "住民票.pdf", "application/pdf")


def embed(writer):
    writer.add_attachment("evil.exe", b"MZ")


def action(**entries):
    """Gives a document something to do when it opens."""
    name, text, thing = (
        pypdf.generic.NameObject,
        pypdf.generic.TextStringObject,
        pypdf.generic.DictionaryObject,
    )

    def change(writer):
        values = {
            name(f"/{key}"): name(value) if value[0] == "/" else text(value) for key, value in entries.items()
        }
        writer.root_object[name("/OpenAction")] = thing(values)

    return change


SCRIPT = action(S="/JavaScript", JS="app.alert(1)")
LAUNCH = action(S="/Launch", F="cmd.exe")


@pytest.mark.parametrize("change", [SCRIPT, LAUNCH, embed])
def test_a_pdf_that_does_more_than_show_is_refused(change):
    assert "印刷" in refused(pdf(change), "form.pdf")


def test_javascript_with_its_name_in_disguise_is_refused():
    data = pdf(action(S="/JavaScript")).replace(b"/JavaScript", b"/Java#53cript")
    assert "印刷" in refused(data)


def test_javascript_inside_a_compressed_object_stream_is_refused():
    assert b"/JavaScript" not in (data := pdf_with_object_stream())
    assert "印刷" in refused(data)


def pdf_with_object_stream():
    """A PDF 1.5 whose catalog, with a JavaScript action, lies in a compressed object stream."""
    inner = [
        (1, b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>"),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
        (4, b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    ]
    starts, body = [], b""
    for number, content in inner:
        starts.append(f"{number} {len(body)}".encode())
        body += content + b" "
    index = b" ".join(starts) + b" "
    packed = zlib.compress(index + body)
    out = b"%PDF-1.5\n"
    at = len(out)
    head = b"5 0 obj<</Type/ObjStm/N 4/First %d/Length %d/Filter/FlateDecode>>stream\n"
    out += head % (len(index), len(packed)) + packed + b"\nendstream endobj\n"
    table_at = len(out)
    rows = [(0, 0, 0), (2, 5, 0), (2, 5, 1), (2, 5, 2), (2, 5, 3), (1, at, 0), (1, table_at, 0)]
    table = b"".join(struct.pack(">BHB", *row) for row in rows)
    head = b"6 0 obj<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Length %d>>stream\n"
    return out + head % len(table) + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % table_at


def test_an_encrypted_pdf_is_refused_with_its_own_sentence():
    assert "パスワード" in refused(pdf(lambda writer: writer.encrypt("secret")))


def test_polyglots_of_pdf_and_html_or_zip_are_refused():
    page = b"<html><script>alert(1)</script></html>"
    assert "受け付けられません" in refused(page + pdf(), "a.pdf")
    assert "印刷" in refused(pdf() + page, "b.pdf")
    assert "印刷" in refused(pdf().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%" + page + b"\n"), "c.pdf")
    assert "印刷" in refused(pdf() + docx(), "d.pdf")


def test_a_broken_pdf_is_refused():
    assert "読み取れませんでした" in refused(b"%PDF-1.7\n" + bytes(range(256)) * 20)


def test_office_files_are_taken_by_their_content():
    received = take(docx(), "計画.zip")
    assert (received.name, received.blob.mime.rsplit(".", 1)[-1]) == ("計画.docx", "document")
    sheet = archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
    assert take(sheet, "表.ods").name == "表.ods"


def test_a_zip_that_is_not_an_office_file_is_refused():
    assert "受け付けられません" in refused(archive({"a.txt": "a"}), "a.docx")


def test_a_zip_bomb_as_docx_is_refused():
    bomb = docx(**{"word/media/a.xml": bytes(300 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert "大きすぎて" in refused(bomb, "bomb.docx")


def test_a_zip_bomb_that_lies_about_its_size_is_refused():
    bomb = docx(**{"word/media/a.xml": bytes(50 * 1024 * 1024)})
    lying = bomb.replace(struct.pack("<I", 50 * 1024 * 1024), struct.pack("<I", 1000))
    assert refused(lying, "bomb.docx")


def test_macros_passwords_and_remote_templates_are_refused():
    assert "マクロ" in refused(docx(**{"word/vbaProject.bin": "x"}))
    rels = '<Relationship Type="http://x/attachedTemplate" Target="http://evil/" TargetMode="External"/>'
    assert "マクロ" in refused(docx(**{"word/_rels/settings.xml.rels": rels}))
    assert "パスワード" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "旧.xls")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\申請.pdf", "申請.pdf"),
        ("photo\u202efdp.exe", "photofdp.pdf"),
        ("𠮷野家.pdf", "𠮷野家.pdf"),
        ("神\ufa19葛\U000e0100.pdf", "神\ufa19葛\U000e0100.pdf"),
        ('a"b\r\nX: y.pdf', "a_bX_ y.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\ud800b.pdf", "ab.pdf"),
    ],
)
def test_names_are_made_safe_and_letters_stay_as_written(given, kept):
    assert safe_name(given, "application/pdf") == kept


@pytest.mark.parametrize("sign", ["あ", "a", "𠮷"])
def test_a_name_of_300_signs_is_cut_and_keeps_its_ending(sign):
    name = safe_name(sign * 300 + ".pdf", "application/pdf")
    assert len(name.encode()) <= 200
    assert name.endswith(".pdf")
    assert set(name[:-4]) == {sign}
