"""Looking at scanned paper: a picture of each page, upright, and the mark in its corner. Handwriting is not read."""

import io
import subprocess

import pypdf
import zxingcpp
from PIL import Image, ImageOps

from machi.engines.documents.public import read_mark

LONG_SIDE = 2400  # of a page, in px: about 200 dpi of A4
MOST_PAGES = 100
PATIENCE = 60  # seconds for one page
QR = zxingcpp.BarcodeFormat.QRCode


class Unreadable(Exception):
    """What was put in cannot be shown as pages."""


def count(data, mime):
    """How many pages a scan has."""
    return len(pypdf.PdfReader(io.BytesIO(data)).pages) if mime == "application/pdf" else 1


def look(data, mime, number):
    """(picture, Mark or None) of page `number` (from 1): a JPEG (bytes), turned upright where its mark says how."""
    image = _page(data, number) if mime == "application/pdf" else Image.open(io.BytesIO(data))
    image = ImageOps.exif_transpose(image).convert("L")
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    mark, turn = _mark(image)
    if turn:
        image = image.rotate(turn, expand=True, fillcolor=255)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue(), mark


def _page(data, number):
    """One page of a PDF, drawn by poppler in a process of its own: a page that was made to harm ends there."""
    command = ["pdftoppm", "-f", str(number), "-l", str(number), "-scale-to", str(LONG_SIDE), "-gray", "-png", "-"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=True)
        return Image.open(io.BytesIO(done.stdout))
    except (subprocess.SubprocessError, OSError) as error:
        raise Unreadable(str(error)) from error


def _mark(image):
    """(Mark, degrees to turn back) of the first code that is one of ours; (None, 0) without.

    Small codes get a second look.
    """
    for picture in (image, image.resize((image.width * 2, image.height * 2))):
        for code in zxingcpp.read_barcodes(picture, formats=QR):
            mark = read_mark(code.text)
            if mark:
                return mark, _quarter(code.orientation)
    return None, 0


def _quarter(degrees):
    """The nearest quarter turn; a scan that lies a little askew stays as it is."""
    return round(degrees / 90) * 90 % 360
