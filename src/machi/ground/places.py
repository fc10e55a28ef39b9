"""Places: a point on the ground in Japan (WGS 84 / JGD2011 degrees; the two differ by centimetres)."""

import math
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

SOUTH, NORTH, WEST, EAST = 20.2, 45.8, 122.7, 154.1  # 沖ノ鳥島, 択捉島, 与那国島, 南鳥島
EARTH_RADIUS = 6_371_008.8  # metres, mean radius of GRS 80
DECIMALS = 6  # about 10 cm


class BadPoint(ValueError):
    """Not a place in Japan. `code` is unreadable, swapped or outside; `message` says so to the reader."""

    def __init__(self, code, message):
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Point:
    """A place: `lat` and `lng` in degrees, kept to six decimals. Raises BadPoint outside Japan, naming
    swapped values.
    """

    lat: float
    lng: float

    def __post_init__(self):
        if not (_is_number(self.lat) and _is_number(self.lng)):
            raise BadPoint("unreadable", _("場所を読み取れません。地図で場所を選んでください。"))
        if not _in_japan(self.lat, self.lng):
            if _in_japan(self.lng, self.lat):
                raise BadPoint(
                    "swapped", _("緯度と経度が入れかわっています。緯度、経度の順に入力してください。")
                )
            raise BadPoint("outside", _("日本の外の場所です。地図で場所を選び直してください。"))
        object.__setattr__(self, "lat", round(float(self.lat), DECIMALS))
        object.__setattr__(self, "lng", round(float(self.lng), DECIMALS))

    def __str__(self):
        return f"{self.lat:.{DECIMALS}f},{self.lng:.{DECIMALS}f}"

    def distance_to(self, other):
        """Metres to `other` along the sphere (within 0.5 % of the ellipsoid)."""
        lat1, lat2 = math.radians(self.lat), math.radians(other.lat)
        across = math.radians(other.lng - self.lng)
        bow = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(across / 2) ** 2
        return 2 * EARTH_RADIUS * math.asin(math.sqrt(bow))


def parse_point(text):
    """The Point written as "36.023, 139.994" (latitude first; full width too). Raises BadPoint."""
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").strip()
    parts = re.split(r"\s*,\s*|\s+", plain)
    try:
        lat, lng = (float(part) for part in parts)
    except ValueError:
        raise BadPoint(
            "unreadable", _("場所を読み取れません。「36.023, 139.994」のように入力してください。")
        ) from None
    return Point(lat, lng)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _in_japan(lat, lng):
    return SOUTH <= lat <= NORTH and WEST <= lng <= EAST
