"""How a file leaves: as an answer that no browser can turn into something else. Who may have it, the caller
decided.
"""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from . import images
from .queries import read

SHOWN = ("image/jpeg", "image/png", "application/pdf")
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
THUMBNAILS = (160, 320, 640, 1280)


def response(link, *, inline=True):
    """The file of a link. Office files always download; pictures and PDFs are shown if `inline`."""
    mime = link.blob.mime
    answer = HttpResponse(read(link.blob), content_type=mime)
    attachment = not (inline and mime in SHOWN)
    answer["Content-Disposition"] = content_disposition_header(attachment, link.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _policy(mime, attachment=attachment)
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _policy(mime, *, attachment):
    """Sandboxed, except a PDF on show: browsers refuse to start their viewer in a sandbox."""
    if mime == "application/pdf" and not attachment:
        return f"{NOTHING_RUNS}; object-src 'self'; img-src 'self' data: blob:"
    return f"{NOTHING_RUNS}; img-src 'self' data:; sandbox"


def thumbnail(link, size):
    """A small JPEG of a picture, at most `size` (160, 320, 640 or 1280) px a side. Raises ValueError
    otherwise.
    """
    if size not in THUMBNAILS or not link.is_image:
        raise ValueError(f"no thumbnail of {link.blob.mime} at {size}")
    return images.shrink(read(link.blob), size)
