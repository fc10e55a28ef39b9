"""Points are in Japan, and a swapped pair is named."""

import pytest

from machi.ground.places import BadPoint, Point, parse_point

CITY_HALL = (36.0236, 139.9942)  # 常総市役所
MITO = (36.3658, 140.4712)


def test_a_point_keeps_six_decimals():
    assert str(Point(36.02361234, 139.99421234)) == "36.023612,139.994212"


@pytest.mark.parametrize(
    ("lat", "lng", "code"),
    [
        (139.9942, 36.0236, "swapped"),
        (0, 0, "outside"),
        (51.5, -0.1, "outside"),
        (float("nan"), 139.0, "unreadable"),
        ("36", 139.0, "unreadable"),
        (True, 139.0, "unreadable"),
    ],
)
def test_what_is_no_place_in_japan_is_refused(lat, lng, code):
    with pytest.raises(BadPoint) as caught:
        Point(lat, lng)
    assert caught.value.code == code
    assert str(caught.value.message).endswith("。")


@pytest.mark.parametrize(
    "text", ["36.0236, 139.9942", "36.0236 139.9942", "３６．０２３６，１３９．９９４２", "36.0236、139.9942"]
)
def test_a_written_point_is_read(text):
    assert parse_point(text) == Point(*CITY_HALL)


@pytest.mark.parametrize("text", ["", "36.0", "a,b", "36,139,1"])
def test_what_is_no_pair_is_refused(text):
    with pytest.raises(BadPoint) as caught:
        parse_point(text)
    assert caught.value.code == "unreadable"


def test_distance_is_metres_both_ways():
    there, back = Point(*CITY_HALL).distance_to(Point(*MITO)), Point(*MITO).distance_to(Point(*CITY_HALL))
    assert there == pytest.approx(57_300, rel=0.01)
    assert there == back
    assert Point(*MITO).distance_to(Point(*MITO)) == 0
