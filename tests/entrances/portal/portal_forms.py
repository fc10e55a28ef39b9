"""Filling an application as a browser does, without one: posting pages and following where they lead."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fixtures.cases import BULKY, TOWN, day_for
from machi.engines.questions.models import Draft

NAME = "𠮷田 神子"  # 𠮷 (outside the first plane) and 神 (a compatibility letter): both stay as they are
PLACE = {"town": TOWN, "line": "3222番地3", "spot": "玄関の前"}
YOU = {"name": NAME, "phone": "0297-23-2111", "email": "taro@joso.example"}


def start(client, code=BULKY):
    """Begin an application; returns the draft."""
    answer = client.post(f"/procedures/{code}/start/")
    return Draft.objects.get(id=answer.url.split("/")[2])


def send_page(client, draft, page, *, do="next", query="", **boxes):
    """Post one page with every box that stood on it; returns the response."""
    draft.refresh_from_db()
    said = {"_do": do, "_asked": list(boxes), "revision": draft.revision, **boxes}
    return client.post(f"/drafts/{draft.id}/{page}/{query}", {k: v for k, v in said.items() if v is not None})


def send_items(client, draft, *, item="sofa_2", qty="2", do="next", **more):
    """Post the page of what is to be collected, with one row."""
    boxes = {"lines.r1.item": item, "lines.r1.qty": qty, "lines._rows": "r1", **more}
    return send_page(client, draft, "items", do=do, **boxes)


def fill(client, draft, *, day=None, you=YOU):
    """Fill all pages of a pickup; returns the last response."""
    send_page(client, draft, "place", **PLACE)
    send_items(client, draft)
    send_page(client, draft, "exemption", exempt="")
    draft.refresh_from_db()
    chosen = day or day_for(draft.answers, owner=draft.owner)
    send_page(client, draft, "day", day=f"{chosen['id']}@{chosen['day']}@")
    return send_page(client, draft, "you", **you)


def review(client, draft):
    """Open the page before sending; returns (response, the command id its form holds)."""
    answer = client.get(f"/drafts/{draft.id}/review/")
    return answer, str(answer.context["command_id"])


def picture(kind="JPEG", size=(60, 40), name="photo.jpg"):
    """A photograph to upload."""
    drawn = BytesIO()
    Image.new("RGB", size, "#8899aa").save(drawn, kind)
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/jpeg")


def huge_picture(pixels):
    """A file that says it is a PNG of so many pixels a side, and holds none."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))
        for kind, said in chunks
    )
    return SimpleUploadedFile("big.png", data, content_type="image/png")
