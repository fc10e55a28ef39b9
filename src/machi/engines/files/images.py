"""Photos: refused when they would burst, else made anew without anything but the picture."""

import io
import warnings

import pi_heif
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from .define import FileRefused

pi_heif.register_heif_opener()
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 4096
MAX_PNG = 5 * 1024 * 1024  # a photo saved as PNG above this becomes a JPEG
MAX_PROFILE = 16 * 1024
GPS = 0x8825
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

TOO_MANY_PIXELS = _("写真が大きすぎます。5,000万画素までの写真を選んでください。")
UNREADABLE = _("写真を読み取れませんでした。スマートフォンやカメラで撮り直すか、別の写真を選んでください。")


def remake(data):
    """(picture, mime, place) of a photo: turned upright, at most 4096 px a side, no EXIF, no place inside.

    `place` is {"lat", "lng"} from the EXIF, or None. Raises FileRefused above 50 million pixels (judged by
    the header, before anything is decoded) and when the photo cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _refuse_large(image)
            place = place_of(image)
            return *_encode(_upright(image), image.format), place
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise FileRefused(TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders raise anything on hostile input
        raise FileRefused(UNREADABLE) from error


def _refuse_large(image):
    if image.width * image.height > MAX_PIXELS:
        raise FileRefused(TOO_MANY_PIXELS)


def _upright(image):
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG only: decodes at half size where that is enough
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA", "L") else None
    image = _plain_mode(ImageOps.exif_transpose(image))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.info = {"icc_profile": profile} if profile and len(profile) <= MAX_PROFILE else {}
    return image


def _plain_mode(image):
    """The picture as L, RGB or RGBA."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    return image.convert("RGBA" if image.mode in ("LA", "PA") or "transparency" in image.info else "RGB")


def _encode(image, source):
    """(bytes, mime): PNG for drawings and see-through pictures, JPEG for photos."""
    profile = image.info.get("icc_profile")
    if image.mode == "RGBA" or source in ("PNG", "GIF"):
        picture = _saved(image, "PNG", icc_profile=profile)
        if image.mode == "RGBA" or len(picture) <= MAX_PNG:
            return picture, "image/png"
    return _saved(image, "JPEG", quality=88, icc_profile=profile), "image/jpeg"


def _saved(image, form, **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def place_of(image):
    """{"lat", "lng"} in degrees (WGS 84) from the EXIF of an opened photo, or None."""
    try:
        gps = image.getexif().get_ifd(GPS)
        lat = _degrees(gps[2], negative=gps.get(1) == "S")
        lng = _degrees(gps[4], negative=gps.get(3) == "W")
    except (KeyError, ValueError, TypeError, ZeroDivisionError, SyntaxError, OSError):
        return None
    return {"lat": lat, "lng": lng} if -90 <= lat <= 90 and -180 <= lng <= 180 else None


def _degrees(parts, *, negative):
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -value if negative else value


def shrink(data, size):
    """A JPEG of the picture `data` at most `size` px a side, on white."""
    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    image.draft("RGB", (size, size))
    image.thumbnail((size, size))
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    return _saved(image.convert("RGB"), "JPEG", quality=80)
